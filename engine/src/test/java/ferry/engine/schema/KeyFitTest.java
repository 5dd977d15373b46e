package ferry.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What rows of the source could displace one another in a target table that was there before.
final class KeyFitTest {
    private static Table table(String collation, Key... keys) {
        return Table.of(
                new TableName("shop", "users"),
                List.of(
                        Column.of("id", new DataType.Int(32, false), "int", false),
                        Column.of(
                                "email",
                                new DataType.Text("utf8mb4", collation, 50, false),
                                "varchar(50)",
                                true),
                        Column.of("region", new DataType.Int(32, false), "int", false)),
                List.of(keys));
    }

    private static final Key ID = Key.primary("id");
    private static final Key EMAIL = Key.unique("email", "email");

    @Test
    void equalKeysFit() {
        var source = table("utf8mb4_bin", ID, EMAIL);
        assertThat(KeyFit.unfit(source, source)).isEmpty();
    }

    @Test
    void aKeyOverMoreColumnsFits() {
        var source = table("utf8mb4_bin", ID, EMAIL);
        var wider = Key.unique("both", "region", "email");
        assertThat(KeyFit.unfit(source, table("utf8mb4_bin", ID, wider))).isEmpty();
        assertThat(KeyFit.unfit(table("utf8mb4_bin", ID, wider), source)).containsExactly(EMAIL);
    }

    @Test
    void aKeyThatTheSourceLacksDoesNot() {
        assertThat(KeyFit.unfit(table("utf8mb4_bin", ID), table("utf8mb4_bin", ID, EMAIL)))
                .containsExactly(EMAIL);
    }

    @Test
    void aKeyUnderAnotherCollationDoesNot() {
        assertThat(
                        KeyFit.unfit(
                                table("utf8mb4_bin", ID, EMAIL),
                                table("utf8mb4_general_ci", ID, EMAIL)))
                .containsExactly(EMAIL);
    }
}
