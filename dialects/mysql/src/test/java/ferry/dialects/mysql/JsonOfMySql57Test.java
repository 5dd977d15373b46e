package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// MySQL 5.7 prints a whole double in JSON like an integer, and nothing else that it tells of a
/// document says which it is. What that means between it and the others is what docs/types says.
@Tag("servers")
final class JsonOfMySql57Test {
    /// A whole double, an integer, decimals, and doubles that show that they are doubles.
    private static final String NUMBERS =
            "JSON_ARRAY(1e0, 1, CAST(1 AS DECIMAL(5,2)), 1.5e0, 1e20, 1e-7, 1e15)";

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_9", "SEEKDB"})
    void fromItAWholeDoubleBecomesTheIntegerThatItPrints(ServerKind targetKind)
            throws SQLException {
        try (var source = End.of(ServerKind.MYSQL_5_7);
                var target = End.of(targetKind)) {
            var here = source.create("t", "id INT PRIMARY KEY, j JSON");
            var there = target.create("t", "id INT PRIMARY KEY, j JSON");
            source.database().execute("INSERT INTO t VALUES (1, " + NUMBERS + ")");
            var translation = MySqlTranslation.of(here, there);
            var rows = source.read(here).stream().map(translation::translate).toList();

            target.insert(there, rows);

            assertThat(rows.getFirst().text(1))
                    .isEqualTo("[1, 1, 1.00, 1.5, 1e20, 0.0000001, 1e15]");
            assertThat(target.read(there)).as("no difference is told").isEqualTo(rows);
            assertThat(types(source))
                    .containsExactly("DOUBLE", "INTEGER", "DECIMAL", "DOUBLE", "DOUBLE");
            assertThat(types(target))
                    .containsExactly("INTEGER", "INTEGER", "DECIMAL", "DOUBLE", "DOUBLE");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_9", "SEEKDB"})
    void fromItTheNegativeZeroArrivesAndIsPrintedOtherwise(ServerKind targetKind)
            throws SQLException {
        try (var source = End.of(ServerKind.MYSQL_5_7);
                var target = End.of(targetKind)) {
            var here = source.create("t", "id INT PRIMARY KEY, j JSON");
            var there = target.create("t", "id INT PRIMARY KEY, j JSON");
            source.database().execute("INSERT INTO t VALUES (1, '[-0.0]')");

            target.insert(there, source.read(here));

            assertThat(source.read(here).getFirst().text(1)).isEqualTo("[-0]");
            assertThat(target.read(there).getFirst().text(1)).isEqualTo("[-0.0]");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_9"})
    void toItAWholeDoubleArrivesAndIsPrintedOtherwise(ServerKind sourceKind) throws SQLException {
        try (var source = End.of(sourceKind);
                var target = End.of(ServerKind.MYSQL_5_7)) {
            var here = source.create("t", "id INT PRIMARY KEY, j JSON");
            var there = target.create("t", "id INT PRIMARY KEY, j JSON");
            source.database().execute("INSERT INTO t VALUES (1, " + NUMBERS + ")");

            target.insert(there, source.read(here));

            assertThat(source.read(here).getFirst().text(1))
                    .isEqualTo("[1.0, 1, 1.00, 1.5, 1e20, 0.0000001, 1e15]");
            assertThat(target.read(there).getFirst().text(1))
                    .isEqualTo("[1, 1, 1.00, 1.5, 1e20, 0.0000001, 1e15]");
            assertThat(types(target)).isEqualTo(types(source));
        }
    }

    private static List<String> types(End end) throws SQLException {
        try (var connection = end.database().connect()) {
            return Sql.rows(
                            connection,
                            """
                            SELECT JSON_TYPE(JSON_EXTRACT(j, '$[0]')),
                                   JSON_TYPE(JSON_EXTRACT(j, '$[1]')),
                                   JSON_TYPE(JSON_EXTRACT(j, '$[2]')),
                                   JSON_TYPE(JSON_EXTRACT(j, '$[3]')),
                                   JSON_TYPE(JSON_EXTRACT(j, '$[4]'))
                            FROM t\
                            """)
                    .getFirst();
        }
    }
}
