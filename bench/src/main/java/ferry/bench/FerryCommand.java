package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Ferry as an operator runs it: a process of its own, with a project file and a home that begins
/// empty.
final class FerryCommand {
    static final String PROJECT = "bench";
    private static final String MAIN = "ferry.server.cli.Main";

    private final Path folder;

    FerryCommand(Path folder) {
        this.folder = folder;
    }

    /// What to move, and how.
    ///
    /// @param targetPort where the target is reached, which may be a relay's port
    /// @param objects what moves, as in a project file
    /// @param steps as in a project file
    /// @param until as in a project file
    /// @param settings as in a project file
    record Order(
            DatabaseServer source,
            DatabaseServer target,
            int targetPort,
            String objects,
            String steps,
            String until,
            Map<String, String> settings) {
        static Order of(DatabaseServer source, DatabaseServer target, String steps, String until) {
            return new Order(
                    source, target, target.port(), Dataset.DATABASE + ".*", steps, until, Map.of());
        }

        /// Full load of all tables, with the log captured meanwhile.
        static Order toLoad(DatabaseServer source, DatabaseServer target) {
            return of(source, target, "schema, full, incremental", "loaded");
        }

        Order with(Map<String, String> other) {
            return new Order(source, target, targetPort, objects, steps, until, other);
        }

        Order through(int port) {
            return new Order(source, target, port, objects, steps, until, settings);
        }

        /// Of all tables only this one, or those that match.
        Order only(String table) {
            var one = Dataset.DATABASE + "." + table;
            return new Order(source, target, targetPort, one, steps, until, settings);
        }

        String text() {
            return """
            name: %s
            source: { type: mysql, host: %s, port: %d, username: %s, password: "" }
            target: { type: %s, host: %s, port: %d, username: %s, password: "" }
            objects: { include: ["%s"] }
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
                            targetPort,
                            target.user(),
                            objects,
                            steps,
                            until,
                            settings.entrySet().stream()
                                    .map(setting -> setting.getKey() + ": " + setting.getValue())
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
    }

    /// Where the project's home lies; it may be copied while no Ferry runs.
    Path home() {
        return folder.resolve("home");
    }

    /// Forgets the home of the last run.
    void reset() throws IOException {
        Site.delete(home());
    }

    /// Runs `ferry migrate` to its end; throws if it does not end well.
    void migrate(Order order) throws IOException, InterruptedException {
        run(0, command(List.of(), words("migrate", order)));
    }

    /// Runs `ferry verify` to its end; throws if it does not end with this exit code.
    void verify(Order order, int exitCode) throws IOException, InterruptedException {
        run(exitCode, command(List.of(), words("verify", order)));
    }

    /// Runs a command that needs no project.
    void run(String... words) throws IOException, InterruptedException {
        run(0, command(List.of(), List.of(words)));
    }

    /// Starts `ferry migrate` and does not wait for its end. `options` are Java's.
    FerryProcess start(Order order, String... options) throws IOException {
        var words = new ArrayList<>(words("migrate", order));
        words.add("--json");
        return FerryProcess.start(command(List.of(options), words));
    }

    private List<String> words(String command, Order order) throws IOException {
        var file = Files.writeString(folder.resolve(PROJECT + ".yaml"), order.text());
        return List.of(command, file.toString(), "--home", home().toString());
    }

    private static List<String> command(List<String> options, List<String> words) {
        var product = System.getProperty("ferry.product");
        if (product == null) { // a test: Ferry is on its own class path
            return Java.command(options, MAIN, words);
        }
        var all = new ArrayList<String>();
        var cache = Path.of(System.getProperty("ferry.aot"));
        if (Files.exists(cache)) {
            all.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off,cds=off"));
        }
        all.addAll(options);
        try {
            var classPath = Files.readString(Path.of(product, "classpath")).strip();
            return Java.command(all, classPath, MAIN, words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(int exitCode, List<String> command)
            throws IOException, InterruptedException {
        Shell.run(Shell.line(command), exitCode);
    }
}
