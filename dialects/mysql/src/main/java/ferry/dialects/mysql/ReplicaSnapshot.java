package ferry.dialects.mysql;

import ferry.engine.dialect.Snapshot;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads rows at a replica, and says between which positions of its primary's log they were read.
///
/// What a read at the replica sees for sure is the replica's own `gtid_executed` before it. What it
/// can have seen at the most had passed through the primary's log before, so that the end of that
/// log after the read is a bound too. Transactions that the replica began itself have no place in
/// the primary's log; with such ones it is refused.
final class ReplicaSnapshot implements Snapshot {
    private final MySqlSnapshot replica;
    private final MySqlSnapshot primary;

    private ReplicaSnapshot(MySqlSnapshot replica, MySqlSnapshot primary) {
        this.replica = replica;
        this.primary = primary;
    }

    /// Closes both if the one is no replica of the other.
    static ReplicaSnapshot of(MySqlSnapshot replica, MySqlSnapshot primary) {
        try {
            requireReplica(replica, primary);
            return new ReplicaSnapshot(replica, primary);
        } catch (RuntimeException refused) {
            replica.close();
            primary.close();
            throw refused;
        }
    }

    private static void requireReplica(MySqlSnapshot replica, MySqlSnapshot primary) {
        if (!replica.countsByGtids() || !primary.countsByGtids()) {
            throw refused(
                    "only by GTIDs can its places be told in the primary's terms, and one of the two has gtid_mode other than ON, or is no MySQL server",
                    "remove load.source, or turn gtid_mode ON at both");
        }
        // A transaction that is filtered out counts as executed, and its rows are not there.
        var filters = replica.replicationFilters();
        if (!filters.isEmpty()) {
            throw refused(
                    "it does not replicate everything: " + String.join(", ", filters),
                    "remove the filters there and build it anew, name another replica, or remove load.source");
        }
        // The replica first: what it has by then the primary had before.
        var there = gtids(replica.committed());
        var own = there.minus(gtids(primary.committed()));
        if (!own.isEmpty()) {
            throw refused(
                    "it has transactions that the primary does not have: " + own.text(),
                    "name a replica of this source, without writes of its own");
        }
    }

    private static GtidSet gtids(Position position) {
        return ((MySqlPosition) position)
                .gtids()
                .filter(GtidSet.class::isInstance)
                .map(GtidSet.class::cast)
                .orElse(GtidSet.EMPTY);
    }

    private static ProblemException refused(String why, String remedy) {
        return ProblemException.of(
                ProblemCode.LOG_FOREIGN,
                "rows cannot be loaded from the server that load.source names",
                why,
                remedy);
    }

    @Override
    public Position committed() {
        return replica.committed();
    }

    @Override
    public Position logEnd() {
        return primary.logEnd();
    }

    @Override
    public Optional<String> serverIdentity() {
        return primary.serverIdentity();
    }

    @Override
    public Instant time() {
        return primary.time();
    }

    @Override
    public boolean isEmpty(Table table) {
        return replica.isEmpty(table);
    }

    @Override
    public Optional<Row> keyAfter(Table table, Optional<Row> after, long rows) {
        return replica.keyAfter(table, after, rows);
    }

    @Override
    public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
        var readAt = replica.committed();
        replica.readRange(table, range, batches);
        return new ReadSpan(readAt, primary.logEnd());
    }

    @Override
    public void readRange(Table table, KeyRange range, Consumer<List<Row>> batches) {
        replica.readRange(table, range, batches);
    }

    @Override
    public ReadSpan readExactly(Table table, Consumer<List<Row>> batches) {
        return replica.readExactlyByGtids(table, batches);
    }

    @Override
    public List<Row> rows(Table table, List<Row> keys) {
        return replica.rows(table, keys);
    }

    @Override
    public Checksum checksum(Table table, Table counterpart, KeyRange range) {
        return replica.checksum(table, counterpart, range);
    }

    @Override
    public Map<Integer, Checksum> checksums(Table table, Table counterpart, int buckets) {
        return replica.checksums(table, counterpart, buckets);
    }

    @Override
    public void readBucket(
            Table table, Table counterpart, int buckets, int bucket, Consumer<List<Row>> batches) {
        replica.readBucket(table, counterpart, buckets, bucket, batches);
    }

    @Override
    public void close() {
        try {
            replica.close();
        } finally {
            primary.close();
        }
    }
}
