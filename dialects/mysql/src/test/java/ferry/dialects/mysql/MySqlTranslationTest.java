package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import org.junit.jupiter.api.Test;

/// Rows of one member of the family as another holds them.
final class MySqlTranslationTest {
    private static final DataType INT = new DataType.Int(32, false);

    private static Row one(DataType from, DataType to, String value) {
        return MySqlTranslation.of(
                        TranslationFixture.table("v", from), TranslationFixture.table("v", to))
                .translate(Row.ofText(value));
    }

    private static void assertRefused(DataType from, DataType to, String value) {
        assertThat(catchThrowableOfType(ProblemException.class, () -> one(from, to, value)).code())
                .isEqualTo(ProblemCode.VALUE_REFUSED);
    }

    @Test
    void equalTablesNeedNone() {
        var table = TranslationFixture.table("a", INT, "v", TranslationFixture.text("gbk"));

        assertThat(MySqlTranslation.of(table, table)).isSameAs(RowTranslation.SAME);
    }

    @Test
    void columnsFollowTheirNames() {
        var source = TranslationFixture.table("a", INT, "gone", INT, "b", INT, "c", INT);
        var target = TranslationFixture.table("B", INT, "own", INT, "a", INT, "c", INT);

        var row =
                MySqlTranslation.of(source, target)
                        .translate(
                                new Row.Builder(4)
                                        .add("1".getBytes())
                                        .add("2".getBytes())
                                        .addNull()
                                        .addAbsent()
                                        .build());

        assertThat(row)
                .isEqualTo(
                        new Row.Builder(4)
                                .addNull()
                                .addAbsent()
                                .add("1".getBytes())
                                .addAbsent()
                                .build());
    }

    @Test
    void digitsAreAddedAndOnlyZerosAreTaken() {
        assertThat(
                        one(
                                        new DataType.Decimal(5, 1, false),
                                        new DataType.Decimal(9, 3, false),
                                        "-1.5")
                                .text(0))
                .isEqualTo("-1.500");
        assertThat(
                        one(
                                        new DataType.Decimal(5, 2, false),
                                        new DataType.Decimal(9, 1, false),
                                        "1.50")
                                .text(0))
                .isEqualTo("1.5");
        assertRefused(new DataType.Decimal(5, 2, false), new DataType.Decimal(9, 1, false), "1.51");
        assertThat(one(INT, new DataType.Decimal(9, 2, false), "7").text(0)).isEqualTo("7.00");
        assertThat(
                        one(
                                        new DataType.DateTime(0),
                                        new DataType.DateTime(3),
                                        "2024-01-01 00:00:00")
                                .text(0))
                .isEqualTo("2024-01-01 00:00:00.000");
        assertThat(one(new DataType.Time(6), new DataType.Time(0), "-00:00:01.000000").text(0))
                .isEqualTo("-00:00:01");
        assertRefused(
                new DataType.Timestamp(6), new DataType.DateTime(3), "2024-01-01 00:00:00.000001");
    }

    @Test
    void aNarrowerNumberMustHoldTheValue() {
        assertThat(one(new DataType.Float(64, false), new DataType.Float(32, false), "0.5").text(0))
                .isEqualTo("0.5");
        assertRefused(new DataType.Float(64, false), new DataType.Float(32, false), "0.1");
        assertThat(one(new DataType.Bits(8), new DataType.Bits(16), "a").bytes(0))
                .containsExactly(0, 'a');
        assertRefused(new DataType.Bits(16), new DataType.Bits(8), "ab");
    }

    @Test
    void fixedLengthsArePaddedAndCutAsTheServerDoes() {
        var fixed = new DataType.Text("utf8mb4", "utf8mb4_bin", 20, true);
        assertThat(one(TranslationFixture.text("utf8mb4"), fixed, "a  ").text(0)).isEqualTo("a");
        assertThat(one(fixed, TranslationFixture.text("utf8mb4"), "a").text(0)).isEqualTo("a");
        assertThat(one(new DataType.Bytes(2, false), new DataType.Bytes(4, true), "a").bytes(0))
                .containsExactly('a', 0, 0, 0);
        assertRefused(new DataType.Bytes(9, false), new DataType.Bytes(1, true), "ab");
    }
}
