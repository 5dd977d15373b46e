package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Finding.Outcome;
import ferry.engine.dialect.Role;
import ferry.engine.model.TableName;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the dictionary prints as a question mark is told from what is one.
@Tag("servers")
final class DictionaryTextTest {
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_6", "MYSQL_8_0", "MYSQL_9", "MARIADB_11_4"})
    void rowsTellWhatAQuestionMarkIs(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind);
                var catalog = SchemaRoundTripTest.catalog(database.server());
                var connection = database.connect()) {
            database.execute(
                    "SET NAMES utf8mb4",
                    "CREATE TABLE honest (e ENUM('a','?') CHARACTER SET utf8mb4, d VARCHAR(9) CHARACTER SET utf8mb4 DEFAULT 'why?')",
                    "INSERT INTO honest (e) VALUES ('?')",
                    "CREATE TABLE member (e ENUM('a','x😀') CHARACTER SET utf8mb4)",
                    "INSERT INTO member VALUES ('a'), ('x😀')",
                    "CREATE TABLE bits (s SET('a','?','😀') CHARACTER SET utf8mb4)",
                    "INSERT INTO bits VALUES ('a'), ('a,?'), ('a,?,😀')",
                    "CREATE TABLE fallback (d VARCHAR(9) CHARACTER SET utf8mb4 DEFAULT 'x😀', id INT)",
                    "INSERT INTO fallback (id) VALUES (1)",
                    "CREATE TABLE silent (e ENUM('a','😀') CHARACTER SET utf8mb4)",
                    "CREATE TABLE narrow (e ENUM('a','?') CHARACTER SET latin1)");

            assertThat(found(connection, catalog, database.name(), "honest", "narrow"))
                    .allMatch(finding -> finding.outcome() == Outcome.PASSED);
            assertThat(found(connection, catalog, database.name(), "member"))
                    .anyMatch(finding ->
                            finding.outcome() == Outcome.FAILED
                                    && finding.what().contains("member.e (x?)"));
            assertThat(found(connection, catalog, database.name(), "bits"))
                    .anyMatch(finding ->
                            finding.outcome() == Outcome.FAILED
                                    && finding.what().contains("bits.s (?)"));
            assertThat(found(connection, catalog, database.name(), "silent"))
                    .anyMatch(finding ->
                            finding.outcome() == Outcome.WARNED
                                    && finding.what().contains("silent.e (?)"));
            if (kind != ServerKind.MYSQL_9) { // which prints such defaults in full
                assertThat(found(connection, catalog, database.name(), "fallback"))
                        .anyMatch(finding ->
                                finding.outcome() == Outcome.WARNED
                                        && finding.what().contains("fallback.d is x😀"));
            }
        }
    }

    private static List<Finding> found(
            java.sql.Connection connection,
            MySqlCatalog catalog,
            String database,
            String... names) {
        var findings = new Findings(Role.SOURCE);
        DictionaryText.check(
                findings,
                connection,
                List.of(names).stream()
                        .map(name -> catalog.table(new TableName(database, name)).orElseThrow())
                        .toList());
        return findings.all();
    }
}
