package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Forms of single values; that servers agree shows [UniqueFormsOfServersTest].
final class MySqlUniqueFormsTest {
    private static UniqueForm text(String charset, String collation) {
        return MySqlTextForm.of(charset, collation).orElseThrow();
    }

    private static Optional<UniqueForm> column(DataType type, String nativeType) {
        return MySqlUniqueForms.of(Column.of("v", type, nativeType, false));
    }

    private static Optional<UniqueForm> column(DataType type) {
        return column(type, "native");
    }

    private static long of(UniqueForm form, String value) {
        return form.of(Row.ofText(value), 0);
    }

    private static void assertOne(UniqueForm form, String... values) {
        for (var value : values) {
            assertThat(of(form, value)).as(value).isEqualTo(of(form, values[0]));
        }
        assertThat(of(form, values[0])).isNotEqualTo(UniqueForm.ANY);
    }

    private static void assertAny(UniqueForm form, String... values) {
        for (var value : values) {
            assertThat(of(form, value)).as(value).isEqualTo(UniqueForm.ANY);
        }
    }

    private static void assertDifferent(UniqueForm form, String... values) {
        assertThat(List.of(values).stream().map(value -> of(form, value)).distinct())
                .hasSameSizeAs(values);
    }

    @Test
    void generalCollationsKnowEveryCharacter() {
        var form = text("utf8mb4", "utf8mb4_general_ci");

        assertOne(form, "straSe", "STRASE", "straße", "strase  ");
        assertOne(form, "a😀", "A😁", "á𠀀 ");
        assertDifferent(form, "a", "b", "ss", "s", "中", "国", "", "a😀", "\0", "\t");
    }

    @Test
    void collationsOfTheUnicodeAlgorithmKnowLettersThatStandForThemselves() {
        for (var collation : List.of("unicode_ci", "unicode_520_ci", "0900_ai_ci", "0900_as_cs")) {
            var form = text("utf8mb4", "utf8mb4_" + collation);

            assertOne(form, "Éa", "ea", "ÉÁ  ");
            assertDifferent(form, "a", "b", "ss", "中", "国", "", "я", "ж", "か", "き", "-", "_");
            assertAny(form, "ß", "a\u0301", "\0", "a\u200bb", "😀", "각", "ﬁ");
        }
    }

    @Test
    void languagesMergeAndContract() {
        assertOne(text("utf8mb4", "utf8mb4_lt_0900_ai_ci"), "y", "I", "i");
        assertDifferent(text("utf8mb4", "utf8mb4_0900_ai_ci"), "y", "i");
        assertAny(text("utf8mb4", "utf8mb4_hu_0900_ai_ci"), "ccs", "cscs", "s");
        assertAny(text("utf8mb4", "utf8mb4_lithuanian_ci"), "ch");
        assertOne(text("utf8mb4", "utf8mb4_da_0900_ai_ci"), "aa", "AA");
        assertAny(text("utf8mb4", "utf8mb4_da_0900_ai_ci"), "å");
        assertThat(MySqlTextForm.of("latin2", "latin2_czech_cs")).isEmpty();
        assertThat(MySqlTextForm.of("utf8mb4", "utf8mb4_phone_ci")).isEmpty();
        assertThat(MySqlTextForm.of("utf8mb4", "utf8mb4_my_bin")).isEmpty();
        assertThat(MySqlTextForm.of("latin9", "latin9_bin")).isEmpty();
    }

    @Test
    void binaryCollationsCountEverythingButTrailingSpaces() {
        for (var collation : List.of("utf8mb4_bin", "utf8mb4_0900_bin", "utf8mb4_nopad_bin")) {
            var form = text("utf8mb4", collation);

            assertOne(form, "a", "a ", "a   ");
            assertDifferent(form, "a", "A", "á", "a\0", "a\t", " a", "😀", "");
        }
        var wide = text("utf16", "utf16_bin");
        assertOne(wide, "\0a", "\0a\0 ", "\0a\0 \0 ");
        assertDifferent(wide, "\0a", "\0a \0", "\0a \0\0 ".substring(0, 4) + "b ", "");
    }

    @Test
    void aTrailByteIsNoLetter() {
        var form = text("gbk", "gbk_chinese_ci");
        var upper = Row.of(new byte[] {(byte) 0xb0, 'A'});
        var lower = Row.of(new byte[] {(byte) 0xb0, 'a'});

        assertOne(form, "a", "A ");
        assertThat(form.of(upper, 0)).isNotEqualTo(form.of(lower, 0));
        assertThat(form.of(Row.of(new byte[] {(byte) 0xb0}), 0)).isEqualTo(UniqueForm.ANY);
    }

    @Test
    void oneTextHasOneFormWhetherItIsAsciiOrNot() {
        assertOne(text("latin1", "latin1_swedish_ci"), "e", "E ");
        var form = text("latin1", "latin1_swedish_ci");
        assertThat(form.of(Row.of(new byte[] {(byte) 0xe9}), 0)).isEqualTo(of(form, "E"));
        assertOne(text("utf8mb4", "utf8mb4_unicode_ci"), "e", "é");
    }

    @Test
    void numbersAreTheirTextButForTheSignOfZero() {
        var real = column(new DataType.Float(64, false)).orElseThrow();
        assertOne(real, "0.0", "-0.0");
        assertDifferent(real, "0.0", "1.0", "-1.0");
        var decimal = column(new DataType.Decimal(5, 2, false)).orElseThrow();
        assertOne(decimal, "0.00", "-0.00");
        assertDifferent(decimal, "0.00", "1.50", "-1.50");
        assertThat(column(new DataType.Int(64, true))).contains(UniqueForm.BYTES);
    }

    @Test
    void membersAreTheirNumbers() {
        var member =
                column(new DataType.Enumeration(List.of("a", "中"), "utf8mb4", "utf8mb4_general_ci"))
                        .orElseThrow();
        assertDifferent(member, "a", "中", "");
        assertAny(member, "A", "b");
        var members =
                column(
                                new DataType.Members(
                                        List.of("x", "y", "中"), "utf8mb4", "utf8mb4_general_ci"))
                        .orElseThrow();
        assertOne(members, "x,中", "中,x");
        assertDifferent(members, "", "x", "y", "x,y", "中", "x,y,中");
        assertAny(members, "X", "x,z");
    }

    @Test
    void whatIsNotComparedAsItStandsHasNone() {
        assertThat(column(new DataType.Json())).isEmpty();
        assertThat(column(new DataType.Float(32, false), "float(7,2)")).isEmpty();
        assertThat(column(new DataType.Geometry())).isEmpty();
        assertThat(column(new DataType.Unknown("inet6"))).isEmpty();
    }
}
