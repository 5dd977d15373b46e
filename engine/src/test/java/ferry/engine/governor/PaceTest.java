package ferry.engine.governor;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Settings;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MIB = 1L << 20;

    private final Pace pace =
            new Pace(
                    Settings.defaults()
                            .with(Settings.LOAD_WORKERS, "8")
                            .with(Settings.LOAD_BATCH_BYTES, "1MiB")
                            .with(GovernorSettings.SAMPLE_TIME, "1s")
                            .with(GovernorSettings.GROW_TIME, "10s"));

    @Test
    void stressHalvesWorkersAndBatches() {
        pace.stress(START, 0, "why");

        assertThat(pace.workers()).isEqualTo(4);
        assertThat(pace.batch()).isEqualTo(MIB / 2);
        assertThat(pace.why()).isEqualTo("why");
    }

    @Test
    void manyWhoSeeTheSameStressHalveOnce() {
        for (var i = 0; i < 8; i++) {
            pace.stress(START.plusMillis(i * 100), 1, "busy");
        }

        assertThat(pace.workers()).isEqualTo(4);
    }

    @Test
    void stressThatStaysLetsNobodyWorkAndWhatAskedToTryAgainIsTriedByOne() {
        for (var i = 0; i < 10; i++) {
            pace.stress(START.plusSeconds(i), 1, "busy");
        }
        assertThat(pace.workers()).isEqualTo(1);
        assertThat(pace.batch()).isEqualTo(MIB / 64);

        pace.stress(START.plusSeconds(10), 0, "sign");

        assertThat(pace.workers()).isZero();
        pace.stress(START.plusSeconds(11), 1, "busy");
        assertThat(pace.workers()).as("a busy target lets nobody in anew").isZero();
    }

    @Test
    void calmGrowsStepByStepUpToTheSettings() {
        pace.stress(START, 0, "why");

        pace.grow(START.plusMillis(9_999));
        assertThat(pace.workers()).isEqualTo(4);
        pace.grow(START.plusMillis(10_000));
        assertThat(pace.workers()).isEqualTo(5);
        assertThat(pace.batch()).isEqualTo(MIB * 5 / 8);
        pace.grow(START.plusSeconds(40));
        assertThat(pace.workers()).isEqualTo(8);
        assertThat(pace.batch()).isEqualTo(MIB);
        pace.grow(START.plusSeconds(4_000));
        assertThat(pace.workers()).isEqualTo(8);
        assertThat(pace.batch()).isEqualTo(MIB);
    }

    @Test
    void stressBeginsTheCalmAnew() {
        pace.stress(START, 0, "why");
        pace.stress(START.plusMillis(500), 0, "again, in the same sample");

        pace.grow(START.plusMillis(10_400));
        assertThat(pace.workers()).isEqualTo(4);
        pace.grow(START.plusMillis(10_500));
        assertThat(pace.workers()).isEqualTo(5);
    }
}
