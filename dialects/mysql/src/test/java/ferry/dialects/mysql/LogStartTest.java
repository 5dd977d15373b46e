package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.Role;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where the log of a real server goes on, and where it does not.
@Tag("servers")
final class LogStartTest {
    @ParameterizedTest
    @EnumSource(names = "SEEKDB", mode = EnumSource.Mode.EXCLUDE)
    void aLogTellsTheSameServerAsTheCatalog(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind);
                var log =
                        LogFixture.open(
                                database.server(), LogFixture.committed(database.server()));
                var catalog =
                        new MySqlDialect()
                                .catalog(
                                        LogFixture.endpoint(database.server()),
                                        Role.SOURCE,
                                        Settings.defaults())) {
            assertThat(log.serverIdentity()).hasValue(catalog.serverIdentity());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SEEKDB", mode = EnumSource.Mode.EXCLUDE)
    void aLogGoesOnBehindItsPosition(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind)) {
            database.execute(LogFixture.T);
            var table = LogFixture.table(database, "t");
            var starts =
                    List.of(
                            LogFixture.committed(database.server()),
                            LogFixture.logEnd(database.server()));
            database.execute(
                    "INSERT INTO t VALUES (1, 'a')",
                    "INSERT INTO t VALUES (2, 'b')",
                    "INSERT INTO t VALUES (3, 'c')");

            for (var start : starts) {
                MySqlPosition position = start;
                for (var id = 1; id <= 3; id++) {
                    try (var log =
                            LogFixture.open(
                                    database.server(), MySqlPosition.parse(position.text()))) {
                        log.admit(table);
                        var events = LogFixture.readUntil(log, LogFixture::isCommit);
                        assertThat(LogFixture.changes(events)).hasSize(1);
                        assertThat(
                                        ((Change.Insert) LogFixture.changes(events).getFirst())
                                                .after()
                                                .text(0))
                                .isEqualTo("" + id);
                        position = position.plus(((LogEvent.Commit) events.getLast()).id());
                    }
                }
                assertThat(position.covers(start)).isTrue();
            }
        }
    }

    @Test
    void aServerWithoutGtidsIsFollowedByPlace() throws Exception {
        try (var server =
                        TestServers.start(
                                ServerKind.MYSQL_5_7, ServerOptions.lean().withoutGtid());
                var database = TestServers.database(server, "place")) {
            database.execute(LogFixture.T);
            var before = LogFixture.logEnd(server);
            database.execute(
                    "INSERT INTO t VALUES (1, 'a')",
                    "FLUSH BINARY LOGS",
                    "INSERT INTO t VALUES (2, 'b')");

            var position = before;
            for (var id = 1; id <= 2; id++) {
                try (var log = LogFixture.open(server, position)) {
                    log.admit(LogFixture.table(database, "t"));
                    var events = LogFixture.readUntil(log, LogFixture::isCommit);
                    assertThat(LogFixture.changes(events))
                            .containsExactly(
                                    new Change.Insert(Row.ofText("" + id, id == 1 ? "a" : "b")));
                    position = position.plus(((LogEvent.Commit) events.getLast()).id());
                    assertThat(position.gtids()).isEmpty();
                }
            }
            var gtids =
                    MySqlPosition.committed(
                            Gtids.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5"));
            assertThatThrownBy(() -> LogFixture.open(server, gtids))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.code()).isEqualTo(ProblemCode.LOG_FOREIGN));
        }
    }

    @Test
    void aLogThatDoesNotContinueIsRefused() throws Exception {
        try (var server = TestServers.start(ServerKind.MYSQL_8_0);
                var database = TestServers.database(server, "gone")) {
            database.execute(LogFixture.T);
            var committed = LogFixture.committed(server);
            var end = LogFixture.logEnd(server);
            database.execute(
                    "INSERT INTO t VALUES (1, 'a')",
                    "FLUSH BINARY LOGS",
                    "INSERT INTO t VALUES (2, 'b')");
            var file = LogFixture.logEnd(server).place().orElseThrow().file();
            server.execute("PURGE BINARY LOGS TO '" + file + "'");
            var uuid = LogFixture.identity(server);

            refused(server, committed, ProblemCode.LOG_PURGED, uuid + ":");
            refused(server, end, ProblemCode.LOG_PURGED, file);
            refused(
                    server,
                    MySqlPosition.committed(Gtids.parse(uuid + ":1-1000000")),
                    ProblemCode.LOG_FOREIGN,
                    "-1000000");
            refused(
                    server,
                    MySqlPosition.logEnd("another-server", file, 4),
                    ProblemCode.LOG_FOREIGN,
                    "another-server");
            refused(
                    server,
                    MySqlPosition.logEnd(uuid, file, 100_000_000),
                    ProblemCode.LOG_FOREIGN,
                    "100000000");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "MARIADB.*", mode = EnumSource.Mode.MATCH_ALL)
    void mariaDbIsAskedForAGapBeforeItSends(ServerKind kind) throws Exception {
        try (var server = TestServers.start(kind);
                var database = TestServers.database(server, "gap")) {
            database.execute(LogFixture.T);
            var before = LogFixture.committed(server);
            database.execute("INSERT INTO t VALUES (1, 'a')");
            var behind = LogFixture.committed(server);
            server.execute("FLUSH BINARY LOGS");
            database.execute("INSERT INTO t VALUES (2, 'b')");
            LogFixture.open(server, before).close();
            var file = LogFixture.logEnd(server).place().orElseThrow().file();
            server.execute("PURGE BINARY LOGS TO '" + file + "'");

            refused(server, before, ProblemCode.LOG_PURGED, before.gtids().orElseThrow().text());
            LogFixture.open(server, behind).close();
        }
    }

    private static void refused(
            DatabaseServer server, MySqlPosition after, ProblemCode code, String told) {
        assertThatThrownBy(() -> LogFixture.open(server, after))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(told);
    }
}
