package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.dialect.Secret;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is predicted of a server's log is what the server then does.
@Tag("servers")
final class LogExpiryTest {
    private static final MySqlDialect DIALECT = new MySqlDialect();
    private static final Settings SETTINGS = Settings.defaults();

    private static DatabaseServer server;

    @BeforeAll
    static void start() {
        server = TestServers.start(ServerKind.MYSQL_8_0);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Endpoint endpoint() {
        return endpoint("root");
    }

    private static Endpoint endpoint(String account) {
        return new Endpoint(
                "mysql",
                List.of(new Endpoint.Host(server.host(), server.port())),
                account,
                new Secret(""),
                Map.of());
    }

    private static MySqlPosition end() {
        try (var snapshot =
                DIALECT.snapshot(endpoint(), ferry.engine.dialect.Role.SOURCE, SETTINGS)) {
            return (MySqlPosition) snapshot.logEnd();
        }
    }

    private static LogExpiry expiry(MySqlPosition needed) {
        return DIALECT.logExpiry(endpoint(), needed, SETTINGS).orElseThrow();
    }

    private static List<String> files() throws SQLException {
        return server.query("SHOW BINARY LOGS");
    }

    @Test
    void theServerDropsAFileWhenItWasPredictedAndNotBefore() throws Exception {
        server.execute("SET GLOBAL binlog_expire_logs_seconds = 5", "FLUSH BINARY LOGS");
        var needed = end();
        var file = needed.place().orElseThrow().file();

        assertThat(expiry(needed).closed()).as("it is still written").isFalse();
        server.execute("FLUSH BINARY LOGS");
        var predicted = expiry(needed);

        assertThat(predicted.closed()).isTrue();
        assertThat(predicted.rule()).contains("5 s");
        var at = predicted.at().orElseThrow();
        assertThat(at).isBetween(Instant.now().minusSeconds(1), Instant.now().plusSeconds(6));
        server.execute("FLUSH BINARY LOGS");
        if (Instant.now().isBefore(at.minusSeconds(1))) {
            assertThat(files()).as("before %s", at).contains(file);
        }
        var deadline = at.plus(Duration.ofSeconds(10));
        while (files().contains(file)) {
            assertThat(Instant.now()).as("the file is still there").isBefore(deadline);
            Thread.sleep(500);
            server.execute("FLUSH BINARY LOGS");
        }
        assertThat(Instant.now()).isAfter(at.minusSeconds(2));
        assertThat(DIALECT.logExpiry(endpoint(), needed, SETTINGS)).as("it is gone").isEmpty();
    }

    @Test
    void theShortestOfServerAndProviderCounts() throws Exception {
        server.execute("SET GLOBAL binlog_expire_logs_seconds = 0");
        assertThat(expiry(end()).at()).as("nothing drops it").isEmpty();
        server.execute(
                "CREATE PROCEDURE mysql.rds_show_configuration() SELECT 'binlog retention hours' AS name, '24' AS value, 'text' AS description");
        try {
            var ofProvider = expiry(end());

            assertThat(ofProvider.rule()).contains("binlog retention hours");
            assertThat(ofProvider.at().orElseThrow())
                    .isBetween(
                            Instant.now().plus(Duration.ofHours(23)),
                            Instant.now().plus(Duration.ofHours(25)));
            server.execute("SET GLOBAL binlog_expire_logs_seconds = 3600");
            assertThat(expiry(end()).rule()).doesNotContain("provider");
        } finally {
            server.execute("DROP PROCEDURE mysql.rds_show_configuration");
        }
    }

    @Test
    void whatTheProviderMayNotBeAskedIsUnknown() throws Exception {
        server.execute(
                "SET GLOBAL binlog_expire_logs_seconds = 86400",
                "CREATE USER few@'%' IDENTIFIED WITH mysql_native_password BY ''",
                "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO few@'%'",
                "CREATE PROCEDURE mysql.rds_show_configuration() SELECT 'binlog retention hours' AS name, '1' AS value, 'text' AS description");
        try {
            var unasked = DIALECT.logExpiry(endpoint("few"), end(), SETTINGS).orElseThrow();
            assertThat(unasked.doubt())
                    .hasValueSatisfying(doubt ->
                            assertThat(doubt)
                                    .contains(
                                            "GRANT EXECUTE ON PROCEDURE mysql.rds_show_configuration"));
            assertThat(expiry(end()).doubt()).isEmpty();

            server.execute(
                    "DROP PROCEDURE mysql.rds_show_configuration",
                    "CREATE PROCEDURE mysql.rds_show_configuration() SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not now'");
            assertThat(expiry(end()).doubt())
                    .hasValueSatisfying(doubt -> assertThat(doubt).contains("not now"));
        } finally {
            server.execute("DROP PROCEDURE mysql.rds_show_configuration");
        }
        assertThat(expiry(end()).doubt()).as("there is no such procedure").isEmpty();
    }

    @Test
    void aSetOfGtidsIsFoundInItsFile() throws Exception {
        server.execute("SET GLOBAL binlog_expire_logs_seconds = 86400");
        server.execute("CREATE DATABASE gtids_in_files");
        var set = server.query("SELECT @@global.gtid_executed").getFirst().replaceAll("\\s", "");
        server.execute("FLUSH BINARY LOGS", "CREATE TABLE gtids_in_files.t (id INT)");
        server.execute("FLUSH BINARY LOGS");

        var expiry = expiry(MySqlPosition.committed(Gtids.parse(set)));

        assertThat(expiry.closed()).isTrue();
        var now =
                expiry(
                        MySqlPosition.committed(
                                Gtids.parse(
                                        server.query("SELECT @@global.gtid_executed")
                                                .getFirst()
                                                .replaceAll("\\s", ""))));
        assertThat(now.closed()).isFalse();
    }
}
