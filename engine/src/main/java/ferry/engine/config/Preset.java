package ferry.engine.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Defaults for several settings at once, chosen by `govern.preset`. A setting that a project file
/// gives wins over its preset.
public enum Preset {
    /// Spares both servers.
    STABLE(
            Map.ofEntries(
                    Map.entry("load.workers", "2"),
                    Map.entry("load.key.workers", "1"),
                    Map.entry("load.chunk.bytes", "4MiB"),
                    Map.entry("load.batch.rows", "500"),
                    Map.entry("load.batch.bytes", "512KiB"),
                    Map.entry("apply.lanes", "1"),
                    Map.entry("apply.batch.transactions", "200"),
                    Map.entry("apply.batch.rows", "2000"),
                    Map.entry("apply.batch.bytes", "8MiB"),
                    Map.entry("verify.workers", "2"))),
    /// What the list of settings says.
    NORMAL(Map.of()),
    /// Takes what both servers give.
    FAST(
            Map.ofEntries(
                    Map.entry("load.workers", "16"),
                    Map.entry("load.key.workers", "4"),
                    Map.entry("load.chunk.bytes", "16MiB"),
                    Map.entry("load.batch.rows", "2000"),
                    Map.entry("load.batch.bytes", "2MiB"),
                    Map.entry("apply.lanes", "16"),
                    Map.entry("apply.batch.transactions", "4000"),
                    Map.entry("apply.batch.rows", "20000"),
                    Map.entry("apply.batch.bytes", "64MiB"),
                    Map.entry("verify.workers", "8"))),
    /// What the project file says, and otherwise what the list of settings says.
    CUSTOM(Map.of());

    private final Map<String, String> chosen;

    Preset(Map<String, String> chosen) {
        this.chosen = chosen;
    }

    /// Names of settings, and the values that this preset gives them.
    public Map<String, String> chosen() {
        return chosen;
    }

    Optional<String> value(String setting) {
        return Optional.ofNullable(chosen.get(setting));
    }

    /// As it stands in a project file; throws IllegalArgumentException with a sentence for the
    /// operator.
    static Preset of(String text) {
        return Arrays.stream(values())
                .filter(preset -> preset.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'%s' is no preset; there are %s"
                                        .formatted(text, String.join(", ", names()))));
    }

    /// As it stands in a project file.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<String> names() {
        return Arrays.stream(values()).map(Preset::text).toList();
    }
}
