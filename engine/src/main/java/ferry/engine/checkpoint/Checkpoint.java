package ferry.engine.checkpoint;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Function;

/// How far a lane is, in the source's terms: every relevant transaction up to `lowWater` is in the
/// target, and besides them those in `above` (for instance those committed behind an XA transaction
/// that is still open). Immutable.
public record Checkpoint(Position lowWater, SequencedSet<TransactionId> above) {
    public Checkpoint {
        above = new LinkedHashSet<>(above);
    }

    public static Checkpoint at(Position lowWater) {
        return new Checkpoint(lowWater, new LinkedHashSet<>());
    }

    /// The same with a later low-water mark. What the mark does not include stays above it: behind
    /// a restart the reader stands before transactions that are in the target already.
    public Checkpoint raisedTo(Position newLowWater) {
        var left = new LinkedHashSet<>(above);
        left.removeIf(newLowWater::includes);
        return new Checkpoint(newLowWater, left);
    }

    /// Everything that is in the target by the one or the other; both are of one log, so one of the
    /// marks includes the other.
    public Checkpoint and(Checkpoint other) {
        var later = lowWater.covers(other.lowWater) ? lowWater : other.lowWater;
        var all = new LinkedHashSet<>(above);
        all.addAll(other.above);
        return new Checkpoint(lowWater, all).raisedTo(later);
    }

    public boolean includes(TransactionId id) {
        return above.contains(id) || lowWater.includes(id);
    }

    /// One position that includes all of it; only the order of the source's log is lost.
    public Position all() {
        var position = lowWater;
        for (var id : above) {
            position = position.plus(id);
        }
        return position;
    }

    public String text() {
        var lines = new ArrayList<String>();
        lines.add(lowWater.text());
        above.forEach(id -> lines.add(id.text()));
        return String.join("\n", lines);
    }

    /// Reads [#text()]; `positions` makes a position of the source's dialect.
    public static Checkpoint parse(String text, Function<String, Position> positions) {
        var lines = List.of(text.split("\n"));
        var above = new LinkedHashSet<TransactionId>();
        lines.stream().skip(1).forEach(line -> above.add(new TransactionId(line)));
        return new Checkpoint(positions.apply(lines.getFirst()), above);
    }
}
