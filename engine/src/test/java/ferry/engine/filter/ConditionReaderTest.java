package ferry.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import ferry.engine.model.Column;
import ferry.engine.model.Condition;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TextDecoder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What conditions may be written. What they mean is asked of real servers by the dialects' tests.
final class ConditionReaderTest {
    private static final Table ORDERS =
            Table.of(
                    new TableName("shop", "orders"),
                    List.of(
                            Column.of("id", new DataType.Int(32, false), "int", false),
                            Column.of(
                                    "amount", new DataType.Decimal(10, 2, false), "decimal", true),
                            Column.of(
                                    "state",
                                    new DataType.Text("utf8mb4", "utf8mb4_bin", 40, false),
                                    "varchar(10)",
                                    true),
                            Column.of("made", new DataType.DateTime(0), "datetime", true),
                            Column.of("seen", new DataType.Timestamp(0), "timestamp", true),
                            Column.of("weight", new DataType.Float(32, false), "float", true),
                            Column.of(
                                    "note",
                                    new DataType.Text("utf8mb4", "utf8mb4_bin", 16_777_215, false),
                                    "mediumtext",
                                    true)),
                    List.of(Key.primary("id")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount > 0",
                "`amount` >= .5 AND NOT (state = 'open' OR state IS NULL)",
                "amount BETWEEN -1 AND '2.5'",
                "STATE IN ('open', 'it''s', NULL)",
                "(id % 2 = 0) IS TRUE XOR amount IS NOT NULL",
                "seen < '2024-01-01 00:00:00 Europe/Berlin'",
                "made >= '2024-01-01'",
                "SUBSTR(CONCAT(state, '-'), -2, 1) <> 'a'",
                "amount * 2 - id != 7",
                "TRUE",
            })
    void whatIsWrittenOftenIsRead(String text) {
        assertThatNoException().isThrownBy(() -> ConditionReader.read(text, ORDERS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "amount >                    | the end is not expected here",
                "amount > 1 amount           | line 1, column 12: 'amount' is not expected here",
                "price > 1                   | line 1, column 1: 'price' is no column of shop.orders",
                "state NOTNULL               | 'NOTNULL' is no column",
                "! id = 1                    | '!' is no column",
                "id BETWEEN SYMMETRIC 2 AND 1 | 'SYMMETRIC' is no column",
                "id = 1 OR id = 2 XOR id = 3 | stands beside OR and XOR; put it in parentheses",
                "id = 1 XOR id = 2 OR id = 3 | stands beside OR and XOR; put it in parentheses",
                "id IN ()                    | a list of values",
                "state = 'abc                | not closed",
                "id > 1 /* all */ AND id < 5 | a comment may not stand",
                "id = amount(+)              | (+)",
                "CONCAT(note, note) = 'a'    | max_allowed_packet",
                "CONCAT(CONCAT(CONCAT(CONCAT(CONCAT(CONCAT(state, 'a'), 'a'), 'a'), 'a'), 'a'), 'a') = 'a' | inside one another",
                "made > '9999-12-31 23:00:00 -05:00' | names a time zone",
                "seen > '9999-12-31 23:00:00 -05:00' | is not a date and time",
                "orders.amount > 1           | names a table",
                "weight > 1                  | is of type float",
                "amount > 'many'             | 'many'",
                "amount > state              | compares a number with a text",
                "made > '2024-02-30'         | is not a date and time",
                "made > '2024-01-01 00:00:00 +01:00' | names a time zone",
                "state LIKE 'a%'             | 'LIKE' is no column of shop.orders that rows carry, and no word of row conditions",
                "LENGTH(state) > 1           | 'LENGTH' is no column",
                "amount / 2 > 1              | is nothing that a row condition can compare",
                "amount <=> 1                | which row conditions do not know",
                "state = \"open\"            | texts stand in single quotes",
                "state = 'a\\b'              | backslash",
                "REPLACE(CONCAT(state, 'a'), 'a', 'b') = 'a' | replaces in something else than a column",
                "amount > 1e3                | floating point",
                "id IN (SELECT 1)            | 'SELECT' is no column",
                "amount                      | is no condition",
            })
    void whatWouldNotMeanTheSameToAllIsRefused(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConditionReader.read(text, ORDERS))
                .withMessageContaining(why.strip());
    }

    @Test
    void anUnknownConditionMovesNoRow() {
        var filter =
                RowFilter.of(
                        ConditionReader.read("amount <> 1 OR state = 'a'", ORDERS),
                        ORDERS,
                        TextDecoder.UTF_8);

        assertThat(filter.test(row("1", null, null))).isFalse();
        assertThat(filter.test(row("1", null, "a"))).isTrue();
        assertThat(filter.test(row("1", "2.00", null))).isTrue();
    }

    @Test
    void manyPartsAreNoTree() {
        var many = "id = 1" + " OR id = 1".repeat(900);

        assertThat(ConditionReader.read(many, ORDERS))
                .isInstanceOfSatisfying(
                        Condition.Or.class, or -> assertThat(or.parts()).hasSize(901));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConditionReader.read(many + many, ORDERS))
                .withMessageContaining("10,000 characters");
    }

    private static Row row(String id, String amount, String state) {
        return Row.ofText(id, amount, state, null, null, null, null);
    }
}
