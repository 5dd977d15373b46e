package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Settings;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Compares the rows of a small key range, or of one hash bucket, row by row. Whatever is unequal
/// or changed meanwhile is settled by key. If the rows turn out to be too many to be held, it
/// compares a share of them and leaves the others to further checks.
final class RowsCheck extends Check {
    private final Optional<KeyRange> range;
    private final int buckets;
    private final int bucket;
    private final Share share;

    /// By source key, in the target's form: the row that is expected, or empty for one to settle.
    private HeldRows<Optional<Row>> held;

    private long rows; // that were read at the source
    private Optional<Position> readAt = Optional.empty();
    private Optional<Position> readBy = Optional.empty();

    /// `range` empty: the rows of `bucket` of `buckets`.
    RowsCheck(
            TableMark mark, TableReport report, Optional<KeyRange> range, int buckets, int bucket) {
        this(mark, report, range, buckets, bucket, Share.ALL);
    }

    private RowsCheck(
            TableMark mark,
            TableReport report,
            Optional<KeyRange> range,
            int buckets,
            int bucket,
            Share share) {
        super(mark, report);
        this.range = range;
        this.buckets = buckets;
        this.bucket = bucket;
        this.share = share;
    }

    @Override
    Check again() {
        return of(share);
    }

    @Override
    boolean isBrief() {
        return range.isPresent(); // for a bucket the whole table is read
    }

    @Override
    long held() {
        return held == null ? 0 : held.bytes();
    }

    private RowsCheck of(Share part) {
        return new RowsCheck(mark(), report(), range, buckets, bucket, part);
    }

    @Override
    Result step(Sight sight) {
        if (held == null) {
            readSource(sight);
            return WORKED;
        }
        if (!sight.isApplied(readBy)) {
            return new Result.Waiting("apply");
        }
        var toSourceKey = Keys.between(target(), source());
        readTarget(
                sight,
                batch ->
                        batch.forEach(row ->
                                held.compute(
                                        row.project(toSourceKey),
                                        (_, expected) -> sameOrSuspect(expected, row))));
        ChangedKeys.since(sight, readAt, range)
                .ifPresent(changed ->
                        changed.read(
                                sight, this, key -> held.compute(key, (_, _) -> Optional.empty())));
        report().compared(held.share().isFirst() ? rows : 0, readAt, readBy);
        var next = SettleCheck.of(mark(), report(), held.rows());
        held.letGo().forEach(part -> next.add(of(part)));
        return new Result.Ended(next);
    }

    /// Null, which lets the row go, if it is as expected.
    private static Optional<Row> sameOrSuspect(Optional<Row> expected, Row row) {
        return Optional.of(row).equals(expected) ? null : Optional.empty();
    }

    private void readSource(Sight sight) {
        var translation = translation(sight);
        var toKey = Keys.between(target(), source());
        var read =
                new HeldRows<Optional<Row>>(
                        share,
                        sight.ends().settings().get(Settings.VERIFY_MEMORY_BYTES),
                        row -> row.map(Row::byteCount).orElse(0));
        rows = 0;
        Consumer<List<Row>> sink =
                batch -> {
                    rows += batch.size();
                    batch.forEach(row -> {
                        var translated = translation.translate(row);
                        read.compute(translated.project(toKey), (_, _) -> Optional.of(translated));
                    });
                };
        if (range.isPresent()) {
            var span = sight.source().read(source(), range.orElseThrow(), sink);
            readAt = sight.log().map(_ -> span.readAt());
            readBy = sight.log().map(_ -> span.readBy());
        } else {
            readAt = sight.readAt();
            sight.source().readBucket(source(), target(), buckets, bucket, sink);
            readBy = sight.readBy();
        }
        held = read;
    }

    private void readTarget(Sight sight, Consumer<List<Row>> sink) {
        if (range.isPresent()) {
            sight.target().readRange(target(), range.orElseThrow(), sink);
        } else {
            sight.target().readBucket(target(), source(), buckets, bucket, sink);
        }
    }
}
