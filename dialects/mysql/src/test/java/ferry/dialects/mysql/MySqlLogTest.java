package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.LogEvent;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerKind.Family;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The log of real servers: what is told, and what is refused.
@Tag("servers")
final class MySqlLogTest {
    @ParameterizedTest
    @EnumSource(names = "SEEKDB", mode = EnumSource.Mode.EXCLUDE)
    void transactionsAreToldInCommitOrderAndTheOthersMoveThePosition(ServerKind kind)
            throws Exception {
        try (var database = TestServers.database(kind)) {
            database.execute(LogFixture.T, "CREATE TABLE other (id INT PRIMARY KEY)");
            var before = LogFixture.committed(database.server());
            database.execute(
                    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
                    "INSERT INTO other VALUES (1)",
                    "UPDATE t SET v = 'c' WHERE id = 2",
                    "DELETE FROM t WHERE id = 1");
            var committed = LogFixture.committed(database.server());
            var end = LogFixture.logEnd(database.server());

            try (var log = LogFixture.open(database.server(), before)) {
                log.admit(LogFixture.table(database, "t"));
                var insert = LogFixture.readUntil(log, LogFixture::isCommit);
                assertThat(LogFixture.changes(insert))
                        .containsExactly(
                                new Change.Insert(Row.ofText("1", "a")),
                                new Change.Insert(Row.ofText("2", "b")));
                var begin = (LogEvent.Begin) insert.getFirst();
                assertThat(((LogEvent.Commit) insert.getLast()).id()).isEqualTo(begin.id());
                assertThat(begin.micros())
                        .isBetween(
                                (System.currentTimeMillis() - 600_000) * 1000,
                                (System.currentTimeMillis() + 1000) * 1000);
                assertThat(before.includes(begin.id())).isFalse();
                assertThat(committed.includes(begin.id())).isTrue();
                assertThat(end.includes(begin.id())).isTrue();

                // The transaction on `other` is not told, but the position passes it before the
                // next one begins.
                var between = (LogEvent.Progress) log.next(LogFixture.DEADLINE);
                var update = (LogEvent.Begin) log.next(LogFixture.DEADLINE);
                assertThat(between.position().includes(begin.id())).isTrue();
                assertThat(between.position().includes(update.id())).isFalse();
                assertThat(committed.covers(between.position().plus(update.id()))).isTrue();
                LogFixture.readUntil(log, LogFixture::isCommit);
                LogFixture.readUntil(log, LogFixture::isCommit);

                LogFixture.readUntil(
                        log,
                        event ->
                                event instanceof LogEvent.Progress progress
                                        && progress.position().covers(committed)
                                        && progress.position().covers(end));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"SEEKDB", "MYSQL_5_6"},
            mode = EnumSource.Mode.EXCLUDE)
    void anXaTransactionIsToldWhenItIsPreparedAndWhenItEnds(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind)) {
            database.execute(LogFixture.T);
            var before = LogFixture.logEnd(database.server());
            database.execute(
                    "XA START 'one','b',7",
                    "INSERT INTO t VALUES (1, 'a')",
                    "XA END 'one','b',7",
                    "XA PREPARE 'one','b',7");
            database.execute("INSERT INTO t VALUES (2, 'between')");
            database.execute("XA COMMIT 'one','b',7");
            database.execute(
                    "XA START 'two'",
                    "INSERT INTO t VALUES (3, 'c')",
                    "XA END 'two'",
                    "XA PREPARE 'two'");
            database.execute("XA ROLLBACK 'two'");
            database.execute(
                    "XA START 'three'",
                    "INSERT INTO t VALUES (4, 'd')",
                    "XA END 'three'",
                    "XA COMMIT 'three' ONE PHASE");

            try (var log = LogFixture.open(database.server(), before)) {
                log.admit(LogFixture.table(database, "t"));
                var one = LogFixture.readUntil(log, LogEvent.Prepare.class::isInstance);
                var between = LogFixture.readUntil(log, LogFixture::isCommit);
                var committed =
                        LogFixture.readUntil(log, LogEvent.CommitPrepared.class::isInstance);
                var two = LogFixture.readUntil(log, LogEvent.Prepare.class::isInstance);
                var rolledBack =
                        LogFixture.readUntil(log, LogEvent.RollbackPrepared.class::isInstance);
                var three = LogFixture.readUntil(log, LogFixture::isCommit);

                assertThat(one.getFirst()).isInstanceOf(LogEvent.Begin.class);
                assertThat(LogFixture.changes(one))
                        .containsExactly(new Change.Insert(Row.ofText("1", "a")));
                assertThat(LogFixture.changes(between)).hasSize(1);
                assertThat(((LogEvent.Prepare) one.getLast()).xid()).isEqualTo("X'6f6e65',X'62',7");
                assertThat(((LogEvent.CommitPrepared) committed.getLast()).xid())
                        .isEqualTo("X'6f6e65',X'62',7");
                assertThat(((LogEvent.Prepare) two.getLast()).xid())
                        .isEqualTo(((LogEvent.RollbackPrepared) rolledBack.getLast()).xid());
                assertThat(LogFixture.changes(three))
                        .containsExactly(new Change.Insert(Row.ofText("4", "d")));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SEEKDB", mode = EnumSource.Mode.EXCLUDE)
    void rowsFollowTheDefinition(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind)) {
            database.execute(LogFixture.T);
            var layout = LogFixture.table(database, "t");
            var before = LogFixture.logEnd(database.server());
            database.execute(
                    "INSERT INTO t VALUES (1, 'a')",
                    "ALTER TABLE t DROP COLUMN v",
                    "INSERT INTO t VALUES (2)",
                    "ALTER TABLE t ADD COLUMN g GEOMETRY",
                    "INSERT INTO t VALUES (3, NULL)",
                    "TRUNCATE t",
                    // MySQL with GTIDs refuses the other form until 8.0.21.
                    kind.family() == Family.MARIADB || kind == ServerKind.MYSQL_9
                            ? "CREATE TABLE u AS SELECT 1 AS one"
                            : "CREATE TABLE u (one INT)",
                    "CREATE TEMPORARY TABLE temp (id INT)",
                    "DROP TEMPORARY TABLE temp",
                    "RENAME TABLE t TO w, u TO t",
                    "DROP TABLE t",
                    "CREATE TABLE last_one (id INT)");

            try (var log = LogFixture.open(database.server(), before)) {
                log.admit(layout);
                var events =
                        LogFixture.readUntil(
                                log,
                                event ->
                                        event instanceof LogEvent.SchemaChange change
                                                && change.statement().contains("last_one"));
                var changes =
                        events.stream()
                                .filter(LogEvent.SchemaChange.class::isInstance)
                                .map(LogEvent.SchemaChange.class::cast)
                                .toList();
                var t = new TableName(database.name(), "t");
                var u = new TableName(database.name(), "u");

                assertThat(LogFixture.changes(events))
                        .containsExactly(
                                new Change.Insert(Row.ofText("1", "a")),
                                new Change.Insert(Row.ofText("2")));
                assertThat(
                                changes.stream()
                                        .map(LogEvent.SchemaChange::effects)
                                        .map(effects ->
                                                effects.getFirst().getClass().getSimpleName()))
                        .containsExactly(
                                "Altered",
                                "Altered",
                                "Truncated",
                                "Created",
                                "Renamed",
                                "Dropped",
                                "Created");
                assertThat(changes.get(1).effects())
                        .containsExactly(new SchemaEffect.Altered(t, Optional.empty(), false));
                assertThat(changes.get(4).effects())
                        .containsExactly(
                                new SchemaEffect.Renamed(t, new TableName(database.name(), "w")),
                                new SchemaEffect.Renamed(u, t));
                assertThat(changes.getFirst().session())
                        .containsKeys("sql_mode", "timestamp", "character_set_client");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4"})
    void whatIsNotInRowsIsRefused(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind)) {
            database.execute(
                    LogFixture.T,
                    "CREATE TABLE other (id INT PRIMARY KEY, v INT)",
                    "INSERT INTO t VALUES (1, 'a')");
            var table = LogFixture.table(database, "t");

            var statement = LogFixture.logEnd(database.server());
            database.execute(
                    "SET SESSION binlog_format = STATEMENT", "INSERT INTO t VALUES (2, 'b')");
            try (var log = LogFixture.open(database.server(), statement)) {
                log.admit(table);
                assertThat(LogFixture.problemOf(log)).isEqualTo(ProblemCode.LOG_INCOMPLETE);
            }

            var minimal = LogFixture.logEnd(database.server());
            database.execute(
                    "SET SESSION binlog_row_image = MINIMAL", "UPDATE t SET v = 'z' WHERE id = 1");
            try (var log = LogFixture.open(database.server(), minimal)) {
                log.admit(table);
                assertThat(LogFixture.problemOf(log)).isEqualTo(ProblemCode.LOG_INCOMPLETE);
            }

            var mixed = LogFixture.logEnd(database.server());
            if (kind.family() == Family.MARIADB) { // MySQL with GTIDs refuses to mix
                database.execute(
                        "CREATE TABLE m (id INT) ENGINE = MyISAM",
                        "BEGIN",
                        "INSERT INTO t VALUES (9, 'gone')",
                        "INSERT INTO m VALUES (1)",
                        "ROLLBACK");
            }
            database.execute(
                    "BEGIN",
                    "INSERT INTO t VALUES (5, 'kept')",
                    "SAVEPOINT s",
                    "INSERT INTO t VALUES (6, 'gone')",
                    "ROLLBACK TO s",
                    "COMMIT");
            try (var log = LogFixture.open(database.server(), mixed)) {
                log.admit(table);
                assertThat(LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit)))
                        .containsExactly(new Change.Insert(Row.ofText("5", "kept")));
            }

            var layout = LogFixture.logEnd(database.server());
            database.execute("INSERT INTO other VALUES (1, 1)");
            try (var log = LogFixture.open(database.server(), layout)) {
                log.admit(table.withName(new TableName(database.name(), "other")));
                assertThat(LogFixture.problemOf(log)).isEqualTo(ProblemCode.LAYOUT_MISMATCH);
            }
        }
    }

    @Test
    void aTransactionOfAnySizeStreamsThroughASmallQueue() throws Exception {
        try (var database = TestServers.database(ServerKind.MYSQL_8_0)) {
            database.execute("CREATE TABLE big (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT)");
            var before = LogFixture.logEnd(database.server());
            database.execute(
                    "INSERT INTO big (v) VALUES (REPEAT('x', 17000000)), ('small')", "BEGIN");
            var insert =
                    "INSERT INTO big (v) SELECT REPEAT('y', 1000) FROM information_schema.columns a, information_schema.columns b LIMIT 20000";
            database.execute(insert);

            var settings =
                    Settings.defaults()
                            .with(Settings.CAPTURE_QUEUE_BYTES, "64KiB")
                            .with(Settings.CAPTURE_QUEUE_EVENTS, "3");
            try (var log = new MySqlLog(LogFixture.endpoint(database.server()), before, settings)) {
                log.admit(LogFixture.table(database, "big"));
                var huge = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
                var many = LogFixture.readUntil(log, LogFixture::isCommit);

                assertThat(((Change.Insert) huge.getFirst()).after().length(1))
                        .isEqualTo(17_000_000);
                assertThat(LogFixture.changes(many)).hasSize(20_000);
                assertThat(many.size()).isGreaterThan(20);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_10_11"})
    void aMemoryTableThatARestartEmptiedStopsOnlyThoseWhoWantIt(ServerKind kind) throws Exception {
        try (var server = TestServers.start(kind);
                var database = TestServers.database(server, "memory")) {
            database.execute(
                    LogFixture.T,
                    "CREATE TABLE m (id INT) ENGINE = MEMORY",
                    "INSERT INTO m VALUES (1)");
            var before = LogFixture.logEnd(server);
            server.restart();
            assertThat(database.query("SELECT COUNT(*) FROM m")).containsExactly("0");
            database.execute("INSERT INTO t VALUES (1, 'a')");

            try (var log = LogFixture.open(server, before)) {
                log.admit(LogFixture.table(database, "t"));
                assertThat(LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit)))
                        .hasSize(1);
            }
            try (var log = LogFixture.open(server, before)) {
                log.admit(LogFixture.table(database, "m"));
                if (kind.family() == Family.MARIADB) { // it logs a TRUNCATE
                    var told =
                            (LogEvent.SchemaChange)
                                    LogFixture.readUntil(
                                                    log, LogEvent.SchemaChange.class::isInstance)
                                            .getLast();
                    assertThat(told.effects())
                            .containsExactly(
                                    new SchemaEffect.Truncated(
                                            new TableName(database.name(), "m")));
                } else {
                    assertThat(LogFixture.problemOf(log)).isEqualTo(ProblemCode.LOG_INCOMPLETE);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB_10_11", "MARIADB_11_4"})
    void mariaDbsCompressedLogAndTwoPhaseAlterAreRead(ServerKind kind) throws Exception {
        try (var server =
                        TestServers.start(
                                kind,
                                ServerOptions.lean()
                                        .withFlags(
                                                "--log-bin-compress=ON",
                                                "--log-bin-compress-min-len=10"));
                var database = TestServers.database(server, "packed")) {
            database.execute(LogFixture.T);
            var layout = LogFixture.table(database, "t");
            var before = LogFixture.committed(server);
            database.execute(
                    "INSERT INTO t VALUES (1, REPEAT('a', 90)), (2, REPEAT('b', 90))",
                    "UPDATE t SET v = REPEAT('c', 90)",
                    "SET SESSION binlog_alter_two_phase = ON",
                    "ALTER TABLE t DROP COLUMN v",
                    "SET STATEMENT max_statement_time = 100 FOR ALTER TABLE t RENAME COLUMN id TO number",
                    "DELETE FROM t");

            try (var log = LogFixture.open(server, before)) {
                log.admit(layout);
                var insert = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
                var update = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
                var rest = LogFixture.readUntil(log, LogFixture::isCommit);

                assertThat(insert).contains(new Change.Insert(Row.ofText("2", "b".repeat(90))));
                assertThat(update)
                        .contains(
                                new Change.Update(
                                        Row.ofText("1", "a".repeat(90)),
                                        Row.ofText("1", "c".repeat(90))));
                assertThat(rest.stream().filter(LogEvent.SchemaChange.class::isInstance))
                        .hasSize(2);
                assertThat(LogFixture.changes(rest))
                        .containsExactly(
                                new Change.Delete(Row.ofText("1")),
                                new Change.Delete(Row.ofText("2")));
            }
        }
    }

    @Test
    void taggedGtidsOfMySql9() throws Exception {
        try (var database = TestServers.database(ServerKind.MYSQL_9)) {
            database.execute(LogFixture.T);
            var before = LogFixture.committed(database.server());
            database.execute("SET gtid_next = 'AUTOMATIC:blue'", "INSERT INTO t VALUES (1, 'a')");
            database.execute("INSERT INTO t VALUES (2, 'b')");

            var position = before;
            for (var id : List.of("1", "2")) {
                try (var log = LogFixture.open(database.server(), position)) {
                    log.admit(LogFixture.table(database, "t"));
                    var events = LogFixture.readUntil(log, LogFixture::isCommit);
                    assertThat(
                                    ((Change.Insert) LogFixture.changes(events).getFirst())
                                            .after()
                                            .text(0))
                            .isEqualTo(id);
                    position = position.plus(((LogEvent.Commit) events.getLast()).id());
                }
            }
            assertThat(position.text()).contains(":blue:1");
            assertThat(position.covers(LogFixture.committed(database.server()))).isTrue();
        }
    }
}
