package ferry.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.testkit.servers.Relay.Direction;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The relay does to real connections what its methods promise.
@Tag("servers")
final class RelayTest {
    private static final ServerKind ANY = ServerKind.MYSQL_5_6;

    @ParameterizedTest
    @EnumSource
    void aCutAndAStallOfEveryKindOfServer(ServerKind kind) throws Exception {
        try (var server = TestServers.start(kind);
                var relay = Relay.to(server)) {
            var cut = connect(relay);
            var id = select(cut, "SELECT connection_id()");

            relay.cut();

            assertThatThrownBy(() -> select(cut, "SELECT 1")).isInstanceOf(SQLException.class);
            Poll.until(
                    "the server ends the connection that was cut",
                    () ->
                            !server.query("SELECT id FROM information_schema.processlist")
                                    .containsAll(id));

            try (var stalled = connect(relay)) {
                relay.stall();
                var answer = later(() -> select(stalled, "SELECT 'late'"));
                assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
                assertThat(relay.connections()).isEqualTo(1);

                relay.goOn();

                assertThat(answer.get(30, TimeUnit.SECONDS)).containsExactly("late");
            }
        }
    }

    @Test
    void aStalledConnectionCanBeCutAndANewOneWaitsForItsGreeting() throws Exception {
        try (var relay = Relay.to(TestServers.shared(ANY));
                var stalled = connect(relay)) {
            relay.stall();
            var never = later(() -> select(stalled, "SELECT 1"));
            relay.cut();
            assertThatThrownBy(() -> never.get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IOException.class);

            var fresh = later(() -> connect(relay));
            assertThatThrownBy(() -> fresh.get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            relay.goOn();
            try (var connection = fresh.get(30, TimeUnit.SECONDS)) {
                assertThat(select(connection, "SELECT 5")).containsExactly("5");
            }
        }
    }

    @Test
    void anAnswerIsCutOnceInTheMiddle() throws Exception {
        try (var relay = Relay.to(TestServers.shared(ANY));
                var first = connect(relay);
                var second = connect(relay)) {
            relay.cutAfter(Direction.TO_CLIENT, 50_000);

            assertThatThrownBy(() -> select(first, "SELECT repeat('x', 100000)"))
                    .isInstanceOf(SQLException.class);

            assertThat(select(second, "SELECT repeat('x', 100000)").getFirst()).hasSize(100_000);
            assertThat(relay.connections()).isEqualTo(1);
        }
    }

    @Test
    void aStatementThatIsCutNeverReachesTheServer() throws Exception {
        try (var database = TestServers.database(ANY);
                var relay = Relay.to(database.server());
                var connection = DriverManager.getConnection(relay.jdbcUrl(database.name()))) {
            database.execute("CREATE TABLE t (id INT)");
            relay.cutAfter(Direction.TO_SERVER, 12);

            assertThatThrownBy(
                            () -> connection.createStatement().execute("INSERT INTO t VALUES (1)"))
                    .isInstanceOf(SQLException.class);

            assertThat(database.query("SELECT count(*) FROM t")).containsExactly("0");
        }
    }

    @Test
    void exactlyTheAllowedBytesPass() throws Exception {
        try (var echo = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var relay = Relay.to("127.0.0.1", echo.getLocalPort())) {
            Thread.ofVirtual().start(() -> answer(echo, 100_000));
            relay.cutAfter(Direction.TO_CLIENT, 70_001);
            try (var client = new Socket("127.0.0.1", relay.port())) {
                assertThat(client.getInputStream().readAllBytes()).hasSize(70_001);
            }

            Thread.ofVirtual().start(() -> answer(echo, 100_000));
            try (var client = new Socket("127.0.0.1", relay.port())) {
                assertThat(client.getInputStream().readAllBytes()).hasSize(100_000);
            }
            assertThatThrownBy(() -> relay.cutAfter(Direction.TO_CLIENT, -1))
                    .hasMessageContaining("-1");
        }
    }

    private static void answer(ServerSocket listener, int bytes) {
        try (var socket = listener.accept()) {
            socket.getOutputStream().write(new byte[bytes]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDelayHoldsQuestionAndAnswerBack() throws Exception {
        try (var relay = Relay.to(TestServers.shared(ANY));
                var connection = connect(relay)) {
            relay.delay(Duration.ofMillis(150));

            var start = System.nanoTime();
            select(connection, "SELECT 1");

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(290));
        }
    }

    @Test
    void newConnectionsAreRefusedWhileOpenOnesGoOn() throws Exception {
        try (var relay = Relay.to(TestServers.shared(ANY));
                var open = connect(relay)) {
            relay.refuse();

            assertThatThrownBy(() -> new Socket("127.0.0.1", relay.port()))
                    .isInstanceOf(ConnectException.class);
            assertThat(select(open, "SELECT 3")).containsExactly("3");

            relay.accept();
            try (var connection = connect(relay)) {
                assertThat(select(connection, "SELECT 4")).containsExactly("4");
            }
        }
    }

    @Test
    void aClosedRelayLeavesNoConnectionAndStaysClosed() throws Exception {
        var relay = Relay.to(TestServers.shared(ANY));
        var connection = connect(relay);

        relay.close();

        assertThat(relay.connections()).isZero();
        assertThatThrownBy(() -> select(connection, "SELECT 1")).isInstanceOf(SQLException.class);
        assertThatThrownBy(relay::accept).hasMessageContaining("was closed");
        assertThatThrownBy(() -> new Socket("127.0.0.1", relay.port()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aRelayWithoutAServerClosesTheConnection() throws Exception {
        try (var relay = Relay.to("127.0.0.1", Ports.free());
                var client = new Socket("127.0.0.1", relay.port())) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static Connection connect(Relay relay) throws SQLException {
        return DriverManager.getConnection(relay.jdbcUrl(""));
    }

    private static List<String> select(Connection connection, String sql) throws SQLException {
        return DatabaseServer.first(connection, sql);
    }

    /// Runs the call on another thread.
    private static <T> Future<T> later(Callable<T> call) {
        var task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task;
    }
}
