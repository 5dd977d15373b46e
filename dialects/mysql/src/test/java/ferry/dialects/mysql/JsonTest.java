package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON as servers parse, hold and print it.
final class JsonTest {
    private static Optional<String> normal(String text) {
        return JsonNormal.of(text.getBytes(StandardCharsets.UTF_8))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static String sql(String json) {
        return new RowSql().value(new DataType.Json(), Row.ofText(json), 0).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "  [1,2 , {\"b\":1,\"aa\":2,\"a\":{}}]|[1, 2, {\"a\": {}, \"b\": 1, \"aa\": 2}]",
                "{\"a\":1,\"\\u0061\":3}|{\"a\": 3}",
                "[1.0,1.10,1E2,-0,-0.0,1e16,0.0000001]|[1.0, 1.1, 100.0, 0, -0.0, 1e16, 0.0000001]",
                "[18446744073709551615,18446744073709551616,-9223372036854775808]|[18446744073709551615, 1.8446744073709552e19, -9223372036854775808]",
                "\"\\ud83d\\ude00 \\/ \\u0001 \\t \\\" \"|\"😀 / \\u0001 \\t \\\" \"",
                "true|true",
                "[]|[]"
            })
    void anyTextBecomesTheServersOwn(String text, String printed) {
        assertThat(normal(text)).contains(printed);
        assertThat(normal(printed)).contains(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "tru",
                "[1",
                "[1,]",
                "{\"a\"}",
                "{a:1}",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "1e400",
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "\"\\x\"",
                "\"a\tb\"",
                "[1] 2",
                "nul",
                "\"open"
            })
    void whatServersRefuseHasNoNormalForm(String text) {
        assertThat(normal(text)).isEmpty();
    }

    @Test
    void aHundredLevelsAreTheMost() {
        assertThat(normal("[".repeat(100) + "]".repeat(100))).isPresent();
        assertThat(normal("[".repeat(101) + "]".repeat(101))).isEmpty();
    }

    @Test
    void aDocumentGoesAsTextUnlessAParserWouldChangeANumber() {
        var plain = "{\"a\": [1, -2.5, 1.0, 18446744073709551615, 1e16, \"0.11299265277390755\"]}";
        assertThat(sql(plain)).isEqualTo("_utf8mb4'" + plain + "'");
        assertThat(sql("{\"a\": [0.11299265277390755, 1, \"x'\"], \"b\": null}"))
                .isEqualTo(
                        "JSON_OBJECT(_utf8mb4'a', JSON_ARRAY(0.11299265277390755E0, 1, _utf8mb4 0x7827), _utf8mb4'b', null)");
        assertThat(sql("[1.10, 2.5]")).isEqualTo("JSON_ARRAY(1.10, 2.5E0)");
        assertThat(sql("1.10")).isEqualTo("CAST(1.10 AS JSON)");
        assertThat(sql("9.05068658616091e-185")).isEqualTo("CAST(9.05068658616091e-185 AS JSON)");
        assertThat(sql("-0")).isEqualTo("CAST(-0E0 AS JSON)");
    }
}
