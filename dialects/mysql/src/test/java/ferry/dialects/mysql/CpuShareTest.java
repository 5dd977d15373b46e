package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CpuShareTest {
    private static final double FOUR_CPUS = 400;

    private final CpuShare share = new CpuShare();

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void twoLooksTellTheShare() {
        assertThat(share.read(5_000_000, FOUR_CPUS, seconds(10)).value()).isEmpty();

        // Two seconds of CPU in one second, of four that were there.
        assertThat(share.read(7_000_000, FOUR_CPUS, seconds(11)).value()).hasValue(50);
        assertThat(share.read(7_000_000, FOUR_CPUS, seconds(13)).value()).hasValue(0);
    }

    @Test
    void aCounterThatBeginsAnewTellsNothingOnce() {
        var _ = share.read(5_000_000, FOUR_CPUS, seconds(10));

        assertThat(share.read(1_000_000, FOUR_CPUS, seconds(11)).value()).isEmpty();
        assertThat(share.read(5_000_000, FOUR_CPUS, seconds(12)).value()).hasValue(100);
    }
}
