package ferry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ColumnsTest {
    @Test
    void aLineThatFitsStaysOne() {
        assertThat(Columns.wrap("  ✓ target  DB_X  all is well", 40))
                .containsExactly("  ✓ target  DB_X  all is well");
    }

    @Test
    void furtherLinesBeginBelowTheTextAndColoursTakeNoRoom() {
        assertThat(Columns.wrap("  \033[33m!\033[0m target  DB_X  one two three four five six", 28))
                .containsExactly(
                        "  \033[33m!\033[0m target  DB_X  one two",
                        "            three four five",
                        "            six");
    }

    @Test
    void aWordThatIsLongerThanTheLineStaysWhole() {
        assertThat(Columns.wrap("  see /a/very/long/path/that/does/not/fit now", 20))
                .containsExactly("  see", "  /a/very/long/path/that/does/not/fit", "  now");
    }
}
