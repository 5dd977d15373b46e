package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.Relay;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How connections are opened, and what is told when they are not.
@Tag("servers")
final class MySqlConnectionTest {
    private static final Settings SETTINGS = Settings.defaults().with(Settings.CONNECT_TIME, "2s");

    private static Endpoint endpoint(
            String user, String password, Map<String, String> options, int... ports) {
        var hosts =
                java.util.Arrays.stream(ports)
                        .mapToObj(port -> new Endpoint.Host("127.0.0.1", port))
                        .toList();
        return new Endpoint("mysql", hosts, user, new Secret(password), options);
    }

    private static ProblemCode code(Endpoint endpoint, Role role) {
        return catchThrowableOfType(
                        ProblemException.class,
                        () ->
                                MySqlConnection.open(
                                        endpoint, role, MySqlSession.Use.PLAIN, SETTINGS))
                .code();
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_7", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void theSessionIsSetForEveryUse(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            for (var use : MySqlSession.Use.values()) {
                try (var connection = end.connect(Role.TARGET, use)) {
                    assertThat(connection.text("ask", "SELECT @@time_zone")).contains("+00:00");
                    assertThat(connection.text("ask", "SELECT @@sql_mode").orElseThrow())
                            .contains(
                                    "STRICT_ALL_TABLES",
                                    "NO_AUTO_VALUE_ON_ZERO",
                                    "ALLOW_INVALID_DATES")
                            .doesNotContain("NO_ZERO", "ANSI", "PAD_CHAR", "BACKSLASH");
                    var writes = use == MySqlSession.Use.WRITE;
                    assertThat(connection.text("ask", "SELECT @@autocommit, @@foreign_key_checks"))
                            .contains(writes ? "0" : "1");
                    assertThat(connection.text("ask", "SELECT @@foreign_key_checks"))
                            .contains(writes ? "0" : "1");
                    if (kind != ServerKind.SEEKDB && kind != ServerKind.MYSQL_5_6) {
                        // Without merging the dictionary of MySQL 8.0 is read whole at each look.
                        assertThat(
                                        connection
                                                .text("ask", "SELECT @@optimizer_switch")
                                                .orElseThrow())
                                .contains(
                                        use == MySqlSession.Use.ROWS
                                                ? "derived_merge=off"
                                                : "derived_merge=on");
                    }
                    assertThat(connection.version().isOceanBase())
                            .isEqualTo(kind == ServerKind.SEEKDB);
                    assertThat(connection.version().isMariaDb())
                            .isEqualTo(kind == ServerKind.MARIADB_11_4);
                }
            }
        }
    }

    @Test
    void itWaitsForLocksAsLongAsTheSettingsSay() throws SQLException {
        var settings =
                SETTINGS.with(Settings.LOCK_TIME, "1500ms").with(Settings.LOCK_TABLE_TIME, "7s");
        try (var end = End.of(ServerKind.MYSQL_8_0).with(settings);
                var connection = end.connect(Role.TARGET, MySqlSession.Use.WRITE)) {
            assertThat(
                            connection.rows(
                                    "ask",
                                    "SELECT @@innodb_lock_wait_timeout, @@lock_wait_timeout"))
                    .containsExactly(List.of("2", "7"));
        }
    }

    @Test
    void theFirstHostThatAnswersIsTaken() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0);
                var relay = Relay.to(end.database().server())) {
            relay.refuse();
            var endpoint =
                    endpoint("root", "", Map.of(), relay.port(), end.database().server().port());

            try (var connection =
                    MySqlConnection.open(endpoint, Role.SOURCE, MySqlSession.Use.PLAIN, SETTINGS)) {
                assertThat(connection.text("ask", "SELECT @@port"))
                        .contains(String.valueOf(end.database().server().port()));
            }

            assertThat(code(endpoint("root", "", Map.of(), relay.port()), Role.SOURCE))
                    .isEqualTo(ProblemCode.SOURCE_UNREACHABLE);
            assertThat(code(endpoint("root", "", Map.of(), relay.port()), Role.TARGET))
                    .isEqualTo(ProblemCode.TARGET_UNREACHABLE);
        }
    }

    @Test
    void aSilentServerIsGivenUp() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0);
                var relay = Relay.to(end.database().server())) {
            relay.stall();

            var before = System.nanoTime();
            assertThat(code(endpoint("root", "", Map.of(), relay.port()), Role.SOURCE))
                    .isEqualTo(ProblemCode.SOURCE_UNREACHABLE);

            assertThat(System.nanoTime() - before).isLessThan(20_000_000_000L);
            relay.goOn();
        }
    }

    @Test
    void aRefusedLoginNamesNoPassword() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0)) {
            var endpoint = endpoint("nobody", "s3cret", Map.of(), end.database().server().port());

            var problem =
                    catchThrowableOfType(
                            ProblemException.class,
                            () ->
                                    MySqlConnection.open(
                                            endpoint,
                                            Role.SOURCE,
                                            MySqlSession.Use.PLAIN,
                                            SETTINGS));

            assertThat(problem.code()).isEqualTo(ProblemCode.SOURCE_REFUSED);
            assertThat(problem.getMessage()).contains("nobody").doesNotContain("s3cret");
        }
    }

    @Test
    void tlsIsUsedWhenItIsAskedFor() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0)) {
            var port = end.database().server().port();
            var ca = end.database().server().dataFolder().resolve("ca.pem").toString();
            for (var options :
                    List.of(Map.of("tls", "require"), Map.of("tls", "require", "tls.ca", ca))) {
                try (var connection =
                        MySqlConnection.open(
                                endpoint("root", "", options, port),
                                Role.SOURCE,
                                MySqlSession.Use.PLAIN,
                                SETTINGS)) {
                    assertThat(
                                    connection
                                            .rows("ask", "SHOW STATUS LIKE 'Ssl_cipher'")
                                            .getFirst()
                                            .get(1))
                            .isNotEmpty();
                }
            }
            try (var connection =
                    MySqlConnection.open(
                            endpoint("root", "", Map.of("tls", "disable"), port),
                            Role.SOURCE,
                            MySqlSession.Use.PLAIN,
                            SETTINGS)) {
                assertThat(
                                connection
                                        .rows("ask", "SHOW STATUS LIKE 'Ssl_cipher'")
                                        .getFirst()
                                        .get(1))
                        .isEmpty();
            }
        }
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThat(code(endpoint("root", "", Map.of("ssl", "yes"), 1), Role.SOURCE))
                .isEqualTo(ProblemCode.CONFIGURATION);
        assertThat(code(endpoint("root", "", Map.of("tls", "perhaps"), 1), Role.SOURCE))
                .isEqualTo(ProblemCode.CONFIGURATION);
        assertThat(code(endpoint("root", "", Map.of()), Role.SOURCE))
                .isEqualTo(ProblemCode.CONFIGURATION);
    }
}
