package ferry.engine.changelog;

/// Bytes at the end of a log that a crash left unfinished: they were never promised to be durable.
/// The log ends before them; they are removed by the first append.
public record TornTail(String file, long offset, long bytes, String why) {
    @Override
    public String toString() {
        return "%d bytes of %s from offset %d: %s".formatted(bytes, file, offset, why);
    }
}
