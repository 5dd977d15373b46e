package ferry.engine.checkpoint;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
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

    /// Begins the text of a transaction that is told by its difference from the one before it:
    /// `~42,37:x` has its first 42 and its last 37 characters, and `x` between them.
    private static final char LIKE = '~';

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

    /// A line for the mark and one for each other transaction. Neighbours differ in a few
    /// characters, and there may be thousands of them in every commit.
    public String text() {
        var text = new StringBuilder(lowWater.text());
        var before = "";
        for (var id : above) {
            append(text.append('\n'), before, id.text());
            before = id.text();
        }
        begun.ifPresent(part ->
                text.append('\n')
                        .append(BEGUN)
                        .append(part.changes())
                        .append(' ')
                        .append(part.id().text()));
        return text.toString();
    }

    private static void append(StringBuilder text, String before, String id) {
        var most = Math.min(before.length(), id.length());
        var first = 0;
        while (first < most && before.charAt(first) == id.charAt(first)) {
            first++;
        }
        var last = 0;
        while (last < most - first
                && before.charAt(before.length() - 1 - last) == id.charAt(id.length() - 1 - last)) {
            last++;
        }
        if (first + last > 0 || id.indexOf(LIKE) == 0) {
            text.append(LIKE).append(first).append(',').append(last).append(':');
        }
        text.append(id, first, id.length() - last);
    }

    private static String read(String before, String line) {
        if (line.indexOf(LIKE) != 0) {
            return line;
        }
        var comma = line.indexOf(',');
        var colon = line.indexOf(':');
        var first = Integer.parseInt(line, 1, comma, 10);
        var last = Integer.parseInt(line, comma + 1, colon, 10);
        return before.substring(0, first)
                + line.substring(colon + 1)
                + before.substring(before.length() - last);
    }

    /// Reads [#text()]; `positions` makes a position of the source's dialect.
    public static Checkpoint parse(String text, Function<String, Position> positions) {
        var lines = List.of(text.split("\n"));
        var above = new LinkedHashSet<TransactionId>();
        var begun = Optional.<Begun>empty();
        var before = "";
        for (var line : lines.subList(1, lines.size())) {
            if (line.startsWith(BEGUN)) {
                var words = line.split(" ", 3);
                begun =
                        Optional.of(
                                new Begun(new TransactionId(words[2]), Long.parseLong(words[1])));
            } else {
                before = read(before, line);
                above.add(new TransactionId(before));
            }
        }
        return new Checkpoint(positions.apply(lines.getFirst()), above, begun);
    }
}
