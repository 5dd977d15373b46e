package ferry.engine.load;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import org.junit.jupiter.api.Test;

class PortionTest {
    private final Portion portion =
            new Portion(
                    Settings.defaults()
                            .with(Settings.LOAD_TRANSACTION_ROWS, "10")
                            .with(Settings.LOAD_TRANSACTION_BYTES, "64KiB"));

    @Test
    void aTransactionHoldsNoMoreRowsThanTheLimit() {
        assertThat(portion.endsBefore(4, 1)).isFalse();
        assertThat(portion.endsBefore(6, 1)).isFalse();
        assertThat(portion.endsBefore(1, 1)).isTrue();
        assertThat(portion.endsBefore(9, 1)).isFalse();
        assertThat(portion.endsBefore(1, 1)).isTrue();
    }

    @Test
    void norMoreBytes() {
        assertThat(portion.endsBefore(1, 40_000)).isFalse();
        assertThat(portion.endsBefore(1, 25_536)).isFalse();
        assertThat(portion.endsBefore(1, 1)).isTrue();
    }

    @Test
    void aBatchThatIsLargerGoesAlone() {
        assertThat(portion.endsBefore(1, 1_000_000)).isFalse();
        assertThat(portion.endsBefore(1, 1_000_000)).isTrue();
        assertThat(portion.endsBefore(1, 1)).isTrue();
        assertThat(portion.endsBefore(1, 1)).isFalse();
    }
}
