package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.problem.ProblemException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Text is converted as the server converts it, or not at all.
final class MySqlConversionTest {
    private static final HexFormat HEX = HexFormat.of();

    private static Optional<String> convert(String hex, String from, String to) {
        return MySqlConversion.convert(HEX.parseHex(hex), from, to).map(HEX::formatHex);
    }

    @Test
    void whatHasNoPlaceIsRefused() {
        assertThat(convert("c3a4", "utf8mb4", "latin1")).contains("e4");
        assertThat(convert("e4b8ad", "utf8mb4", "latin1")).isEmpty();
        assertThat(convert("f09f9880", "utf8mb4", "utf8mb3")).isEmpty();
        assertThat(convert("f09f9880", "utf8mb4", "utf16")).contains("d83dde00");
        assertThat(convert("ff", "utf8mb4", "latin1")).isEmpty();
        assertThat(convert("61", "eucjpms", "utf8mb4")).contains("61");
        assertThat(convert("b0a1", "eucjpms", "utf8mb4")).contains("e4ba9c");
        assertThat(convert("a15a", "big5", "utf8mb4")).isEmpty();
        assertThat(convert("ff00", "binary", "utf8mb4")).contains("ff00");
        assertThat(convert("818d", "latin1", "utf8mb4")).contains("c281c28d");
        assertThat(convert("c281", "utf8mb4", "latin1")).contains("81");
    }

    @Test
    void aValueThatWouldChangeIsRefusedWithoutNamingIt() {
        var problem =
                catchThrowableOfType(
                        ProblemException.class, () -> TranslationFixture.text("latin1", "中"));

        assertThat(problem.getMessage()).contains("column v").doesNotContain("中");
    }
}
