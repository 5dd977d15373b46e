package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.LogEvent;
import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestDatabase;
import ferry.testkit.servers.TestServers;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The log of a server whose sessions compress their transactions, or some of them
/// (`binlog_transaction_compression`, MySQL 8.0.20 and newer; here 9).
@Tag("servers")
final class CompressedTransactionsTest {
    private static final String COMPRESSION = "SET SESSION binlog_transaction_compression = ";
    private static final String OFF = COMPRESSION + "OFF";

    /// What is in the log whichever way, with what ends a transaction at its end.
    private static void work(TestDatabase database, String compression) throws Exception {
        var on = COMPRESSION + compression;
        database.execute(
                on,
                "INSERT INTO t VALUES (1, 'one'), (2, 'two')",
                OFF,
                "UPDATE t SET v = 'plain' WHERE id = 2",
                on,
                "DELETE FROM t WHERE id = 1",
                "INSERT INTO other VALUES (1)",
                "INSERT INTO other VALUES (2)",
                "ALTER TABLE t ADD COLUMN w INT NOT NULL DEFAULT 7",
                "INSERT INTO t VALUES (3, REPEAT('x', 90), 3)",
                "INSERT INTO m VALUES (1)");
        database.execute(
                on,
                "BEGIN",
                "INSERT INTO t VALUES (4, 'kept', 4)",
                "SAVEPOINT s",
                "INSERT INTO t VALUES (5, 'gone', 5)",
                "ROLLBACK TO s",
                "INSERT INTO other VALUES (4)",
                "COMMIT");
        database.execute(
                on,
                "XA START 'one'",
                "INSERT INTO t VALUES (6, 'xa', 6)",
                "XA END 'one'",
                "XA PREPARE 'one'");
        database.execute(on, "INSERT INTO t VALUES (7, 'between', 7)");
        database.execute(on, "XA COMMIT 'one'");
        database.execute(
                on,
                "XA START 'two'",
                "INSERT INTO t VALUES (8, 'rolled back', 8)",
                "XA END 'two'",
                "XA PREPARE 'two'");
        database.execute(on, "XA ROLLBACK 'two'");
        database.execute(
                on,
                "XA START 'three'",
                "INSERT INTO t VALUES (9, 'at once', 9)",
                "XA END 'three'",
                "XA COMMIT 'three' ONE PHASE");
        var file = Files.createTempFile("rows", ".txt");
        try {
            Files.writeString(file, "10\tloaded\t10\n11\tfrom a file\t11\n");
            database.execute(
                    on,
                    "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE t",
                    "INSERT INTO t VALUES (12, 'last', 12)");
        } finally {
            Files.delete(file);
        }
    }

    private static void create(TestDatabase database) throws SQLException {
        database.execute(
                LogFixture.T,
                "CREATE TABLE other (id INT PRIMARY KEY)",
                "CREATE TABLE m (id INT) ENGINE = MyISAM");
    }

    /// What is told behind a position, up to the last row's commit.
    private static List<LogEvent> told(TestDatabase database, MySqlPosition after, Table layout) {
        try (var log = LogFixture.open(database.server(), after)) {
            log.admit(layout);
            var events = new ArrayList<LogEvent>();
            do {
                events.addAll(LogFixture.readUntil(log, LogFixture::isCommit));
            } while (LogFixture.changes(events).stream()
                    .noneMatch(CompressedTransactionsTest::isLast));
            return events;
        }
    }

    private static boolean isLast(Change change) {
        return change instanceof Change.Insert(var after) && after.text(1).equals("last");
    }

    /// An event without the ids and times, which differ.
    private static String what(LogEvent event) {
        return switch (event) {
            case LogEvent.Begin _ -> "begin";
            case LogEvent.Rows rows -> "rows " + rows.layout().columns().size() + rows.changes();
            case LogEvent.Commit _ -> "commit";
            case LogEvent.Prepare prepare -> "prepare " + prepare.xid();
            case LogEvent.CommitPrepared commit -> "commit prepared " + commit.xid();
            case LogEvent.RollbackPrepared rollback -> "rollback prepared " + rollback.xid();
            case LogEvent.SchemaChange change -> "change " + change.statement();
            case LogEvent.Progress _ -> "progress";
        };
    }

    private static List<String> what(List<LogEvent> events) {
        return events.stream().map(CompressedTransactionsTest::what).toList();
    }

    private static long payloads(DatabaseServer server, MySqlPosition from) throws SQLException {
        var place = from.place().orElseThrow();
        try (var connection = server.connect();
                var rows =
                        connection
                                .createStatement()
                                .executeQuery(
                                        "SHOW BINLOG EVENTS IN '%s' FROM %d"
                                                .formatted(place.file(), place.offset()))) {
            var count = 0L;
            while (rows.next()) {
                count += rows.getString("Event_type").equals("Transaction_payload") ? 1 : 0;
            }
            return count;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theyAreToldAsTheOthersAre(boolean gtids) throws Exception {
        var options = gtids ? ServerOptions.lean() : ServerOptions.lean().withoutGtid();
        try (var server = TestServers.start(ServerKind.MYSQL_9, options);
                var plain = TestServers.database(server, "plain");
                var packed = TestServers.database(server, "packed")) {
            create(plain);
            var plainLayout = LogFixture.table(plain, "t");
            var plainBegin = LogFixture.logEnd(server);
            work(plain, "OFF");
            assertThat(payloads(server, plainBegin)).isZero();
            create(packed);
            var packedLayout = LogFixture.table(packed, "t");
            var begin = LogFixture.logEnd(server);
            var committed = gtids ? LogFixture.committed(server) : begin;
            work(packed, "ON");
            assertThat(payloads(server, begin)).isGreaterThan(10);

            var expected = what(told(plain, plainBegin, plainLayout));
            var events = told(packed, committed, packedLayout);

            assertThat(what(events)).isEqualTo(expected);
            assertThat(expected).hasSizeGreaterThan(25);
            resumesBehindEachEnd(packed, committed, events, packedLayout);
        }
    }

    /// Whatever was read last, the rest follows.
    private static void resumesBehindEachEnd(
            TestDatabase database, MySqlPosition from, List<LogEvent> events, Table layout)
            throws SQLException {
        var position = from;
        var now = layout;
        for (var i = 0; i < events.size() - 1; i++) {
            var id =
                    switch (events.get(i)) {
                        case LogEvent.Commit(var commit) -> commit;
                        case LogEvent.Prepare(var prepare, _) -> prepare;
                        case LogEvent.CommitPrepared(var commit, _, _) -> commit;
                        case LogEvent.RollbackPrepared(var rollback, _) -> rollback;
                        case LogEvent.SchemaChange change -> {
                            now = LogFixture.table(database, "t");
                            yield change.id();
                        }
                        case LogEvent.Begin _, LogEvent.Rows _, LogEvent.Progress _ -> null;
                    };
            if (id != null) {
                assertThat(position.includes(id)).isFalse();
                position = position.plus(id);
                assertThat(what(told(database, position, now)))
                        .isEqualTo(what(events.subList(i + 1, events.size())));
            }
        }
    }

    /// What a reader that was told of nothing else knows: places between transactions.
    @Test
    void aPlaceBehindOneIsBehindAllOfIt() throws Exception {
        var options = ServerOptions.lean().withoutGtid();
        try (var server = TestServers.start(ServerKind.MYSQL_9, options);
                var database = TestServers.database(server, "places")) {
            create(database);
            var layout = LogFixture.table(database, "t");
            var begin = LogFixture.logEnd(server);
            database.execute(COMPRESSION + "ON", "INSERT INTO t VALUES (1, 'one')");
            var end = LogFixture.logEnd(server);
            try (var log = LogFixture.open(server, begin)) {
                log.admit(layout);
                LogFixture.readUntil(log, LogFixture::isCommit);
                var behind = (LogEvent.Progress) log.next(Duration.ZERO);
                assertThat(behind.position()).isEqualTo(end);
            }
            database.execute(COMPRESSION + "ON", "INSERT INTO t VALUES (2, 'last')");
            assertThat(LogFixture.changes(told(database, end, layout))).hasSize(1);
        }
    }

    /// Rows that do not compress, so that the event is larger than a packet can be, and rows that
    /// compress well, so that they are many times larger than what was sent.
    @ParameterizedTest
    @ValueSource(strings = {"RANDOM_BYTES(1000)", "REPEAT('y', 8000)"})
    void aLargeOneStreamsThroughASmallQueue(String value) throws Exception {
        try (var database = TestServers.database(ServerKind.MYSQL_9)) {
            database.execute("CREATE TABLE big (id INT PRIMARY KEY AUTO_INCREMENT, v LONGBLOB)");
            var before = LogFixture.logEnd(database.server());
            database.execute(
                    COMPRESSION + "ON",
                    "INSERT INTO big (v) SELECT %s FROM information_schema.columns a, information_schema.columns b LIMIT 20000"
                            .formatted(value));
            assertThat(payloads(database.server(), before)).isEqualTo(1);
            var settings =
                    Settings.defaults()
                            .with(Settings.CAPTURE_QUEUE_BYTES, "64KiB")
                            .with(Settings.CAPTURE_QUEUE_EVENTS, "3");
            var sum = 0L;
            var count = 0;
            try (var log = new MySqlLog(LogFixture.endpoint(database.server()), before, settings)) {
                log.admit(LogFixture.table(database, "big"));
                for (var event = log.next(LogFixture.DEADLINE);
                        !LogFixture.isCommit(event);
                        event = log.next(LogFixture.DEADLINE)) {
                    if (event instanceof LogEvent.Rows(_, var changes)) {
                        count += changes.size();
                        for (var change : changes) {
                            var crc = new CRC32();
                            crc.update(((Change.Insert) change).after().bytes(1));
                            sum += crc.getValue();
                        }
                    }
                }
            }
            assertThat(count).isEqualTo(20_000);
            assertThat(database.query("SELECT SUM(CRC32(v)) FROM big"))
                    .containsExactly(Long.toString(sum));
        }
    }
}
