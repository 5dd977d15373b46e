package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Snapshot.Checksum;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares the checksums of one key range. Equal checksums prove the range only together with
/// every key that the log changed since the source was read: those are settled by themselves.
/// Unequal ones are cut into smaller ranges, down to rows.
final class RangeCheck extends Check {
    private static final int PARTS = 8;

    private final KeyRange range;
    private final long rowsAtMost; // a range with no more rows than this is compared row by row
    private Checksum sourceSum;
    private Optional<Position> readAt = Optional.empty();
    private Optional<Position> readBy = Optional.empty();

    RangeCheck(TableMark mark, TableReport report, KeyRange range, long rowsAtMost) {
        super(mark, report);
        this.range = range;
        this.rowsAtMost = rowsAtMost;
    }

    @Override
    Check again() {
        return new RangeCheck(mark(), report(), range, rowsAtMost);
    }

    @Override
    boolean isBrief() {
        return true;
    }

    @Override
    Result step(Sight sight) {
        if (sourceSum == null) {
            readAt = sight.readAt();
            sourceSum = sight.source().checksum(source(), target(), range);
            readBy = sight.readBy();
            return WORKED;
        }
        if (!sight.isApplied(readBy)) {
            return new Result.Waiting("apply");
        }
        var targetSum = sight.target().checksum(target(), source(), range);
        if (sourceSum.equals(targetSum)) {
            report().compared(sourceSum.rows(), readAt, readBy);
            return new Result.Ended(ChangedKeys.check(sight, this, readAt, Optional.of(range)));
        }
        if (Math.max(sourceSum.rows(), targetSum.rows()) <= rowsAtMost) {
            return ended(new RowsCheck(mark(), report(), Optional.of(range), 1, 0));
        }
        return new Result.Ended(split(sight));
    }

    private List<Check> split(Sight sight) {
        var parts = new ArrayList<Check>();
        var rows = Math.max(1, sourceSum.rows() / PARTS);
        var after = range.after();
        for (var i = 1; i < PARTS; i++) {
            var upTo = sight.source().keyAfter(source(), after, rows);
            if (upTo.isEmpty() || reachesEnd(sight, upTo.orElseThrow())) {
                break;
            }
            parts.add(new RangeCheck(mark(), report(), new KeyRange(after, upTo), rowsAtMost));
            after = upTo;
        }
        var last = new KeyRange(after, range.upTo());
        // A range that cannot be cut at the source (its rows are only in the target) goes to rows
        // at once.
        parts.add(
                parts.isEmpty()
                        ? new RowsCheck(mark(), report(), Optional.of(last), 1, 0)
                        : new RangeCheck(mark(), report(), last, rowsAtMost));
        return parts;
    }

    private boolean reachesEnd(Sight sight, Row key) {
        var order = sight.ends().sourceDialect().keyOrder(source()).orElseThrow();
        return range.upTo().isPresent() && order.compare(key, range.upTo().orElseThrow()) >= 0;
    }
}
