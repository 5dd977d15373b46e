package ferry.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void anUnknownNameIsRefusedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> Settings.of(Map.of("load.worker", "4")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no setting 'load.worker'; the nearest is 'load.workers'");
    }

    @Test
    void aValueOutsideItsBoundsIsRefusedWithTheBounds() {
        assertThatThrownBy(() -> Settings.of(Map.of("load.workers", "65")))
                .hasMessage("load.workers must lie between 1 and 64, but is 65");
        assertThatThrownBy(() -> Settings.of(Map.of("load.workers", "many")))
                .hasMessageContaining("whole number");
        assertThatThrownBy(() -> Settings.of(Map.of("changelog.bytes", "1XB")))
                .hasMessageContaining("unknown unit");
    }

    @Test
    void sizesAndTimesAreReadWithTheirUnits() {
        var settings = Settings.of(Map.of("load.chunk.bytes", "16MiB", "connect.time", "1500ms"));

        assertThat(settings.get(Settings.LOAD_CHUNK_BYTES)).isEqualTo(16L << 20);
        assertThat(settings.get(Settings.CONNECT_TIME)).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void everyDefaultLiesInItsBoundsAndReadsBackAsItPrints() {
        var names = new HashSet<String>();
        for (var setting : Settings.ALL) {
            assertThat(names.add(setting.name())).as(setting.name()).isTrue();
            readsBack(setting);
        }
    }

    private static <T extends Comparable<T>> void readsBack(Setting<T> setting) {
        assertThat(setting.parse(setting.print(setting.defaultValue())))
                .isEqualTo(setting.defaultValue());
    }
}
