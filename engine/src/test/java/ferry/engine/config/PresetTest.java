package ferry.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PresetTest {
    private static final Path PAGE = Path.of("../docs/throttling.md");

    private static Setting<?> setting(String name) {
        return Settings.ALL.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPresetGivesDefaultsAndASettingThatIsGivenWins() {
        var stable = Settings.of(Map.of("govern.preset", "stable", "load.workers", "7"));

        assertThat(stable.get(Settings.LOAD_WORKERS)).isEqualTo(7);
        assertThat(stable.get(Settings.VERIFY_WORKERS)).isEqualTo(2);
        assertThat(stable.get(Settings.LOAD_CHUNK_ROWS))
                .isEqualTo(Settings.LOAD_CHUNK_ROWS.defaultValue());
        assertThat(stable.with(GovernorSettings.PRESET, "fast").get(Settings.VERIFY_WORKERS))
                .isEqualTo(8);
    }

    @Test
    void normalAndCustomLeaveTheDefaultsAlone() {
        for (var preset : new String[] {"normal", "custom"}) {
            var settings = Settings.of(Map.of("govern.preset", preset));
            for (var setting : Settings.ALL) {
                if (setting != GovernorSettings.PRESET) {
                    assertThat((Object) settings.get(setting)).isEqualTo(setting.defaultValue());
                }
            }
        }
    }

    @Test
    void anUnknownPresetIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Settings.of(Map.of("govern.preset", "quick")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'quick' is no preset; there are stable, normal, fast, custom");
    }

    @Test
    void everyValueOfAPresetIsAllowedAndOnThePage() throws IOException {
        var page = Files.readString(PAGE);
        assertThat(Preset.STABLE.chosen().keySet()).isEqualTo(Preset.FAST.chosen().keySet());
        Preset.STABLE
                .chosen()
                .forEach((name, stable) -> {
                    var fast = Preset.FAST.chosen().get(name);
                    setting(name).parse(stable);
                    setting(name).parse(fast);
                    assertThat(page)
                            .contains(
                                    "| `%s` | `%s` | `%s` | `%s` |"
                                            .formatted(name, stable, normal(setting(name)), fast));
                });
    }

    private static <T extends Comparable<T>> String normal(Setting<T> setting) {
        return setting.print(setting.defaultValue());
    }
}
