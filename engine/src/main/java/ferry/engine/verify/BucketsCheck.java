package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Snapshot.Checksum;
import ferry.engine.model.Position;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/// Compares a table whose key the two ends sort differently: one scan at each end, checksums by
/// hash bucket of the key.
final class BucketsCheck extends Check {
    private final int buckets;
    private Map<Integer, Checksum> sourceSums;
    private Optional<Position> readAt = Optional.empty();
    private Optional<Position> readBy = Optional.empty();

    BucketsCheck(TableMark mark, TableReport report, int buckets) {
        super(mark, report);
        this.buckets = buckets;
    }

    @Override
    Check again() {
        return new BucketsCheck(mark(), report(), buckets);
    }

    @Override
    Result step(Sight sight) {
        if (sourceSums == null) {
            readAt = sight.readAt();
            sourceSums = sight.source().checksums(source(), target(), buckets);
            readBy = sight.readBy();
            return WORKED;
        }
        if (!sight.isApplied(readBy)) {
            return new Result.Waiting("apply");
        }
        var targetSums = sight.target().checksums(target(), source(), buckets);
        var next = new ArrayList<Check>();
        for (var bucket = 0; bucket < buckets; bucket++) {
            var sourceSum = sourceSums.getOrDefault(bucket, Checksum.EMPTY);
            if (sourceSum.equals(targetSums.getOrDefault(bucket, Checksum.EMPTY))) {
                report().compared(sourceSum.rows(), readAt, readBy);
            } else {
                next.add(new RowsCheck(mark(), report(), Optional.empty(), buckets, bucket));
            }
        }
        next.addAll(ChangedKeys.check(sight, this, readAt, Optional.empty()));
        return new Result.Ended(next);
    }
}
