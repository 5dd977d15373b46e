package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.mysql.SchemaCorpus.Sample;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.model.Column;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Reads each table of the corpus from one server, plans it for another, builds it there and reads
/// it again.
@Tag("servers")
final class SchemaRoundTripTest {

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(ServerKind.MYSQL_8_0, ServerKind.MYSQL_8_0),
                Arguments.of(ServerKind.MYSQL_5_6, ServerKind.MYSQL_8_0),
                Arguments.of(ServerKind.MYSQL_5_7, ServerKind.MYSQL_8_0),
                Arguments.of(ServerKind.MARIADB_10_11, ServerKind.MYSQL_8_0),
                Arguments.of(ServerKind.MARIADB_11_4, ServerKind.MARIADB_11_4),
                Arguments.of(ServerKind.MYSQL_8_0, ServerKind.MYSQL_5_7),
                Arguments.of(ServerKind.MYSQL_9, ServerKind.MYSQL_9),
                Arguments.of(ServerKind.MYSQL_9, ServerKind.MYSQL_5_7),
                Arguments.of(ServerKind.MYSQL_9, ServerKind.MARIADB_10_11),
                Arguments.of(ServerKind.MYSQL_9, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MARIADB_11_4, ServerKind.MYSQL_9),
                Arguments.of(ServerKind.MYSQL_8_0, ServerKind.MYSQL_5_6),
                Arguments.of(ServerKind.MYSQL_8_0, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MYSQL_5_6, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MYSQL_5_7, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MARIADB_10_11, ServerKind.SEEKDB),
                Arguments.of(ServerKind.MARIADB_11_4, ServerKind.SEEKDB),
                Arguments.of(ServerKind.SEEKDB, ServerKind.MYSQL_8_0));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void whatIsPlannedIsWhatTheTargetHas(ServerKind sourceKind, ServerKind targetKind)
            throws SQLException {
        roundTrip(sourceKind, targetKind, plan -> statements(plan.create(), plan.laterKeys()));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"MYSQL_8_0, MYSQL_8_0", "MYSQL_9, MARIADB_10_11", "MYSQL_8_0, SEEKDB"})
    void theKeysThatASmallTableIsMadeWithAreTheSame(ServerKind sourceKind, ServerKind targetKind)
            throws SQLException {
        roundTrip(
                sourceKind,
                targetKind,
                plan -> statements(plan.createWithKeys(), plan.atWindowEnd()));
    }

    private static List<String> statements(List<String> create, List<SchemaPlan.KeyBuild> keys) {
        return Stream.concat(create.stream(), keys.stream().map(SchemaPlan.KeyBuild::statement))
                .toList();
    }

    private static void roundTrip(
            ServerKind sourceKind,
            ServerKind targetKind,
            Function<SchemaPlan, List<String>> statements)
            throws SQLException {
        var source = TestServers.shared(sourceKind);
        var target = TestServers.shared(targetKind);
        try (var from = TestServers.database(source, "from");
                var to = TestServers.database(target, "into");
                var here = catalog(source);
                var there = catalog(target)) {
            var tables = corpus(source, here, from.name());
            var names = names(tables, to.name());
            var failures = new ArrayList<String>();
            var plans = new LinkedHashMap<TableName, SchemaPlan>();
            for (var table : tables) {
                try {
                    var plan = there.plan(table, names.get(table.name()), names);
                    build(to.server(), statements.apply(plan));
                    plans.put(table.name(), plan);
                } catch (SQLException refused) {
                    failures.add(table.name() + ": " + refused.getMessage());
                }
            }
            for (var plan : plans.values()) {
                try {
                    build(to.server(), statements(List.of(), plan.afterAll()));
                } catch (SQLException refused) {
                    failures.add(plan.table().name() + ": " + refused.getMessage());
                }
            }
            plans.forEach((name, plan) -> {
                var built = there.table(plan.table().name()).orElseThrow();
                compare(failures, plan.table(), built);
            });

            assertThat(failures).isEmpty();
            assertThat(plans).hasSizeGreaterThan(25);
        }
    }

    @Test
    void betweenEqualServersNothingIsLost() throws SQLException {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        try (var from = TestServers.database(server, "from");
                var catalog = catalog(server)) {
            var tables = corpus(server, catalog, from.name());
            var names = names(tables, "elsewhere");

            for (var table : tables) {
                var plan = catalog.plan(table, names.get(table.name()), names);

                assertThat(plan.losses()).as(table.name().toString()).isEmpty();
                assertThat(described(plan.table())).isEqualTo(described(renamed(table, names)));
            }
        }
    }

    static MySqlCatalog catalog(DatabaseServer server) throws SQLException {
        return catalog(server, Settings.defaults());
    }

    static MySqlCatalog catalog(DatabaseServer server, Settings settings) throws SQLException {
        return new MySqlCatalog(
                server.connect(),
                Role.SOURCE,
                (deed, failure) ->
                        MySqlErrors.problem(
                                Role.SOURCE, MySqlFlavor.MYSQL, server.toString(), deed, failure),
                settings);
    }

    private static List<Table> corpus(DatabaseServer server, MySqlCatalog catalog, String database)
            throws SQLException {
        var tables = new ArrayList<Table>();
        for (Sample sample : SchemaCorpus.SAMPLES) {
            if (sample.where().test(catalog.server().version())) {
                build(server, List.of(sample.statement(database)));
                tables.add(catalog.table(new TableName(database, sample.table())).orElseThrow());
            }
        }
        return tables;
    }

    private static Map<TableName, TableName> names(List<Table> tables, String database) {
        var names = new LinkedHashMap<TableName, TableName>();
        tables.forEach(
                table -> names.put(table.name(), new TableName(database, table.name().table())));
        return names;
    }

    /// Tables are not to depend on each other's order, so foreign keys are not checked while the
    /// corpus is built.
    private static void build(DatabaseServer server, List<String> statements) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET NAMES utf8mb4");
            statement.execute("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'");
            for (var sql : statements) {
                try {
                    statement.execute(sql);
                } catch (SQLException refused) {
                    throw new SQLException(refused.getMessage() + "\n" + sql, refused);
                }
            }
        }
    }

    private static Table renamed(Table table, Map<TableName, TableName> names) {
        var keys =
                table.foreignKeys().stream()
                        .map(key ->
                                new ForeignKey(
                                        key.name(),
                                        key.columns(),
                                        names.get(key.parent()),
                                        key.parentColumns(),
                                        key.onDelete(),
                                        key.onUpdate()))
                        .toList();
        return new Table(
                names.get(table.name()),
                table.columns(),
                table.keys(),
                keys,
                table.options(),
                table.partitioning());
    }

    private static void compare(List<String> failures, Table planned, Table built) {
        var wanted = described(planned);
        var found = described(built);
        for (var i = 0; i < Math.max(wanted.size(), found.size()); i++) {
            var one = i < wanted.size() ? wanted.get(i) : "nothing";
            var other = i < found.size() ? found.get(i) : "nothing";
            if (!one.equals(other)) {
                failures.add(planned.name() + "\n   planned " + one + "\n   built   " + other);
            }
        }
    }

    /// A definition in lines, in an order that does not depend on the server. OceanBase and MariaDB
    /// quote names in partition clauses and spell expressions their own way: letter case, blanks
    /// and quotes there say nothing.
    static List<String> described(Table table) {
        var lines = new ArrayList<String>();
        for (Column column : table.columns()) {
            lines.add(plain(column.toString()));
        }
        table.keys().stream()
                .sorted(Comparator.comparing(Key::name))
                .forEach(key -> lines.add(plain(key.toString())));
        table.foreignKeys().stream()
                .sorted(Comparator.comparing(ForeignKey::name))
                .forEach(key -> lines.add(key.toString()));
        var unnamed = new ArrayList<String>();
        new TreeMap<>(table.options())
                .forEach((name, value) -> {
                    if (name.contains("unnamed_")
                            || name.contains("_chk_")
                            || name.contains("OBCHECK")) {
                        unnamed.add("check " + plain(value)); // the server gives it a name of
                        // its own
                    } else {
                        lines.add(name + " = " + plain(value));
                    }
                });
        unnamed.stream().sorted().forEach(lines::add);
        lines.add(
                "partitions "
                        + table.partitioning().map(SchemaRoundTripTest::plain).orElse("none"));
        return lines;
    }

    private static String plain(String text) {
        return text.replace("_utf8mb4'", "'").replaceAll("[`() ]", "").toLowerCase();
    }
}
