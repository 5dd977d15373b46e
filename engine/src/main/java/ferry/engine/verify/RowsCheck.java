package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Compares the rows of a small key range, or of one hash bucket, row by row. Whatever is unequal
/// or changed meanwhile is settled by key.
final class RowsCheck extends Check {
    private final Optional<KeyRange> range;
    private final int buckets;
    private final int bucket;
    private Map<Row, Row> expected; // translated source rows, by source key
    private Optional<Position> readAt = Optional.empty();
    private Optional<Position> readBy = Optional.empty();

    /// `range` empty: the rows of `bucket` of `buckets`.
    RowsCheck(
            TableMark mark, TableReport report, Optional<KeyRange> range, int buckets, int bucket) {
        super(mark, report);
        this.range = range;
        this.buckets = buckets;
        this.bucket = bucket;
    }

    @Override
    Check again() {
        return new RowsCheck(mark(), report(), range, buckets, bucket);
    }

    @Override
    Result step(Sight sight) {
        if (expected == null) {
            readSource(sight);
            return WORKED;
        }
        if (!sight.isApplied(readBy)) {
            return new Result.Waiting("apply");
        }
        var suspects = new LinkedHashSet<Row>();
        var missing = new HashMap<>(expected);
        var toSourceKey = Keys.between(target(), source());
        readTarget(
                sight,
                rows ->
                        rows.forEach(row -> {
                            var key = row.project(toSourceKey);
                            var other = missing.remove(key);
                            if (other == null || !other.equals(row)) {
                                suspects.add(key);
                            }
                        }));
        suspects.addAll(missing.keySet());
        if (sight.ends().rules().keeps(Rule.VERIFY_SETTLES_KEYS)) {
            suspects.addAll(ChangedKeys.of(sight, this, readAt, range));
        }
        report().compared(expected.size(), readAt, readBy);
        return new Result.Ended(SettleCheck.of(mark(), report(), suspects));
    }

    private void readSource(Sight sight) {
        var translation = translation(sight);
        var toKey = Keys.between(target(), source());
        var rows = new HashMap<Row, Row>();
        Consumer<List<Row>> sink =
                batch ->
                        batch.forEach(row -> {
                            var translated = translation.translate(row);
                            rows.put(translated.project(toKey), translated);
                        });
        if (range.isPresent()) {
            var span = sight.source().read(source(), range.orElseThrow(), sink);
            readAt = sight.log().map(_ -> span.readAt());
            readBy = sight.log().map(_ -> span.readBy());
        } else {
            readAt = sight.readAt();
            sight.source().readBucket(source(), target(), buckets, bucket, sink);
            readBy = sight.readBy();
        }
        expected = rows;
    }

    private void readTarget(Sight sight, Consumer<List<Row>> sink) {
        if (range.isPresent()) {
            sight.target().readRange(target(), range.orElseThrow(), sink);
        } else {
            sight.target().readBucket(target(), source(), buckets, bucket, sink);
        }
    }
}
