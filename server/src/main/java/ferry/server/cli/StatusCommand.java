package ferry.server.cli;

import ferry.server.journal.Home;
import ferry.server.journal.Json;
import ferry.server.lifecycle.Step;
import ferry.server.run.ProjectFile;
import ferry.server.run.Standing;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Tells where a project stands, also while another process works on it.
@Command(name = "status", description = "Tells where a project stands, also while another process works on it.")
final class StatusCommand implements Runnable {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Parameters(paramLabel = "FILE", description = "The project file.")
    private Path file;

    @Option(names = "--home", paramLabel = "DIR", description = "Where the project's home lies (~/.ferry).")
    private Path homes;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    StatusCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public void run() {
        var name = ProjectFile.name(file);
        var standing = Standing.of(name, Home.of(homes == null ? Main.defaultHome(environment) : homes, name));
        if (json) {
            terminal.out().println(Json.line(standing.fields()));
            return;
        }
        var style = terminal.style();
        terminal.out().println(style.bold(standing.project()) + "  " + meaning(standing) + "  "
                + style.faint("home " + standing.home().folder()));
        standing.status().ifPresent(this::print);
        standing.history().forEach(line -> terminal.out().println("  " + style.faint(line.at().toString()) + " " + line.text()));
    }

    private static String meaning(Standing standing) {
        return switch (standing.state()) {
            case "INIT" -> "not started";
            case "STOPPED" -> "stopped without a pause; run it again to resume";
            default -> standing.state() + (standing.running() ? " (a process works on it)" : "");
        };
    }

    private void print(Map<String, Object> status) {
        terminal.out().println("  last told at " + status.get("at"));
        if (status.get("steps") instanceof Map<?, ?> steps) {
            steps.forEach((step, state) ->
                    terminal.out().println("  %-28s %s".formatted(Step.valueOf((String) step).title(), state)));
        }
    }
}
