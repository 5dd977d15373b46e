package ferry.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every kind of server does what tests expect of it.
@Tag("servers")
final class DatabaseServerTest {
    @ParameterizedTest
    @EnumSource
    void aServerLivesThroughAKillAndAPause(ServerKind kind) throws Exception {
        var closed = TestServers.start(kind);
        try (var server = closed) {
            assertThat(server.query("SELECT version()").getFirst())
                    .startsWith(kind.versionPrefix());
            server.execute(
                    "CREATE DATABASE shop",
                    "CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(20))",
                    "INSERT INTO shop.orders VALUES (1, 'kept')");

            aCommittedRowSurvivesAKill(server);
            aPausedServerDoesNotAnswer(server);
        }
        assertThat(closed.dataFolder()).doesNotExist();
        assertThat(closed.isRunning()).isFalse();
        assertThatThrownBy(closed::restart).hasMessageContaining("was closed");
    }

    private static void aCommittedRowSurvivesAKill(DatabaseServer server) throws SQLException {
        var port = server.port();
        try (var open = server.connect("shop")) {
            open.setAutoCommit(false);
            open.createStatement().execute("INSERT INTO orders VALUES (2, 'not committed')");

            server.kill();

            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
        }
        server.restart();
        assertThat(server.port()).isEqualTo(port);
        assertThat(server.query("SELECT note FROM shop.orders")).containsExactly("kept");
    }

    private static void aPausedServerDoesNotAnswer(DatabaseServer server) throws Exception {
        try (var connection = server.connect("shop")) {
            server.pause();
            assertThat(server.isRunning()).isTrue();
            var answer =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return DatabaseServer.first(connection, "SELECT note FROM orders");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertThatThrownBy(() -> answer.get(500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);

            server.resume();

            assertThat(answer.get(30, TimeUnit.SECONDS)).containsExactly("kept");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SEEKDB", mode = EnumSource.Mode.EXCLUDE)
    void twoServersOfAKindDifferInTheirIdentityAndFlushEveryCommit(ServerKind kind)
            throws Exception {
        try (var one = TestServers.start(kind);
                var two = TestServers.start(kind)) {
            var flushed = "SELECT concat(@@sync_binlog, @@innodb_flush_log_at_trx_commit)";
            assertThat(one.query(flushed)).containsExactly("11");
            assertThat(
                            one.query(
                                    "SELECT concat(@@log_bin + 0, @@binlog_format,"
                                            + " @@binlog_row_image)"))
                    .containsExactly("1ROWFULL");
            assertThat(one.query("SELECT @@server_id"))
                    .isNotEqualTo(two.query("SELECT @@server_id"));
            assertThat(one.query("SELECT count(*) FROM mysql.user WHERE user = ''"))
                    .containsExactly("0");
            if (kind.family() == ServerKind.Family.MYSQL) {
                assertThat(one.query("SELECT @@server_uuid"))
                        .isNotEqualTo(two.query("SELECT @@server_uuid"));
                assertThat(one.query("SELECT @@gtid_mode")).containsExactly("ON");
                assertThat(one.query("SELECT @@gtid_executed")).containsExactly("");
            } else {
                assertThat(one.query("SELECT @@gtid_binlog_pos")).containsExactly("");
            }
        }
    }

    @Test
    void aServerWithoutGtidsAndWithAFlagOfOnesOwn() throws Exception {
        var options = ServerOptions.lean().withoutGtid().withFlags("--binlog-row-image=MINIMAL");

        try (var server = TestServers.start(ServerKind.MYSQL_8_0, options)) {
            assertThat(server.query("SELECT @@gtid_mode")).containsExactly("OFF");
            assertThat(server.query("SELECT @@binlog_row_image")).containsExactly("MINIMAL");
        }
    }

    @Test
    void aFlagThatDoesNotExistIsToldWithTheServersLog() {
        TestServers.require(ServerKind.MYSQL_8_0);
        var options = ServerOptions.lean().withFlags("--no-such-flag");

        assertThatThrownBy(() -> DatabaseServer.start(ServerKind.MYSQL_8_0, options))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no-such-flag");
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void aRestartSaysThatItsPortWasTaken(ServerKind kind) throws Exception {
        try (var server = TestServers.start(kind)) {
            server.kill();
            try (var _ = new ServerSocket(server.port(), 5, InetAddress.getByName(server.host()))) {
                assertThatThrownBy(server::restart)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("took port " + server.port());
                assertThat(server.isRunning()).isFalse();
            }
            server.restart();
            assertThat(server.query("SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void anotherServerThatAnswersOnThePortIsNotTakenForOurs() throws Exception {
        try (var server = TestServers.start(ServerKind.SEEKDB);
                var other = TestServers.start(ServerKind.MYSQL_5_6)) {
            server.kill();
            try (var relay = Relay.to(other.host(), other.port(), server.port())) {
                assertThatThrownBy(server::restart)
                        .hasMessageContaining("took port " + relay.port());
                assertThat(server.isRunning()).isFalse();
            }
        }
    }

    @Test
    void anOrderlyStopKeepsTheDataEvenWhenPaused() throws Exception {
        try (var server = TestServers.start(ServerKind.MYSQL_5_6)) {
            server.execute(
                    "CREATE DATABASE shop",
                    "CREATE TABLE shop.t (id INT)",
                    "INSERT INTO shop.t VALUES (7)");
            server.pause();

            server.stop();

            assertThat(server.isRunning()).isFalse();
            assertThat(Files.exists(server.dataFolder())).isTrue();
            server.restart();
            assertThat(server.query("SELECT id FROM shop.t")).containsExactly("7");
        }
    }

    @Test
    void testsShareAServerButNotADatabase() throws Exception {
        try (var one = TestServers.database(ServerKind.MYSQL_5_6);
                var two = TestServers.database(ServerKind.MYSQL_5_6)) {
            assertThat(one.server()).isSameAs(two.server());
            one.execute("CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");
            assertThat(one.query("SELECT id FROM t")).containsExactly("1");
            try (var connection = DriverManager.getConnection(two.jdbcUrl())) {
                assertThat(connection.getCatalog()).isEqualTo(two.name());
                assertThatThrownBy(() -> two.query("SELECT id FROM t"))
                        .hasMessageContaining("doesn't exist");
            }
        }
        var databases = TestServers.shared(ServerKind.MYSQL_5_6).query("SHOW DATABASES");
        assertThat(databases).noneMatch(name -> name.startsWith("test_"));
    }
}
