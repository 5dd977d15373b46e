package ferry.engine.dialect;

/// The right of one owner to write through one lane: the lane's row in the target must have this
/// epoch and version, or another owner has taken over. Every target transaction raises the version
/// by one.
public record Fence(String project, String lane, long epoch, long version) {
    public Fence next() {
        return new Fence(project, lane, epoch, version + 1);
    }
}
