package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.crew.Times;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mariadb.jdbc.client.ReadableByteBuf;

/// Reads rows over one connection. Each read is one SELECT, which every transactional engine of the
/// family answers from one snapshot.
final class MySqlSnapshot implements Snapshot {
    /// Keys of one statement that names them; more make the server's range optimizer give up.
    private static final int KEYS_MAX = 200;

    /// Of so many rows one is timed, for how long decoding takes.
    private static final int TIMED_EACH = 32;

    private final MySqlConnection connection;
    private final MySqlPlaces places;
    private final MySqlTableLock.Opener locks;
    private final int batchRows;
    private final long batchBytes;
    private final Duration hold;

    /// `locks` opens a second connection for tables without a key.
    MySqlSnapshot(
            MySqlConnection connection,
            MySqlTableLock.Opener locks,
            LogFiles files,
            Settings settings) {
        this.connection = connection;
        this.locks = locks;
        places = new MySqlPlaces(connection, files, settings);
        batchRows = settings.number(Settings.LOAD_BATCH_ROWS);
        batchBytes = settings.get(Settings.LOAD_BATCH_BYTES);
        hold = settings.get(Settings.READ_HOLD_TIME);
    }

    @Override
    public Position committed() {
        return places.committed();
    }

    @Override
    public Position logEnd() {
        return places.logEnd();
    }

    @Override
    public Optional<String> serverIdentity() {
        return Optional.of(
                ServerIdentity.of(
                        connection.version().isMariaDb(),
                        connection.rows("ask which server it is", ServerIdentity.QUERY)));
    }

    @Override
    public Instant time() {
        var version = connection.version();
        var fine = version.isMariaDb() || version.isOceanBase() || version.mySql(5, 6, 4);
        var seconds =
                connection
                        .text(
                                "read the clock",
                                "SELECT UNIX_TIMESTAMP(SYSDATE(" + (fine ? "6" : "") + "))")
                        .orElseThrow();
        return Instant.ofEpochSecond(0, new BigDecimal(seconds).movePointRight(9).longValue());
    }

    @Override
    public boolean isEmpty(Table table) {
        return connection
                .rows("look into " + table.name(), "SELECT 1 FROM " + all(table) + " LIMIT 1")
                .isEmpty();
    }

    @Override
    public Optional<Row> keyAfter(Table table, Optional<Row> after, long rows) {
        var keys = MySqlKeys.of(table.underOwnNames());
        var reader = new MySqlRows(keys.columns());
        var found = new ArrayList<Row>();
        stream(
                "find the next chunk of " + table.name(),
                """
                SELECT %s
                FROM %s
                ORDER BY %s
                LIMIT %d, 1\
                """
                        .formatted(
                                reader.selectList(),
                                from(table, new KeyRange(after, Optional.empty())),
                                keys.columnList(),
                                rows - 1),
                reader,
                found::addAll);
        return found.stream().findFirst();
    }

    @Override
    public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
        if (places.exactSnapshots()) {
            return readInSnapshot(table, range, batches);
        }
        var readAt = places.committed();
        stream(table, range, batches);
        return new ReadSpan(readAt, places.logEnd());
    }

    @Override
    public void readRange(Table table, KeyRange range, Consumer<List<Row>> batches) {
        stream(table, range, batches);
    }

    /// MariaDB tells the place of a consistent snapshot, so the read is exact and locks nothing.
    private ReadSpan readInSnapshot(Table table, KeyRange range, Consumer<List<Row>> batches) {
        return inSnapshot(places::snapshot, () -> stream(table, range, batches));
    }

    /// A read that fails leaves no snapshot open: what is read over this connection afterwards
    /// would be older than the position that is told with it. One that stands still is ended by the
    /// server.
    private ReadSpan inSnapshot(Supplier<Position> place, Runnable read) {
        connection.update("open a snapshot", MySqlSession.endsIdleAfter(hold));
        connection.update("open a snapshot", "START TRANSACTION WITH CONSISTENT SNAPSHOT");
        try {
            var position = place.get();
            read.run();
            connection.update("close a snapshot", "COMMIT");
            connection.update("close a snapshot", MySqlSession.mayBeIdle());
            return new ReadSpan(position, position);
        } catch (RuntimeException failed) {
            connection.abort();
            throw failed;
        }
    }

    @Override
    public ReadSpan readExactly(Table table, Consumer<List<Row>> batches) {
        if (places.exactSnapshots()) {
            return readInSnapshot(table, KeyRange.ALL, batches);
        }
        return places.hasLog()
                ? readLocked(table, places::logEnd, batches)
                : read(table, KeyRange.ALL, batches);
    }

    /// The same by a set of GTIDs, which says as much at every server that has the transactions: a
    /// transaction lets go of its tables when its GTID is in `gtid_executed`, so the set that is
    /// taken under the lock has all that wrote to the table, and none that will.
    ReadSpan readExactlyByGtids(Table table, Consumer<List<Row>> batches) {
        return readLocked(table, places::committed, batches);
    }

    /// Where the server ties no position to a snapshot, the table is locked while both are taken: a
    /// lock that is granted has waited for every transaction that wrote to the table, so all of
    /// them are visible and lie before the log's end.
    private ReadSpan readLocked(
            Table table, Supplier<Position> place, Consumer<List<Row>> batches) {
        try (var lock = locks.lock(table.name())) {
            places.requireServerOf(lock.connection());
            return inSnapshot(
                    place,
                    () -> {
                        // Behind this the definition stays as it is until the snapshot ends.
                        isEmpty(table.allRows());
                        lock.releaseIfTransactional();
                        stream(table, KeyRange.ALL, batches);
                        lock.requireHeld();
                    });
        }
    }

    boolean countsByGtids() {
        return places.countsByGtids();
    }

    /// What a replica leaves out or renames, each as `Replicate_Do_DB: shop`; empty for a server
    /// that replicates everything, or from nobody.
    List<String> replicationFilters() {
        var statement = connection.version().showReplicas();
        try {
            var filters = new ArrayList<String>();
            for (var channel : Sql.named(connection.jdbc(), statement)) {
                channel.forEach((name, value) -> {
                    if (isFilter(name) && value != null && !value.isEmpty()) {
                        filters.add(name + ": " + value);
                    }
                });
            }
            return filters;
        } catch (SQLException failure) {
            throw connection.problem(
                    "ask the replica for its filters (this needs REPLICATION CLIENT there)",
                    failure);
        }
    }

    private static boolean isFilter(String column) {
        var name = column.toLowerCase(Locale.ROOT);
        return name.startsWith("replicate_")
                && (name.contains("_do_")
                        || name.contains("_ignore_")
                        || name.contains("_rewrite_"));
    }

    @Override
    public List<Row> rows(Table table, List<Row> keys) {
        var own = table.underOwnNames();
        var condition = MySqlKeys.of(own);
        var reader = new MySqlRows(own.carried());
        var found = new ArrayList<Row>();
        for (var from = 0; from < keys.size(); from += KEYS_MAX) {
            var some = keys.subList(from, Math.min(keys.size(), from + KEYS_MAX));
            stream(
                    "read rows of " + table.name(),
                    """
                    SELECT %s
                    FROM %s%s\
                    """
                            .formatted(
                                    reader.selectList(),
                                    condition.forced(table),
                                    where(table, List.of("(" + condition.anyOf(some) + ")"))),
                    reader,
                    found::addAll);
        }
        return found;
    }

    @Override
    public Checksum checksum(Table table, Table counterpart, KeyRange range) {
        var statement =
                "SELECT %s\nFROM (SELECT %s AS h\nFROM %s) AS hashed"
                        .formatted(
                                MySqlHash.sums("h"),
                                MySqlHash.row(table, counterpart),
                                from(table, range));
        return checksum(
                table,
                connection.rows("compute a checksum of " + table.name(), statement).getFirst(),
                0);
    }

    @Override
    public Map<Integer, Checksum> checksums(Table table, Table counterpart, int buckets) {
        var statement =
                "SELECT bucket, %s\nFROM (SELECT %s AS bucket, %s AS h\nFROM %s) AS hashed\nGROUP BY bucket"
                        .formatted(
                                MySqlHash.sums("h"),
                                MySqlHash.bucket(MySqlHash.key(table, counterpart), buckets),
                                MySqlHash.row(table, counterpart),
                                all(table));
        var checksums = new HashMap<Integer, Checksum>();
        for (var row : connection.rows("compute checksums of " + table.name(), statement)) {
            checksums.put(bucket(table, row), checksum(table, row, 1));
        }
        return checksums;
    }

    private static int bucket(Table table, List<String> row) {
        if (row.getFirst() == null) {
            throw unhashed(table);
        }
        return Integer.parseInt(row.getFirst());
    }

    private static Checksum checksum(Table table, List<String> row, int from) {
        var rows = Long.parseLong(row.get(from));
        if (Long.parseLong(row.get(from + 1)) != rows) {
            throw unhashed(table);
        }
        if (rows == 0) {
            return Checksum.EMPTY;
        }
        // OceanBase may print a sum with a scale.
        var high = new BigDecimal(row.get(from + 2)).toBigInteger();
        var low = new BigDecimal(row.get(from + 3)).toBigInteger();
        return new Checksum(rows, high + "-" + low);
    }

    private static ProblemException unhashed(Table table) {
        return ProblemException.of(
                ProblemCode.INTERNAL,
                "The server could not hash all rows of " + table.name(),
                "the hash of at least one row is NULL, for instance because a value is longer than max_allowed_packet",
                "Raise max_allowed_packet; if it stays, report the definition of the table");
    }

    @Override
    public void readBucket(
            Table table, Table counterpart, int buckets, int bucket, Consumer<List<Row>> batches) {
        var reader = new MySqlRows(table.underOwnNames().carried());
        stream(
                "read a bucket of " + table.name(),
                """
                SELECT %s
                FROM %s%s\
                """
                        .formatted(
                                reader.selectList(),
                                MySqlSql.quote(table.name()),
                                where(
                                        table,
                                        List.of(
                                                MySqlHash.bucket(
                                                                MySqlHash.key(table, counterpart),
                                                                buckets)
                                                        + " = "
                                                        + bucket))),
                reader,
                batches);
    }

    private void stream(Table table, KeyRange range, Consumer<List<Row>> batches) {
        var own = table.underOwnNames();
        var reader = new MySqlRows(own.carried());
        var order = own.rowKey().isPresent() ? "\nORDER BY " + MySqlKeys.of(own).columnList() : "";
        stream(
                "read " + table.name(),
                "SELECT %s\nFROM %s%s".formatted(reader.selectList(), from(table, range), order),
                reader,
                batches);
    }

    private static String from(Table table, KeyRange range) {
        if (table.rowKey().isPresent()) {
            var keys = MySqlKeys.of(table.underOwnNames());
            return keys.forced(table) + where(table, keys.inside(range));
        }
        if (!range.equals(KeyRange.ALL)) {
            throw new IllegalStateException(
                    table.name() + " has no key and cannot be read by range " + range);
        }
        return all(table);
    }

    private static String all(Table table) {
        return MySqlSql.quote(table.name()) + where(table, List.of());
    }

    /// These conditions and the table's own.
    private static String where(Table table, List<String> conditions) {
        var all = new ArrayList<>(conditions);
        table.where().map(MySqlCondition::sql).ifPresent(all::add);
        return all.isEmpty() ? "" : "\nWHERE " + String.join(" AND ", all);
    }

    /// A reader that stops in the middle cuts the connection off, because the protocol would make
    /// it read all the rest first.
    private void stream(String deed, String query, MySqlRows reader, Consumer<List<Row>> batches) {
        var batch = new Batch(reader, batches);
        try {
            connection.stream(new RowStream(query, reader.columnCount(), batch::take));
        } catch (SQLException failure) {
            throw connection.problem(deed, failure);
        } catch (RuntimeException stopped) {
            connection.abort();
            throw stopped;
        }
        batch.deliver();
    }

    /// Rows that go on together.
    private final class Batch {
        private final MySqlRows reader;
        private final Consumer<List<Row>> batches;
        private ArrayList<Row> rows = new ArrayList<>();
        private long bytes;
        private long decoding; // nanoseconds, about
        private int untimed;

        Batch(MySqlRows reader, Consumer<List<Row>> batches) {
            this.reader = reader;
            this.batches = batches;
        }

        void take(ReadableByteBuf packet) {
            var row = decoded(packet);
            rows.add(row);
            bytes += row.byteCount();
            if (rows.size() >= batchRows || bytes >= batchBytes) {
                deliver();
            }
        }

        /// Asking the clock twice takes as long as a tenth of a row, so one of many is timed.
        private Row decoded(ReadableByteBuf packet) {
            if (++untimed < TIMED_EACH) {
                return reader.read(packet);
            }
            untimed = 0;
            var begin = System.nanoTime();
            var row = reader.read(packet);
            decoding += TIMED_EACH * (System.nanoTime() - begin);
            return row;
        }

        void deliver() {
            if (!rows.isEmpty()) {
                Times.ownWork(decoding);
                decoding = 0;
                batches.accept(Collections.unmodifiableList(rows));
                rows = new ArrayList<>();
                bytes = 0;
            }
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
