package ferry.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A script is split where its statements end, and nowhere else.
final class ScriptTest {
    @Test
    void aStatementEndsWithASemicolonAtTheEndOfALine() {
        var script = Script.of("SET @a = 'one; two';\n\nSELECT 1,\n  ';';  \nSELECT 2;");

        assertEquals(
                List.of("SET @a = 'one; two'", "SELECT 1,\n  ';'", "SELECT 2"),
                script.statements());
    }

    @Test
    void theShopHasATableForEachInsertedOne() {
        var created =
                Script.named("shop.sql").statements().stream()
                        .filter(statement -> statement.contains("CREATE TABLE"))
                        .map(statement -> word(statement, "CREATE TABLE"))
                        .toList();
        var filled =
                Script.named("goods.sql").statements().stream()
                        .filter(statement -> statement.contains("INSERT INTO"))
                        .map(statement -> word(statement, "INSERT INTO"))
                        .distinct()
                        .toList();

        assertEquals(created, filled);
        assertTrue(created.size() >= 12, "the shop has only " + created);
    }

    private static String word(String statement, String before) {
        return statement.split(before + " ")[1].split("[ (\\n]")[0];
    }
}
