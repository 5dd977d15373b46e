package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.model.TableName;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("servers")
final class MySqlCatalogTest {

    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void onlyBaseTablesOfUsersAreListed(ServerKind kind) throws SQLException {
        try (var database = TestServers.database(kind);
                var books = TestServers.database(database.server(), "books");
                var catalog =
                        SchemaRoundTripTest.catalog(
                                database.server(),
                                Settings.defaults()
                                        .with(Settings.BOOKKEEPING_DATABASE, books.name()))) {
            database.execute(
                    "CREATE TABLE b (id int PRIMARY KEY)",
                    "CREATE TABLE a (id int PRIMARY KEY)",
                    "CREATE VIEW v AS SELECT 1 AS one");
            books.execute("CREATE TABLE lane (id int PRIMARY KEY)");

            var all = catalog.tables();

            assertThat(all).isSorted();
            assertThat(all)
                    .filteredOn(name -> name.database().equals(database.name()))
                    .extracting(TableName::table)
                    .containsExactly("a", "b");
            assertThat(all)
                    .extracting(name -> name.database().toLowerCase(Locale.ROOT))
                    .doesNotContain("mysql", "sys", "oceanbase", books.name());
            assertThat(catalog.table(new TableName(database.name(), "v"))).isEmpty();
            assertThat(catalog.table(new TableName(database.name(), "none"))).isEmpty();
            assertThat(catalog.table(new TableName("no_such_database", "none"))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void sizesAreKnownEvenWithoutStatistics(ServerKind kind) throws SQLException {
        try (var database = TestServers.database(kind);
                var catalog = SchemaRoundTripTest.catalog(database.server())) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, v varchar(200))",
                    "CREATE TABLE bare (id int PRIMARY KEY)",
                    "INSERT INTO t VALUES (1, REPEAT('x', 100)), (2, REPEAT('x', 100)), (3, NULL)");

            var size =
                    catalog.size(catalog.table(new TableName(database.name(), "t")).orElseThrow());
            var none =
                    catalog.size(
                            catalog.table(new TableName(database.name(), "bare")).orElseThrow());

            assertThat(size.rows()).isBetween(1L, 10L);
            assertThat(size.rowBytes()).isBetween(50L, 20_000L);
            assertThat(none.rows()).isZero();
            assertThat(none.rowBytes()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {"MYSQL_8_0", "MARIADB_10_11", "SEEKDB"})
    void theIdentitySurvivesARestartAndDiffersBetweenServers(ServerKind kind) throws SQLException {
        try (var server = TestServers.start(kind)) {
            var before = identity(server);

            server.restart();

            assertThat(identity(server)).isEqualTo(before).hasSize(36);
            assertThat(identity(TestServers.shared(kind))).isNotEqualTo(before);
        }
    }

    @Test
    void factsTellWhatTheOtherEndAsks() throws SQLException {
        try (var catalog =
                SchemaRoundTripTest.catalog(TestServers.shared(ServerKind.MARIADB_11_4))) {
            var facts = catalog.facts();

            assertThat(facts)
                    .containsEntry("flavor", "mariadb")
                    .containsEntry("lower_case_table_names", "0")
                    .containsKeys(
                            "version",
                            "sql_mode",
                            "character_set_server",
                            "collation_server",
                            "max_allowed_packet",
                            "time_zone",
                            "log_bin",
                            "binlog_format");
            assertThat(facts.get("collations")).contains("utf8mb4_uca1400_ai_ci:utf8mb4");
            assertThat(facts.get("charsets")).contains("latin1:latin1_swedish_ci:1");
        }
    }

    @Test
    void namesAreFoundInAnyLetterCaseWhereTheServerIgnoresIt() throws SQLException {
        try (var database = TestServers.database(ServerKind.SEEKDB);
                var catalog = SchemaRoundTripTest.catalog(database.server())) {
            database.execute("CREATE TABLE Camel (id int PRIMARY KEY)");

            var found =
                    catalog.table(new TableName(database.name().toUpperCase(Locale.ROOT), "CAMEL"));

            assertThat(found.orElseThrow().name())
                    .isEqualTo(new TableName(database.name(), "camel"));
            assertThat(catalog.drop(new TableName("Shop", "Camel")))
                    .isEqualTo("DROP TABLE IF EXISTS `shop`.`camel`");
        }
    }

    private static String identity(ferry.testkit.servers.DatabaseServer server)
            throws SQLException {
        try (var catalog = SchemaRoundTripTest.catalog(server)) {
            return catalog.serverIdentity();
        }
    }
}
