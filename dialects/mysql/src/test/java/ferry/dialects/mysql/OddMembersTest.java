package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The empty text that a server made of a refused ENUM value arrives as that, and nothing else is
/// written less strictly for it.
@Tag("servers")
final class OddMembersTest {
    private static final String COLUMNS =
            "e ENUM('b','a') CHARACTER SET utf8mb4 NOT NULL, f ENUM('','ö') CHARACTER SET latin1, n TINYINT,"
                    + " at TIMESTAMP NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP";

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_7", "MARIADB_11_4"})
    void itIsReadAndWritten(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, " + COLUMNS);
            end.database()
                    .execute(
                            "SET sql_mode = ''",
                            "INSERT INTO t VALUES (1, 0, '', 1, NULL), (2, 'none', 'ö', 2, NULL), (3, 'a', NULL, 3, NULL)");
            var rows = end.read(table);
            assertThat(rows).extracting(row -> row.text(1)).containsExactly("", "", "a");
            end.database().execute("DELETE FROM t");

            end.insert(table, rows);

            assertThat(end.read(table)).isEqualTo(rows);
            assertThat(end.database().query("SELECT CONCAT(e + 0, '-', IFNULL(f + 0, 9)) FROM t"))
                    .containsExactly("0-1", "0-2", "2-9");
        }
    }

    private static Row row(String id, String e, String n) {
        return Row.ofText(id, e, "", n, "2024-01-01 00:00:00");
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void changesGoToItAndFromIt(ServerKind kind) throws SQLException {
        for (var key : List.of(" PRIMARY KEY", "")) {
            for (var mode : List.of(Mode.STRICT, Mode.WINDOW)) {
                try (var end = End.of(kind)) {
                    var columns =
                            kind == ServerKind.SEEKDB
                                    ? COLUMNS.replace("latin1", "utf8mb4")
                                    : COLUMNS;
                    var table = end.create("t", "id INT" + key + ", " + columns);

                    end.apply(
                            table,
                            mode,
                            List.of(
                                    new Change.Insert(row("1", "", "1")),
                                    new Change.Insert(row("2", "a", "2")),
                                    new Change.Insert(row("3", "", "3")),
                                    new Change.Update(row("1", "", "1"), row("1", "a", "1")),
                                    new Change.Update(row("2", "a", "2"), row("2", "", "2")),
                                    new Change.Update(row("2", "", "2"), row("2", "", "-2")),
                                    new Change.Update(row("3", "", "3"), row("4", "", "3"))));

                    assertThat(end.read(table))
                            .containsExactlyInAnyOrder(
                                    row("1", "a", "1"), row("2", "", "-2"), row("4", "", "3"));
                    end.apply(table, mode, List.of(new Change.Delete(row("4", "", "3"))));
                    assertThat(end.read(table)).hasSize(2);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void nothingElseIsWrittenLoosely(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, e ENUM('a'), n TINYINT");
            var unique = end.create("u", "e ENUM('a') NOT NULL PRIMARY KEY");

            assertRefused(end, table, Row.ofText("1", "", "300"));
            assertRefused(end, unique, Row.ofText(""));

            end.insert(table, List.of(Row.ofText("1", "", "1")));
            assertRefused(end, table, Row.ofText("2", "a", "300"));
        }
    }

    private static void assertRefused(End end, ferry.engine.model.Table table, Row row) {
        var problem =
                catchThrowableOfType(ProblemException.class, () -> end.insert(table, List.of(row)));
        assertThat(problem.code()).isEqualTo(ProblemCode.VALUE_REFUSED);
    }
}
