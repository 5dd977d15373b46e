package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.filter.TableMapping;
import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The comparison that judges Ferry finds every kind of difference itself.
@Tag("servers")
final class ComparisonTest {
    private static final String NAME = "comparison";
    private static final String TABLE =
            """
            CREATE TABLE comparison.t (
                id INT, f FLOAT, d DOUBLE, s VARCHAR(20) COLLATE utf8mb4_general_ci, b BLOB, ts TIMESTAMP(6) NULL, j JSON)
            """;
    private static final String ROW =
            "INSERT INTO comparison.t VALUES (1, 16777217, 0.1, 'a', 'x', '2026-01-01 00:00:00.000001', '[1.0]')";

    @BeforeEach
    @AfterEach
    void forget() throws SQLException {
        Servers.source().execute("DROP DATABASE IF EXISTS comparison");
        for (var pair : Pair.usual()) {
            Servers.target(pair).execute("DROP DATABASE IF EXISTS comparison");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "OCEANBASE"})
    void everySmallDifferenceIsFound(Pair pair) throws SQLException {
        var target = Servers.target(pair);
        for (var server : List.of(Servers.source(), target)) {
            server.execute(
                    "CREATE DATABASE comparison", TABLE, "SET time_zone = '+00:00'", ROW, ROW);
        }

        assertThat(differences(pair)).isEmpty();
        for (var change :
                List.of(
                        "UPDATE comparison.t SET f = 16777220 LIMIT 1",
                        "UPDATE comparison.t SET d = 0.10000000000000002 LIMIT 1",
                        "UPDATE comparison.t SET s = 'A' LIMIT 1",
                        "UPDATE comparison.t SET s = 'a ' LIMIT 1",
                        "UPDATE comparison.t SET b = x'7800' LIMIT 1",
                        "UPDATE comparison.t SET b = NULL LIMIT 1",
                        "UPDATE comparison.t SET ts = '2026-01-01 00:00:00.000002' LIMIT 1",
                        "UPDATE comparison.t SET j = NULL LIMIT 1",
                        "DELETE FROM comparison.t LIMIT 1",
                        ROW)) {
            assertFound(pair, target, change);
        }
        // MySQL keeps [1.0] when an UPDATE says [1], because the two are equal.
        assertFound(pair, target, "DELETE FROM comparison.t LIMIT 1", ROW.replace("[1.0]", "[1]"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "OCEANBASE"})
    void aTableOrKeyTooManyOrTooFewIsFound(Pair pair) throws SQLException {
        var target = Servers.target(pair);
        for (var server : List.of(Servers.source(), target)) {
            server.execute("CREATE DATABASE comparison", TABLE);
        }

        target.execute("CREATE TABLE comparison.extra (id INT)");
        assertThat(differences(pair)).containsExactly("only in the target: table comparison.extra");
        target.execute(
                "DROP TABLE comparison.extra", "CREATE UNIQUE INDEX once ON comparison.t (id)");
        assertThat(differences(pair))
                .singleElement()
                .asString()
                .contains("only in the target")
                .contains("once");
        target.execute("DROP TABLE comparison.t");
        assertThat(differences(pair))
                .containsExactly("table comparison.t is missing in the target");
    }

    private static void assertFound(Pair pair, DatabaseServer target, String... changes)
            throws SQLException {
        target.execute(
                Stream.concat(Stream.of("SET time_zone = '+00:00'"), Stream.of(changes))
                        .toArray(String[]::new));
        assertThat(differences(pair)).as(List.of(changes).toString()).isNotEmpty();
        target.execute("SET time_zone = '+00:00'", "DELETE FROM comparison.t", ROW, ROW);
        assertThat(differences(pair)).as("put back").isEmpty();
    }

    private static List<String> differences(Pair pair) throws SQLException {
        return new Comparison(
                        Servers.source(),
                        Servers.target(pair),
                        pair,
                        NAME,
                        name -> Optional.of(TableMapping.of(name, name)))
                .differences();
    }
}
