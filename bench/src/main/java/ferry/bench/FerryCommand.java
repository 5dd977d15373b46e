package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Ferry as an operator runs it: a process of its own, with a project file and a home that begins
/// empty.
final class FerryCommand {
    private static final String PROJECT = "bench";

    private final Path folder;

    FerryCommand(Path folder) {
        this.folder = folder;
    }

    /// What to move, and how.
    ///
    /// @param database the database that moves
    /// @param steps as in a project file
    /// @param until as in a project file
    /// @param settings as in a project file
    record Order(
            DatabaseServer source,
            DatabaseServer target,
            String database,
            String steps,
            String until,
            Map<String, String> settings) {
        String text() {
            return """
            name: %s
            source: { type: mysql, host: %s, port: %d, username: %s, password: "" }
            target: { type: %s, host: %s, port: %d, username: %s, password: "" }
            objects: { include: ["%s.*"] }
            steps: [%s]
            until: %s
            settings: { %s }
            """
                    .formatted(
                            PROJECT,
                            source.host(),
                            source.port(),
                            source.user(),
                            target.kind().family() == ServerKind.Family.OCEANBASE
                                    ? "oceanbase-mysql"
                                    : "mysql",
                            target.host(),
                            target.port(),
                            target.user(),
                            database,
                            steps,
                            until,
                            settings.entrySet().stream()
                                    .map(setting -> setting.getKey() + ": " + setting.getValue())
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
    }

    /// Forgets the home of the last run.
    void reset() throws IOException {
        if (!Files.exists(home())) {
            return;
        }
        try (var files = Files.walk(home())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Runs `ferry migrate` to its end; throws if it does not end well.
    void migrate(Order order) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve(PROJECT + ".yaml"), order.text());
        run("migrate", file.toString(), "--home", home().toString());
    }

    private Path home() {
        return folder.resolve("home");
    }

    private void run(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(java());
        command.addAll(List.of(words));
        Shell.run(command.stream().map(FerryCommand::quoted).collect(Collectors.joining(" ")));
    }

    /// Java with the options that this JVM was started with, and its class path.
    private static List<String> java() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.toLowerCase(Locale.ROOT).contains("agent"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("ferry.server.cli.Main");
        return command;
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
