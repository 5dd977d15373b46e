package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.Secret;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Heartbeats in real sources: what they leave there, and that their places are reached by whoever
/// reads the log.
@Tag("servers")
final class MySqlHeartbeatTest {
    private static Settings settings(End end) {
        return end.settings()
                .with(Settings.SOURCE_HEARTBEAT_TABLE, end.database().name() + ".heartbeat");
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {"MYSQL_5_6", "MYSQL_8_0", "MARIADB_11_4"})
    void aReaderOfTheLogComesToTheirPlaces(ServerKind kind) throws SQLException {
        try (var end = End.of(kind);
                var snapshot = end.snapshot();
                var log =
                        new MySqlLog(
                                end.endpoint(),
                                (MySqlPosition) snapshot.committed(),
                                end.settings());
                var heartbeat =
                        MySqlHeartbeat.open(end.endpoint(), new LogFiles(), settings(end))) {
            for (var second = 1_700_000_000L; second < 1_700_000_003L; second++) {
                var before = snapshot.logEnd();
                var place = heartbeat.beat(second);

                assertThat(before.covers(place)).isFalse();
                assertThat(reaches(log, place)).isTrue();
                assertThat(rows(end)).isEqualTo("1 " + second);
            }
        }
    }

    private static boolean reaches(MySqlLog log, Position place) {
        var deadline = Instant.now().plusSeconds(30);
        while (Instant.now().isBefore(deadline)) {
            if (log.next(Duration.ofMillis(100)) instanceof LogEvent.Progress(var position, _)
                    && position.covers(place)) {
                return true;
            }
        }
        return false;
    }

    private static String rows(End end) throws SQLException {
        try (var connection = end.database().server().connect();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT GROUP_CONCAT(id, ' ', ts) FROM `"
                                        + end.database().name()
                                        + "`.heartbeat")) {
            rows.next();
            return rows.getString(1);
        }
    }

    /// The table that somebody made beforehand needs no CREATE.
    @Test
    void anAccountThatMayOnlyWriteTheTableSuffices() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0)) {
            var user = end.database().name() + "_u";
            var server = end.database().server();
            server.execute(
                    "CREATE USER '" + user + "'@'%' IDENTIFIED WITH mysql_native_password BY 'x'");
            try {
                server.execute(
                        "GRANT REPLICATION CLIENT, REPLICATION SLAVE ON *.* TO '" + user + "'@'%'");
                var endpoint =
                        new Endpoint(
                                "mysql",
                                List.of(new Endpoint.Host("127.0.0.1", server.port())),
                                user,
                                new Secret("x"),
                                Map.of());

                try (var heartbeat = MySqlHeartbeat.open(endpoint, new LogFiles(), settings(end))) {
                    var refused =
                            catchThrowableOfType(ProblemException.class, () -> heartbeat.beat(1));
                    assertThat(refused.code()).isEqualTo(ProblemCode.SOURCE_REFUSED);
                    assertThat(refused.problem().what()).contains("make the heartbeat's table");

                    end.database()
                            .execute("CREATE TABLE heartbeat (id SMALLINT PRIMARY KEY, ts INT)");
                    server.execute(
                            "GRANT INSERT, UPDATE, SELECT ON `%s`.heartbeat TO '%s'@'%%'"
                                    .formatted(end.database().name(), user));
                    heartbeat.beat(7);
                    assertThat(rows(end)).isEqualTo("1 7");
                }
            } finally {
                server.execute("DROP USER '" + user + "'@'%'");
            }
        }
    }
}
