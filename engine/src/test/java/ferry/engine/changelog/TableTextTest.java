package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableTextTest {
    @Test
    void everyPartOfADefinitionComesBack() {
        for (var table : List.of(Samples.ORDERS, Samples.LINES, Samples.WIDE)) {
            assertThat(TableText.decode(TableText.encode(table))).isEqualTo(table);
        }
    }

    @Test
    void aTextThatIsCutShortOrTooLongIsRefused() {
        var bytes = Base64.getDecoder().decode(TableText.encode(Samples.WIDE));
        for (var length = 0; length < bytes.length; length++) {
            var cut = Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> TableText.decode(cut))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        var longer =
                Base64.getEncoder()
                        .encodeToString(java.util.Arrays.copyOf(bytes, bytes.length + 1));
        assertThatThrownBy(() -> TableText.decode(longer))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TableText.decode("not base64!"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
