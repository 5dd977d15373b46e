package ferry.scenarios;

import ferry.engine.dialect.Snapshot;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A real snapshot that tells when a chunk is read and when the first checksum was taken.
record WatchedSnapshot(Snapshot real, Moments moments) implements Snapshot {
    @Override
    public Instant time() {
        return real.time();
    }

    @Override
    public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
        return real.read(table, range, inside(table, batches));
    }

    @Override
    public ReadSpan readExactly(Table table, Consumer<List<Row>> batches) {
        return real.readExactly(table, inside(table, batches));
    }

    private Consumer<List<Row>> inside(Table table, Consumer<List<Row>> batches) {
        var number = moments.beforeChunk(table.name());
        return rows -> {
            moments.reach("inside chunk %d of %s".formatted(number, table.name().table()));
            batches.accept(rows);
        };
    }

    @Override
    public Checksum checksum(Table table, Table counterpart, KeyRange range) {
        var sum = real.checksum(table, counterpart, range);
        moments.reach(Moments.VERIFYING);
        return sum;
    }

    @Override
    public Map<Integer, Checksum> checksums(Table table, Table counterpart, int buckets) {
        var sums = real.checksums(table, counterpart, buckets);
        moments.reach(Moments.VERIFYING);
        return sums;
    }

    @Override
    public Optional<String> serverIdentity() {
        return real.serverIdentity();
    }

    @Override
    public Position committed() {
        return real.committed();
    }

    @Override
    public Position logEnd() {
        return real.logEnd();
    }

    @Override
    public boolean isEmpty(Table table) {
        return real.isEmpty(table);
    }

    @Override
    public Optional<Row> keyAfter(Table table, Optional<Row> after, long rows) {
        return real.keyAfter(table, after, rows);
    }

    @Override
    public void readRange(Table table, KeyRange range, Consumer<List<Row>> batches) {
        real.readRange(table, range, batches);
    }

    @Override
    public List<Row> rows(Table table, List<Row> keys) {
        return real.rows(table, keys);
    }

    @Override
    public void readBucket(
            Table table, Table counterpart, int buckets, int bucket, Consumer<List<Row>> batches) {
        real.readBucket(table, counterpart, buckets, bucket, batches);
    }

    @Override
    public void close() {
        real.close();
    }
}
