package ferry.server.cli;

import ferry.server.journal.Json;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import ferry.server.run.ProjectFile;
import ferry.server.run.Standing;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Tells where a project stands, also while another process works on it.
@Command(
        name = "status",
        description = "Tells where a project stands, also while another process works on it.")
final class StatusCommand implements Runnable {
    private final Terminal terminal;

    @Mixin private ProjectOptions options = new ProjectOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        var name = ProjectFile.name(options.file);
        var standing = Standing.of(name, options.home(name));
        if (json) {
            terminal.out().println(Json.line(standing.fields()));
            return;
        }
        var style = terminal.style();
        terminal.out()
                .println(
                        style.bold(standing.project())
                                + "  "
                                + meaning(standing)
                                + "  "
                                + style.faint("home " + standing.home().folder()));
        standing.status().ifPresent(this::print);
        standing.history()
                .forEach(line ->
                        terminal.out()
                                .println(
                                        "  "
                                                + style.faint(
                                                        line.at()
                                                                .truncatedTo(ChronoUnit.SECONDS)
                                                                .toString())
                                                + " "
                                                + line.text()));
    }

    private static String meaning(Standing standing) {
        return switch (standing.state()) {
            case "INIT" -> "not started";
            case "STOPPED" -> "stopped without a pause; run it again to resume";
            default ->
                    ProjectState.valueOf(standing.state()).title()
                            + (standing.running() ? " (a process works on it)" : "");
        };
    }

    private void print(Map<String, Object> status) {
        terminal.out()
                .println(
                        "  last told at "
                                + String.valueOf(status.get("at")).replaceFirst("\\.\\d+Z$", "Z"));
        var figures = figures(status.get("picture"));
        if (status.get("steps") instanceof Map<?, ?> steps) {
            steps.forEach((step, state) ->
                    terminal.out()
                            .println(
                                    "  %-28s %-12s %s"
                                            .formatted(
                                                    Step.valueOf((String) step).title(),
                                                    StepState.valueOf((String) state).title(),
                                                    figures.getOrDefault(step, ""))
                                            .stripTrailing()));
        }
        LagLines.of(status.get("picture")).forEach(line -> terminal.out().println("  " + line));
        if (status.get("picture") instanceof Map<?, ?> picture) {
            if (picture.get("waitsFor") instanceof String what) {
                terminal.out().println("  waits for " + what);
            }
            if (picture.get("logKept") instanceof String kept) {
                terminal.out().println("  the source keeps the log that is to be read " + kept);
            }
            if (picture.get("refusedKeys") instanceof List<?> keys) {
                keys.forEach(key -> terminal.out().println("  refused by the target: " + key));
            }
            if (picture.get("notices") instanceof List<?> notices) {
                notices.forEach(notice -> terminal.out().println("  " + notice));
            }
        }
    }

    /// What the last picture tells about each step, by its name.
    private static Map<Object, String> figures(Object picture) {
        var figures = new HashMap<Object, String>();
        if (picture instanceof Map<?, ?> fields && fields.get("steps") instanceof List<?> steps) {
            for (var step : steps) {
                if (step instanceof Map<?, ?> known) {
                    figures.put(known.get("step"), figures(known));
                }
            }
        }
        return figures;
    }

    private static String figures(Map<?, ?> step) {
        var tables = ((Number) step.get("tablesTotal")).longValue();
        var rows = ((Number) step.get("rows")).longValue();
        return (tables == 0 ? "" : step.get("tablesDone") + "/" + tables + " tables  ")
                + (rows == 0 ? "" : Figures.count(rows) + " rows");
    }
}
