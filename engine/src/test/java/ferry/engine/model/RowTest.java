package ferry.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RowTest {
    @Test
    void nullAbsentAndEmptyAreThreeDifferentValues() {
        var isNull = new Row.Builder(1).addNull().build();
        var absent = new Row.Builder(1).addAbsent().build();
        var empty = Row.ofText("");

        assertThat(isNull).isNotEqualTo(absent).isNotEqualTo(empty);
        assertThat(absent).isNotEqualTo(empty);
        assertThat(isNull.isNull(0)).isTrue();
        assertThat(absent.isAbsent(0)).isTrue();
        assertThat(empty.isPresent(0)).isTrue();
        assertThat(empty.length(0)).isZero();
    }

    @Test
    void valuesKeepTheirBytesAndBorders() {
        var row = Row.of(new byte[] {0, (byte) 0xff}, null, new byte[0], "ab".getBytes());

        assertThat(row.bytes(0)).containsExactly(0, 0xff);
        assertThat(row.isNull(1)).isTrue();
        assertThat(row.bytes(2)).isEmpty();
        assertThat(row.text(3)).isEqualTo("ab");
        assertThat(row.byteCount()).isEqualTo(4);
        assertThat(Row.ofText("a", "b")).isNotEqualTo(Row.ofText("ab", ""));
    }

    @Test
    void aValueIsShownOnOneLineAndNeverCommandsATerminal() {
        var row =
                Row.of(
                        "two\nlines 🚢".getBytes(StandardCharsets.UTF_8),
                        new byte[] {0x1b, '[', '2', 'J'},
                        new byte[] {(byte) 0xff, 0x00},
                        "x".repeat(61).getBytes(StandardCharsets.UTF_8),
                        null);

        assertThat(row.shown(0)).isEqualTo("'two\\nlines 🚢'");
        assertThat(row.shown(1)).isEqualTo("0x1b5b324a");
        assertThat(row.shown(2)).isEqualTo("0xff00");
        assertThat(row.shown(3)).isEqualTo("'" + "x".repeat(60) + "…'");
        assertThat(row.shown(4)).isEqualTo("NULL");
    }

    @Test
    void projectTakesValuesInTheAskedOrder() {
        var row = new Row.Builder(3).add("x".getBytes()).addNull().addAbsent().build();

        var key = row.project(2, 0, 1);

        assertThat(key.isAbsent(0)).isTrue();
        assertThat(key.text(1)).isEqualTo("x");
        assertThat(key.isNull(2)).isTrue();
    }

    @Test
    void bytesCompareUnsigned() {
        assertThat(Row.of(new byte[] {(byte) 0x80}).compareBytes(0, Row.of(new byte[] {0x7f}), 0))
                .isPositive();
        assertThat(Row.ofText("a").compareBytes(0, Row.ofText("ab"), 0)).isNegative();
    }

    @Test
    void aValueThatIsNotThereIsRefused() {
        var row = new Row.Builder(1).addNull().build();

        assertThatThrownBy(() -> row.bytes(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("value 0");
        assertThatThrownBy(() -> new Row.Builder(2).addNull().build())
                .hasMessageContaining("1 of 2");
    }
}
