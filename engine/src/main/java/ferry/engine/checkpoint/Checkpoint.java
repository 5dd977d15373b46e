package ferry.engine.checkpoint;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;

/// How far a lane is, in the source's terms: every relevant transaction up to `lowWater` is in the
/// target, and besides them those in `above` (for instance those committed behind an XA transaction
/// that is still open), and of a large transaction that is split the part in `begun`. Immutable.
public record Checkpoint(
        Position lowWater, SequencedSet<TransactionId> above, Optional<Begun> begun) {
    private static final String BEGUN = "begun ";

    /// The first `changes` row changes of a transaction are in the target, and the others not.
    public record Begun(TransactionId id, long changes) {}

    public Checkpoint {
        above = new LinkedHashSet<>(above);
    }

    public Checkpoint(Position lowWater, SequencedSet<TransactionId> above) {
        this(lowWater, above, Optional.empty());
    }

    public static Checkpoint at(Position lowWater) {
        return new Checkpoint(lowWater, new LinkedHashSet<>());
    }

    /// The same with a later low-water mark. What the mark does not include stays above it: behind
    /// a restart the reader stands before transactions that are in the target already.
    public Checkpoint raisedTo(Position newLowWater) {
        var left = new LinkedHashSet<>(above);
        left.removeIf(newLowWater::includes);
        return new Checkpoint(
                newLowWater, left, begun.filter(part -> !newLowWater.includes(part.id())));
    }

    /// The same with one more transaction.
    public Checkpoint with(TransactionId id) {
        var more = new LinkedHashSet<>(above);
        more.add(id);
        return new Checkpoint(lowWater, more, begun.filter(part -> !part.id().equals(id)));
    }

    /// The same with a part of a transaction.
    public Checkpoint with(Begun part) {
        return new Checkpoint(lowWater, above, Optional.of(part));
    }

    /// Everything that is in the target by the one or the other; both are of one log, so one of the
    /// marks includes the other. Only one of them can tell of a transaction that has begun.
    public Checkpoint and(Checkpoint other) {
        var later = lowWater.covers(other.lowWater) ? lowWater : other.lowWater;
        var all = new LinkedHashSet<>(above);
        all.addAll(other.above);
        var part = begun.or(other::begun).filter(some -> !all.contains(some.id()));
        return new Checkpoint(lowWater, all, part).raisedTo(later);
    }

    public boolean includes(TransactionId id) {
        return above.contains(id) || lowWater.includes(id);
    }

    /// One position that includes all of it but the part of a transaction; only the order of the
    /// source's log is lost.
    public Position all() {
        var position = lowWater;
        for (var id : above) {
            position = position.plus(id);
        }
        return position;
    }

    /// True if everything up to here is in the target. [#all()] may claim more than that: where a
    /// position is a place, the last transaction above the mark hides what is missing before it.
    public boolean isWholeAt(Position place) {
        return above.isEmpty() && begun.isEmpty() && lowWater.covers(place);
    }

    public String text() {
        var lines = new ArrayList<String>();
        lines.add(lowWater.text());
        above.forEach(id -> lines.add(id.text()));
        begun.ifPresent(part -> lines.add(BEGUN + part.changes() + " " + part.id().text()));
        return String.join("\n", lines);
    }

    /// Reads [#text()]; `positions` makes a position of the source's dialect.
    public static Checkpoint parse(String text, Function<String, Position> positions) {
        var lines = List.of(text.split("\n"));
        var above = new LinkedHashSet<TransactionId>();
        var begun = Optional.<Begun>empty();
        for (var line : lines.subList(1, lines.size())) {
            if (line.startsWith(BEGUN)) {
                var words = line.split(" ", 3);
                begun =
                        Optional.of(
                                new Begun(new TransactionId(words[2]), Long.parseLong(words[1])));
            } else {
                above.add(new TransactionId(line));
            }
        }
        return new Checkpoint(positions.apply(lines.getFirst()), above, begun);
    }
}
