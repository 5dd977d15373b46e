package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.LogEvent;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerKind.Family;
import ferry.testkit.servers.TestServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The connection to the log of a real server: accounts, TLS, and how it is lost.
@Tag("servers")
final class LogConnectionTest {
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_10_11"})
    void aLostConnectionIsRetryableAndTheLogGoesOn(ServerKind kind) throws Exception {
        try (var server = TestServers.start(kind);
                var database = TestServers.database(server, "lost")) {
            database.execute(LogFixture.T);
            var position = LogFixture.logEnd(server);
            var table = LogFixture.table(database, "t");
            try (var log = LogFixture.open(server, position)) {
                log.admit(table);
                database.execute("INSERT INTO t VALUES (1, 'a')");
                position =
                        position.plus(
                                ((LogEvent.Commit)
                                                LogFixture.readUntil(log, LogFixture::isCommit)
                                                        .getLast())
                                        .id());
                server.kill();
                assertThat(LogFixture.problemOf(log)).isEqualTo(ProblemCode.SOURCE_UNREACHABLE);
            }
            var down = position;
            assertThatThrownBy(() -> LogFixture.open(server, down))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.code()).isEqualTo(ProblemCode.SOURCE_UNREACHABLE));

            server.restart();
            database.execute("INSERT INTO t VALUES (2, 'b')");
            try (var log = LogFixture.open(server, position)) {
                log.admit(table);
                assertThat(LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit)))
                        .containsExactly(new Change.Insert(Row.ofText("2", "b")));
            }
        }
    }

    @Test
    void aSecondReaderWithOurIdThrowsUsOut() throws Exception {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        var settings = Settings.defaults().with(Settings.CAPTURE_SERVER_ID, "4711");
        try (var first =
                new MySqlLog(LogFixture.endpoint(server), LogFixture.logEnd(server), settings)) {
            first.next(Duration.ofMillis(100));
            try (var second =
                    new MySqlLog(
                            LogFixture.endpoint(server), LogFixture.logEnd(server), settings)) {
                assertThat(LogFixture.problemOf(first)).isEqualTo(ProblemCode.LOG_THROWN_OUT);
                assertThat(second.next(Duration.ofSeconds(2)))
                        .isInstanceOf(LogEvent.Progress.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_9", "MARIADB_10_11"})
    void accountsLogInWithAndWithoutTls(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind)) {
            var server = database.server();
            var plugin = kind.family() == Family.MYSQL ? "caching_sha2_password BY" : "";
            server.execute(
                    "DROP USER IF EXISTS reader",
                    kind.family() == Family.MYSQL
                            ? "CREATE USER reader IDENTIFIED WITH " + plugin + " 'secret word'"
                            : "CREATE USER reader IDENTIFIED BY 'secret word'",
                    kind.family() == Family.MYSQL
                            ? "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO reader"
                            : "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO reader");
            var after = LogFixture.logEnd(server);
            for (var options :
                    kind.family() == Family.MYSQL
                            ? List.of(Map.of("tls", "disable"), Map.of("tls", "require"))
                            : List.of(Map.of("tls", "disable"))) {
                try (var log =
                        new MySqlLog(
                                LogFixture.endpoint(server, "reader", "secret word", options),
                                after,
                                Settings.defaults())) {
                    assertThat(log.next(Duration.ofSeconds(3)))
                            .isInstanceOf(LogEvent.Progress.class);
                }
            }
            assertThatThrownBy(() ->
                            new MySqlLog(
                                    LogFixture.endpoint(server, "reader", "wrong", Map.of()),
                                    after,
                                    Settings.defaults()))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.code()).isEqualTo(ProblemCode.SOURCE_REFUSED))
                    .hasMessageNotContaining("secret");
            server.execute("DROP USER reader");
        }
    }

    @Test
    void onlyServersThatTheAuthoritySignedAreTrusted() throws Exception {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        var after = LogFixture.logEnd(server);
        var trusted =
                Map.of(
                        "tls",
                        "require",
                        "tls.ca",
                        server.dataFolder().resolve("ca.pem").toString());
        var other =
                Map.of(
                        "tls",
                        "require",
                        "tls.ca",
                        server.dataFolder().resolve("client-cert.pem").toString());

        try (var log =
                new MySqlLog(
                        LogFixture.endpoint(server, server.user(), "", trusted),
                        after,
                        Settings.defaults())) {
            assertThat(log.next(Duration.ofSeconds(3))).isInstanceOf(LogEvent.Progress.class);
        }
        assertThatThrownBy(() ->
                        new MySqlLog(
                                LogFixture.endpoint(server, server.user(), "", other),
                                after,
                                Settings.defaults()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.SOURCE_REFUSED));
    }
}
