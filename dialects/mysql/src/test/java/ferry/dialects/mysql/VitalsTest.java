package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.dialect.Vitals;
import ferry.engine.dialect.Vitals.Reading;
import ferry.engine.dialect.Vitals.Sign;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What real servers tell of how they feel.
@Tag("servers")
final class VitalsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TABLES = "information_schema.COLUMNS";

    private static Vitals open(DatabaseServer server, String user, Settings settings) {
        return new MySqlDialect()
                .vitals(
                        new Endpoint(
                                "mysql",
                                List.of(new Endpoint.Host("127.0.0.1", server.port())),
                                user,
                                new Secret(""),
                                Map.of()),
                        Role.SOURCE,
                        settings);
    }

    private static Vitals open(DatabaseServer server) {
        return open(server, "root", Settings.defaults());
    }

    @ParameterizedTest
    @EnumSource
    void everyServerTellsWhatItHas(ServerKind kind) {
        try (var vitals = open(TestServers.shared(kind))) {
            var readings = vitals.read(EnumSet.allOf(Sign.class));

            assertThat(readings.keySet()).isEqualTo(EnumSet.allOf(Sign.class));
            assertThat(readings.get(Sign.THREADS_RUNNING).value().orElseThrow())
                    .isBetween(1.0, 1_000.0);
            assertThat(readings.get(Sign.REPLICA_LAG_SECONDS).value()).isEmpty();
            if (kind.hasBinlog()) {
                assertThat(readings.get(Sign.HISTORY_LENGTH).value().orElseThrow())
                        .isGreaterThanOrEqualTo(0);
                assertThat(readings.get(Sign.REPLICA_LAG_SECONDS).why())
                        .isEqualTo("it is no replica");
                assertThat(readings.get(Sign.LOG_BYTES).value().orElseThrow()).isGreaterThan(100);
                assertThat(readings.get(Sign.LOG_KEPT_SECONDS).value().orElseThrow())
                        .isGreaterThan(0);
            }
            // seekdb refuses to tell its memstore; OceanBase's view of it is not there.
            for (var sign : List.of(Sign.MEMORY_PERCENT, Sign.CPU_PERCENT)) {
                assertThat(readings.get(sign).value()).isEmpty();
                assertThat(readings.get(sign).why())
                        .contains(kind.hasBinlog() ? "only OceanBase" : "doesn't exist");
            }
        }
    }

    @Test
    void theHistoryListGrowsWhileAnOldSnapshotIsOpen() throws SQLException {
        try (var database = TestServers.database(ServerKind.MYSQL_8_0);
                var reader = database.connect();
                var statement = reader.createStatement();
                var vitals = open(database.server())) {
            database.execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0)");
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");

            // What was there before may be purged meanwhile; what is newer than the snapshot not.
            for (var i = 1; i <= 100; i++) {
                database.execute("UPDATE t SET v = " + i);
                assertThat(history(vitals)).isGreaterThanOrEqualTo(i);
            }
        }
    }

    private static double history(Vitals vitals) {
        return vitals.read(EnumSet.of(Sign.HISTORY_LENGTH))
                .get(Sign.HISTORY_LENGTH)
                .value()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4"})
    void aServerTellsForHowLongItKeepsItsLog(ServerKind kind) throws SQLException {
        var days = kind == ServerKind.MYSQL_5_6;
        var variable = days ? "expire_logs_days" : "binlog_expire_logs_seconds";
        try (var server = TestServers.start(kind);
                var vitals = open(server)) {
            server.execute("SET GLOBAL " + variable + " = " + (days ? 2 : 172_800));
            assertThat(logKept(vitals)).isEqualTo(172_800);

            server.execute("SET GLOBAL " + variable + " = 0");
            assertThat(logKept(vitals))
                    .as("it drops nothing by age")
                    .isEqualTo(Double.POSITIVE_INFINITY);
        }
    }

    private static double logKept(Vitals vitals) {
        return vitals.read(EnumSet.of(Sign.LOG_KEPT_SECONDS))
                .get(Sign.LOG_KEPT_SECONDS)
                .value()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_9", "MARIADB_11_4"})
    void aReplicaTellsHowFarItIsBehind(ServerKind kind) throws Exception {
        try (var source = TestServers.start(kind);
                var replica = TestServers.start(kind);
                var vitals = open(replica)) {
            replicate(kind, source.port(), replica);
            await(vitals, Duration.ZERO);
            source.execute("CREATE DATABASE written");

            await(vitals, Duration.ofSeconds(1));

            replica.execute(kind == ServerKind.MYSQL_9 ? "STOP REPLICA" : "STOP SLAVE");
            assertThat(lag(vitals).why()).isEqualTo("its replication does not run");
        }
    }

    /// The replica executes everything an hour later.
    private static void replicate(ServerKind kind, int port, DatabaseServer replica)
            throws SQLException {
        if (kind == ServerKind.MYSQL_9) {
            replica.execute(
                    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_USER = 'root', SOURCE_DELAY = 3600, SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_PORT = "
                            + port,
                    "START REPLICA");
            return;
        }
        var place =
                kind.family() == ServerKind.Family.MARIADB
                        ? "MASTER_USE_GTID = slave_pos, MASTER_SSL = 0, MASTER_SSL_VERIFY_SERVER_CERT = 0"
                        : "MASTER_AUTO_POSITION = 1";
        replica.execute(
                "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_USER = 'root', MASTER_DELAY = 3600, "
                        + place
                        + ", MASTER_PORT = "
                        + port,
                "START SLAVE");
    }

    private static Reading lag(Vitals vitals) {
        return vitals.read(EnumSet.of(Sign.REPLICA_LAG_SECONDS)).get(Sign.REPLICA_LAG_SECONDS);
    }

    private static void await(Vitals vitals, Duration lag) throws InterruptedException {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (lag(vitals).value().orElse(-1) < lag.toSeconds()) {
            assertThat(System.nanoTime()).as("%s", lag(vitals)).isLessThan(end);
            Thread.sleep(50);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void aQueryTellsItsFirstValue(ServerKind kind) throws SQLException {
        try (var database = TestServers.database(kind);
                var vitals = open(database.server())) {
            var table = "`" + database.name() + "`.t";
            database.execute("CREATE TABLE t (v DECIMAL(5, 1) NULL)");

            assertThat(vitals.query("SELECT v FROM " + table)).as("no row").isZero();
            database.execute("INSERT INTO t VALUES (NULL)");
            assertThat(vitals.query("SELECT v FROM " + table)).as("NULL").isZero();
            database.execute("UPDATE t SET v = 2.5");
            assertThat(vitals.query("SELECT v, 'more' FROM " + table)).isEqualTo(2.5);
            requireRefused(() -> vitals.query("SELECT 'many'"));
            requireRefused(() -> vitals.query("SELECT FROM"));
            assertThat(vitals.query("SELECT COUNT(*) FROM " + table))
                    .as("the connection lives on")
                    .isEqualTo(1);
        }
    }

    private static void requireRefused(ThrowingCallable query) {
        assertThatThrownBy(query)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.SOURCE_STATEMENT));
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4"})
    void aQueryThatTakesTooLongIsEnded(ServerKind kind) {
        var settings = Settings.defaults().with(GovernorSettings.ASK_TIME, "300ms");
        try (var vitals = open(TestServers.shared(kind), "root", settings)) {
            var began = System.nanoTime();

            assertThatThrownBy(() ->
                            vitals.query(
                                    "SELECT COUNT(*) FROM %1$s a, %1$s b, %1$s c"
                                            .formatted(TABLES)))
                    .isInstanceOf(ProblemException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT);
        }
    }

    @Test
    void whatAnAccountMayNotSeeIsToldAndTheRestIsRead() throws SQLException {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        server.execute("CREATE USER IF NOT EXISTS 'vitals_plain'@'%' IDENTIFIED BY ''");
        try (var vitals = open(server, "vitals_plain", Settings.defaults())) {
            var readings =
                    vitals.read(
                            EnumSet.of(Sign.THREADS_RUNNING, Sign.HISTORY_LENGTH, Sign.LOG_BYTES));

            assertThat(readings.get(Sign.THREADS_RUNNING).value()).isPresent();
            assertThat(readings.get(Sign.HISTORY_LENGTH).why()).contains("PROCESS");
            assertThat(readings.get(Sign.LOG_BYTES).why()).contains("REPLICATION CLIENT");
        } finally {
            server.execute("DROP USER 'vitals_plain'@'%'");
        }
    }
}
