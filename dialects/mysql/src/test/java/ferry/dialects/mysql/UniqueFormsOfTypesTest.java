package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.UniqueForm;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Values of every type that a real unique key holds equal have one form, and those that it holds
/// different have two.
@Tag("servers")
final class UniqueFormsOfTypesTest {
    private record Values(String type, List<String> literals) {
        static Values of(String type, String... literals) {
            return new Values(type, List.of(literals));
        }

        @Override
        public String toString() {
            return type;
        }
    }

    private static final List<Values> VALUES =
            List.of(
                    Values.of("INT", "0", "-0", "7", "-7", "'07'"),
                    Values.of("INT(6) ZEROFILL", "7", "07", "0"),
                    Values.of("BIGINT UNSIGNED", "18446744073709551615", "0", "1e3", "1000"),
                    Values.of("DECIMAL(5,2)", "0", "-0.0", "-0.001", "'-0'", "1.5", "1.50", "-1.5"),
                    Values.of("DECIMAL(5,0)", "0", "-0.1", "3", "-3"),
                    Values.of("DECIMAL(5,2) ZEROFILL", "0", "1.5", "01.50"),
                    Values.of("DOUBLE", "0e0", "-0e0", "1e0", "-1e0", "1e-300", "0.1e0", "0.1"),
                    Values.of("FLOAT", "0e0", "-0e0", "0.1", "0.1e0", "0.10000001e0", "16777217"),
                    Values.of("BIT(10)", "0", "1", "b'0000000001'", "1023"),
                    Values.of("YEAR", "0", "'0000'", "70", "1970", "2000"),
                    Values.of("DATE", "'0000-00-00'", "'2024-02-29'", "'2024-2-29'", "20240229"),
                    Values.of("TIME", "'00:00:00'", "'-00:00:00'", "'24:00:00'", "'1 00:00:00'"),
                    Values.of("TIME(6)", "'-00:00:00.0'", "0", "'-00:00:00.000001'"),
                    Values.of("DATETIME(3)", "'2024-01-01'", "'2024-01-01 00:00:00.0001'"),
                    Values.of("TIMESTAMP(2) NULL", "'2024-01-01'", "'2024-01-01 00:00:00.001'"),
                    Values.of("BINARY(4)", "'a'", "'a '", "x'6100'", "x'61000000'", "''"),
                    Values.of("VARBINARY(9)", "'a'", "'a '", "x'6100'", "'A'", "''", "x'00'"),
                    Values.of("CHAR(5) COLLATE utf8mb4_bin", "'a'", "'a '", "'A'", "''", "' '"),
                    Values.of("VARCHAR(5) COLLATE utf8mb4_bin", "'a'", "'a  '", "'A'", "' '", "''"),
                    Values.of(
                            "VARCHAR(5) COLLATE utf8mb4_general_ci", "'a'", "'A '", "'b'", "'😀'"),
                    Values.of("ENUM('a','b','A ') COLLATE utf8mb4_bin", "'a'", "'b'", "'A'", "1"),
                    Values.of("ENUM('a','b') COLLATE utf8mb4_general_ci", "'a'", "'A'", "2", "'x'"),
                    Values.of(
                            "SET('x','y') COLLATE utf8mb4_general_ci",
                            "'x,y'",
                            "'Y,x'",
                            "3",
                            "''"));

    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void aUniqueKeyAndTheFormsHoldTheSameEqual(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, " + columns(""));
            end.create("u", columns(" UNIQUE"));
            fill(end.database());
            var rows = end.read(table);

            for (var i = 0; i < VALUES.size(); i++) {
                var values = VALUES.get(i);
                var column = i + 1;
                var form =
                        new MySqlDialect()
                                .uniqueForm(table, table.columns().get(column))
                                .orElseThrow();
                var forms =
                        rows.stream()
                                .limit(values.literals.size())
                                .map(row -> form.of(row, column))
                                .toList();

                assertThat(forms).as("%s", values).doesNotContain(UniqueForm.ANY);
                assertThat(forms.stream().distinct().count())
                        .as("%s %s", values, rows)
                        .isEqualTo(number(end.database(), "SELECT COUNT(v" + i + ") FROM u"));
                for (var pair : equal(end.database(), "v" + i)) {
                    var ids = pair.split(" ");
                    assertThat(forms.get(Integer.parseInt(ids[0])))
                            .as("%s %s", values, rows)
                            .isEqualTo(forms.get(Integer.parseInt(ids[1])));
                }
            }
        }
    }

    private static String columns(String key) {
        return IntStream.range(0, VALUES.size())
                .mapToObj(i ->
                        "v%d %s NULL%s"
                                .formatted(
                                        i,
                                        VALUES.get(i)
                                                .type
                                                .replace(
                                                        "COLLATE", "CHARACTER SET utf8mb4 COLLATE"),
                                        key))
                .collect(Collectors.joining(", "));
    }

    /// NULLs are many in a unique key, so one table has room for all columns.
    private static void fill(TestDatabase database) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET NAMES utf8mb4");
            statement.execute(
                    "SET sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'");
            var longest = VALUES.stream().mapToInt(values -> values.literals.size()).max();
            for (var i = 0; i < longest.orElseThrow(); i++) {
                var id = i;
                statement.execute(
                        VALUES.stream()
                                .map(values ->
                                        id < values.literals.size()
                                                ? values.literals.get(id)
                                                : "NULL")
                                .collect(
                                        Collectors.joining(
                                                ", ", "INSERT INTO t VALUES (" + i + ", ", ")")));
            }
            for (var i = 0; i < VALUES.size(); i++) {
                var column = "v" + i;
                statement.execute(
                        "INSERT IGNORE INTO u (" + column + ") SELECT " + column + " FROM t");
            }
        }
    }

    private static List<String> equal(TestDatabase database, String column) throws SQLException {
        return database.query(
                "SELECT CONCAT(a.id, ' ', b.id) FROM t a JOIN t b ON a.%s = b.%s AND a.id < b.id"
                        .formatted(column, column));
    }

    private static long number(TestDatabase database, String query) throws SQLException {
        return Long.parseLong(database.query(query).getFirst());
    }
}
