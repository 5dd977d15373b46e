package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Finding.Outcome;
import ferry.engine.dialect.Outlook;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.PrecheckRequest.Mapped;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.model.TableName;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("servers")
final class MySqlPrechecksTest {
    private static final Settings SETTINGS = Settings.defaults();

    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {
                "MYSQL_5_6",
                "MYSQL_5_7",
                "MYSQL_8_0",
                "MYSQL_9",
                "MARIADB_10_11",
                "MARIADB_11_4"
            })
    void theRemediesAreTheGrantsThatASourceNeeds(ServerKind kind) throws SQLException {
        var server = TestServers.shared(kind);
        try (var database = TestServers.database(server, "pre_source");
                var catalog = SchemaRoundTripTest.catalog(server)) {
            database.execute(
                    "CREATE TABLE orders (id int PRIMARY KEY, a varchar(10)) ENGINE=InnoDB");
            var request =
                    request(
                            catalog,
                            new TableName(database.name(), "orders"),
                            new TableName("elsewhere", "orders"));
            var account = account(server, "reader");

            var poor = MySqlPrechecks.run(account, Role.SOURCE, request, SETTINGS);
            grant(server, poor);
            var rich = MySqlPrechecks.run(account, Role.SOURCE, request, SETTINGS);

            assertThat(failed(poor))
                    .contains("DB_ACCOUNT_FULL_READ_PRIVILEGE", "DB_ACCOUNT_INCR_READ_PRIVILEGE");
            assertThat(failed(rich)).as(rich.toString()).isEmpty();
            assertThat(items(rich))
                    .contains(
                            "RDB_CONNECT",
                            "DB_VERSION",
                            "DB_TIME_SYNC",
                            "DB_INCR_LOG",
                            "DB_BINLOG_FORMAT",
                            "DB_BINLOG_ROW_IMAGE",
                            "DB_BINLOG_PARTIAL_JSON",
                            "DB_BINLOG_FILTER",
                            "DB_LOG_REPLICA_UPDATES",
                            "DB_SYNC_BINLOG",
                            "DB_LOG_RETENTION",
                            "DB_GTID",
                            "DB_XA",
                            "DB_SERVER_ID",
                            "DB_DATA_TYPE",
                            "DB_ENGINE",
                            "DB_UK_INDEX",
                            "DB_NO_FOREIGN_KEY");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {"MYSQL_5_7", "MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void theRemediesAreTheGrantsThatATargetNeeds(ServerKind kind) throws SQLException {
        var server = TestServers.shared(kind);
        try (var database = TestServers.database(server, "pre_target");
                var catalog = SchemaRoundTripTest.catalog(server)) {
            database.execute("CREATE TABLE orders (id int PRIMARY KEY, a varchar(10))");
            var request =
                    request(
                            catalog,
                            new TableName(database.name(), "orders"),
                            new TableName(database.name(), "copied"));
            var account = account(server, "writer");

            var poor = MySqlPrechecks.run(account, Role.TARGET, request, SETTINGS);
            grant(server, poor);
            var rich = MySqlPrechecks.run(account, Role.TARGET, request, SETTINGS);

            assertThat(failed(poor))
                    .contains(
                            "DB_ACCOUNT_CREATE_PRIVILEGE",
                            "DB_ACCOUNT_WRITER_PRIVILEGE",
                            "DB_MYSQL_UPDATE_HEARTBEAT_PRIVILEGE");
            assertThat(failed(rich)).as(rich.toString()).isEmpty();
        }
    }

    @Test
    void anAccountThatSeesNothingIsToldTheGrant() throws SQLException {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        var account = account(server, "blind");
        var request = new PrecheckRequest(List.of(), true, true, false, Map.of());

        var found =
                MySqlPrechecks.run(account, Role.SOURCE, request, SETTINGS).stream()
                        .filter(finding -> finding.item().equals("DB_ACCOUNT_FULL_READ_PRIVILEGE"))
                        .findFirst()
                        .orElseThrow();

        assertThat(found.outcome()).isEqualTo(Outcome.WARNED);
        assertThat(found.what()).contains("sees none", "no database");
        assertThat(found.remedy()).contains("GRANT SELECT ON `the database`.* TO 'blind'@'%'");
    }

    @Test
    void whatStandsInTheWayOfATargetIsNamed() throws SQLException {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        try (var database = TestServers.database(server, "pre_way");
                var catalog = SchemaRoundTripTest.catalog(server)) {
            database.execute(
                    "CREATE TABLE a (id int PRIMARY KEY, v int)",
                    "CREATE TABLE full (id int PRIMARY KEY)",
                    "INSERT INTO full VALUES (1)",
                    "CREATE TRIGGER loud BEFORE INSERT ON full FOR EACH ROW SET NEW.id = NEW.id + 1");
            var name = new TableName(database.name(), "a");
            var request = request(catalog, name, new TableName(database.name(), "full"));

            var found = MySqlPrechecks.run(root(server, "mysql"), Role.TARGET, request, SETTINGS);

            assertThat(failed(found))
                    .containsExactlyInAnyOrder(
                            "DB_TARGET_EMPTY", "DB_TRIGGER", "SYNC_SCHEMA_CONSISTENCY");
            var resumed = new PrecheckRequest(request.tables(), true, true, true, Map.of());
            assertThat(
                            failed(
                                    MySqlPrechecks.run(
                                            root(server, "mysql"), Role.TARGET, resumed, SETTINGS)))
                    .doesNotContain("DB_TARGET_EMPTY")
                    .contains("SYNC_SCHEMA_CONSISTENCY");
        }
    }

    /// Ferry was killed behind an ADD COLUMN at the source that it had not followed yet.
    @Test
    void aColumnThatIsStillInTheLogDoesNotKeepAProjectFromResuming() throws SQLException {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        try (var database = TestServers.database(server, "pre_behind");
                var catalog = SchemaRoundTripTest.catalog(server)) {
            database.execute(
                    "CREATE TABLE a (id int PRIMARY KEY, added int)",
                    "CREATE TABLE copied (id int PRIMARY KEY)");
            var tables =
                    request(
                                    catalog,
                                    new TableName(database.name(), "a"),
                                    new TableName(database.name(), "copied"))
                            .tables();
            var behind =
                    new PrecheckRequest(tables, true, true, true, true, Map.of(), Outlook.NOTHING);

            var found = MySqlPrechecks.run(root(server, "mysql"), Role.TARGET, behind, SETTINGS);

            assertThat(failed(found)).doesNotContain("SYNC_SCHEMA_CONSISTENCY");
            assertThat(items(found)).contains("SYNC_SCHEMA_CONSISTENCY");
        }
    }

    @Test
    void aSourceWhoseLogWouldLieIsRefused() throws SQLException {
        var flags =
                ServerOptions.lean()
                        .withFlags(
                                "--binlog-format=MIXED",
                                "--binlog-row-image=MINIMAL",
                                "--binlog-row-value-options=PARTIAL_JSON",
                                "--sync-binlog=0",
                                "--binlog-ignore-db=hidden",
                                "--binlog-expire-logs-seconds=60");
        try (var server = TestServers.start(ServerKind.MYSQL_8_0, flags);
                var catalog = SchemaRoundTripTest.catalog(server)) {
            server.execute(
                    "CREATE DATABASE hidden",
                    "CREATE TABLE hidden.parent (id float PRIMARY KEY)",
                    "CREATE TABLE hidden.child (id int, p float, FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE)"
                            .replace("parent", "hidden.parent"),
                    "CREATE TABLE hidden.old (id int PRIMARY KEY) ENGINE=MyISAM");
            try (var open = server.connect("hidden");
                    var statement = open.createStatement()) {
                statement.execute("XA START 'forgotten'");
                statement.execute("INSERT INTO parent VALUES (1)");
                statement.execute("XA END 'forgotten'");
                statement.execute("XA PREPARE 'forgotten'");
            }
            var tables =
                    catalog.tables().stream()
                            .map(name -> new Mapped(catalog.table(name).orElseThrow(), name))
                            .toList();
            var request = new PrecheckRequest(tables, true, true, false, Map.of());

            var found = MySqlPrechecks.run(root(server, "mysql"), Role.SOURCE, request, SETTINGS);

            assertThat(failed(found))
                    .containsExactlyInAnyOrder(
                            "DB_BINLOG_FORMAT",
                            "DB_BINLOG_ROW_IMAGE",
                            "DB_BINLOG_PARTIAL_JSON",
                            "DB_BINLOG_FILTER",
                            "DB_LOG_RETENTION",
                            "DB_XA",
                            "DB_DATA_TYPE_INDEX",
                            "DB_ENGINE",
                            "DB_NO_FOREIGN_KEY");
            assertThat(
                            found.stream()
                                    .filter(finding -> finding.outcome() == Outcome.WARNED)
                                    .map(Finding::item))
                    .contains("DB_SYNC_BINLOG", "DB_UK_INDEX");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {
                "MYSQL_5_6",
                "MYSQL_5_7",
                "MYSQL_8_0",
                "MYSQL_9",
                "MARIADB_10_11",
                "MARIADB_11_4"
            })
    void aSourceTellsWhatItsLogHolds(ServerKind kind) throws SQLException {
        var server = TestServers.shared(kind);
        var before = Instant.now().minusSeconds(5);
        server.execute("FLUSH BINARY LOGS");
        var files = server.query("SHOW BINARY LOGS");
        var last = files.getLast();

        var whole = new MySqlDialect().logHistory(typed(server), SETTINGS).orElseThrow();
        purge(server, last);
        var rest = new MySqlDialect().logHistory(typed(server), SETTINGS).orElseThrow();

        assertThat(whole.oldestFile()).isEqualTo(files.getFirst());
        assertThat(whole.begun()).isBefore(rest.begun());
        assertThat(whole.bytes()).isGreaterThan(rest.bytes());
        assertThat(rest.oldestFile()).isEqualTo(last);
        assertThat(rest.sinceEver()).isFalse();
        assertThat(rest.begun()).isBetween(before, Instant.now().plusSeconds(5));
    }

    /// A file stays while a connection reads it, and the look of before may not have ended yet at
    /// the server.
    private static void purge(DatabaseServer server, String to) throws SQLException {
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        do {
            server.execute("PURGE BINARY LOGS TO '" + to + "'");
        } while (!server.query("SHOW BINARY LOGS").getFirst().equals(to)
                && System.nanoTime() < deadline);
    }

    @Test
    void aKernelHasNoLogToTellOf() {
        assertThat(
                        new MySqlDialect()
                                .logHistory(typed(TestServers.shared(ServerKind.SEEKDB)), SETTINGS))
                .isEmpty();
    }

    @Test
    void aKernelThatKeepsTheLocksOfKilledTransactionsIsReported() throws SQLException {
        var kernel = TestServers.shared(ServerKind.SEEKDB);
        var request = new PrecheckRequest(List.of(), true, true, false, Map.of());
        var account = root(kernel, "oceanbase-mysql");
        try {
            kernel.execute("ALTER SYSTEM SET _private_buffer_size = '16K'");
            assertThat(
                            what(
                                    MySqlPrechecks.run(account, Role.TARGET, request, SETTINGS),
                                    "DB_LOG_AT_COMMIT"))
                    .contains("locked for ever");
        } finally {
            kernel.execute("ALTER SYSTEM SET _private_buffer_size = '0B'");
        }
        assertThat(
                        what(
                                MySqlPrechecks.run(account, Role.TARGET, request, SETTINGS),
                                "DB_LOG_AT_COMMIT"))
                .contains("at COMMIT");
    }

    @Test
    void whatTheKernelCannotHoldIsReported() throws SQLException {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        var kernel = TestServers.shared(ServerKind.SEEKDB);
        try (var database = TestServers.database(server, "Pre_Losses");
                var catalog = SchemaRoundTripTest.catalog(server)) {
            database.execute(
                    "CREATE TABLE Orders (id int PRIMARY KEY, name varchar(20) CHARACTER SET latin1, code varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, UNIQUE KEY un (name)) ROW_FORMAT=COMPACT",
                    "CREATE TABLE places (id int PRIMARY KEY, p point SRID 4326)");
            var tables =
                    catalog.tables().stream()
                            .filter(name -> name.database().equals(database.name()))
                            .map(name -> new Mapped(catalog.table(name).orElseThrow(), name))
                            .toList();

            var found =
                    MySqlPrechecks.run(
                            root(kernel, "oceanbase-mysql"),
                            Role.TARGET,
                            new PrecheckRequest(tables, true, true, false, catalog.facts()),
                            SETTINGS);

            assertThat(failed(found)).isEmpty();
            assertThat(what(found, "DB_LOWER_CASE_TABLE_NAMES"))
                    .contains(database.name() + ".Orders");
            assertThat(what(found, "DB_CHARSET"))
                    .contains(
                            "character set becomes utf8mb4, collation latin1_swedish_ci becomes"
                                    + " utf8mb4_general_ci: unique values of the source may be equal"
                                    + " here (column "
                                    + database.name()
                                    + ".Orders.name)")
                    .containsPattern(
                            "SRID 4326 [^(]*\\(column " + database.name() + "\\.places\\.p\\)");
            assertThat(what(found, "DB_CONSTRAINT")).contains("row_format = COMPACT");
        }
    }

    @Test
    void aServerThatDoesNotAnswerOrIsAnotherIsOneFailedItem() {
        var nobody =
                new Endpoint(
                        "mysql",
                        List.of(new Endpoint.Host("127.0.0.1", 1)),
                        "root",
                        new Secret(""),
                        Map.of());
        var request = new PrecheckRequest(List.of(), true, true, false, Map.of());

        var silent = MySqlPrechecks.run(nobody, Role.SOURCE, request, SETTINGS);
        assertThat(failed(silent)).containsExactly("RDB_CONNECT");
        assertThat(silent.getFirst().remedy()).contains("127.0.0.1:1", "source", "firewall");
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        var stranger =
                new Endpoint(
                        "mysql",
                        List.of(new Endpoint.Host(server.host(), server.port())),
                        "nobody",
                        new Secret("wrong"),
                        Map.of());
        var refused = MySqlPrechecks.run(stranger, Role.TARGET, request, SETTINGS);
        assertThat(failed(refused)).containsExactly("RDB_CONNECT");
        assertThat(refused.getFirst().remedy()).contains("password", "target", "'nobody'");
        assertThat(
                        failed(
                                MySqlPrechecks.run(
                                        root(TestServers.shared(ServerKind.MYSQL_8_0), "mariadb"),
                                        Role.SOURCE,
                                        request,
                                        SETTINGS)))
                .containsExactly("DB_VERSION");
    }

    private static PrecheckRequest request(
            MySqlCatalog catalog, TableName source, TableName target) {
        var table = catalog.table(source).orElseThrow();
        return new PrecheckRequest(List.of(new Mapped(table, target)), true, true, false, Map.of());
    }

    private static Endpoint root(DatabaseServer server, String type) {
        return new Endpoint(
                type,
                List.of(new Endpoint.Host(server.host(), server.port())),
                server.user(),
                new Secret(""),
                Map.of());
    }

    private static Endpoint typed(DatabaseServer server) {
        return root(server, type(server));
    }

    private static String type(DatabaseServer server) {
        return switch (server.kind().family()) {
            case MYSQL -> "mysql";
            case MARIADB -> "mariadb";
            case OCEANBASE -> "oceanbase-mysql";
        };
    }

    private static Endpoint account(DatabaseServer server, String name) throws SQLException {
        server.execute("CREATE USER '" + name + "'@'%' IDENTIFIED BY 'secret'");
        return new Endpoint(
                type(server),
                List.of(new Endpoint.Host(server.host(), server.port())),
                name,
                new Secret("secret"),
                Map.of());
    }

    private static void grant(DatabaseServer server, List<Finding> findings) throws SQLException {
        var statements = new ArrayList<String>();
        for (var finding : findings) {
            for (var statement : finding.remedy().split(";")) {
                if (statement.strip().startsWith("GRANT ")) {
                    statements.add(statement.strip());
                }
            }
        }
        server.execute(statements.toArray(String[]::new));
    }

    private static List<String> failed(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.outcome() == Outcome.FAILED)
                .map(Finding::item)
                .toList();
    }

    private static List<String> items(List<Finding> findings) {
        return findings.stream().map(Finding::item).toList();
    }

    private static String what(List<Finding> findings, String item) {
        return findings.stream()
                .filter(finding -> finding.item().equals(item))
                .findFirst()
                .orElseThrow()
                .what();
    }
}
