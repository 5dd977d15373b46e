package ferry.server.cli;

import ferry.engine.config.Setting;
import ferry.engine.config.Settings;

/// The page docs/settings.md, made from the declarations.
final class SettingsPage {
    private SettingsPage() {}

    static String text() {
        var page =
                new StringBuilder(
                        """
                        # Settings

                        %s
                        They stand under `settings` in a project file: `settings: { load.workers: 8 }`. Sizes are bytes (`16MiB`), times carry a
                        unit (`500ms`, `2s`, `12h`). An unknown name or a value outside its bounds is refused before anything is done.

                        | Setting | Default | Least | Most | Meaning |
                        |---|---|---|---|---|
                        """
                                .formatted(Pages.NOTE));
        Settings.ALL.forEach(setting -> page.append(line(setting)));
        return page.toString();
    }

    private static <T extends Comparable<T>> String line(Setting<T> setting) {
        var isText =
                setting.defaultValue() instanceof String
                        || setting.defaultValue() instanceof Boolean
                        || setting.defaultValue() instanceof Enum<?>;
        var printed = setting.print(setting.defaultValue());
        return "| `%s` | %s | %s | %s | %s |%n"
                .formatted(
                        setting.name(),
                        printed.isEmpty() ? "" : "`" + printed + "`",
                        isText ? "" : "`" + setting.print(setting.least()) + "`",
                        isText ? "" : "`" + setting.print(setting.most()) + "`",
                        setting.meaning());
    }
}
