package ferry.engine.load;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import org.junit.jupiter.api.Test;

final class ChunkSizeTest {
    private final Settings settings =
            Settings.defaults()
                    .with(Settings.LOAD_CHUNK_BYTES, "1MiB")
                    .with(Settings.LOAD_CHUNK_ROWS, "50000");

    @Test
    void statisticsTellTheFirstOne() {
        assertThat(new ChunkSize(settings, 1024).rows()).isEqualTo(1024);
        assertThat(new ChunkSize(settings, 0).rows()).isEqualTo(50_000);
        assertThat(new ChunkSize(settings, 1 << 30).rows()).isEqualTo(1);
    }

    @Test
    void whatWasReadTellsTheNextOnes() {
        var size = new ChunkSize(settings, 1024);

        size.met(1024, 8 << 20); // 8 KiB a row
        assertThat(size.rows()).isEqualTo(512);
        for (var i = 0; i < 10; i++) {
            size.met(size.rows(), size.rows() * 8192);
        }
        assertThat(size.rows()).isEqualTo(128);
        for (var i = 0; i < 20; i++) {
            size.met(size.rows(), size.rows() * 10);
        }
        assertThat(size.rows()).as("eight times the statistics' own").isEqualTo(8_192);
    }

    @Test
    void anEmptyChunkAndALongRowLeaveOneThatGoesOn() {
        var size = new ChunkSize(settings, 1 << 30);

        size.met(0, 0);
        assertThat(size.rows()).isEqualTo(1);
        size.met(1, 1 << 30);
        assertThat(size.rows()).isEqualTo(1);
        size.met(1, 1);
        assertThat(size.rows()).isEqualTo(2);
    }
}
