package ferry.server.cli;

import ferry.engine.crew.Activity;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import ferry.server.journal.Json;
import ferry.server.run.Explanation;
import ferry.server.run.Hotspots;
import ferry.server.run.ProjectFile;
import ferry.server.run.Standing;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Tells what limits a running project, by what each of its loops waits for.
@Command(
        name = "explain",
        description = "Tells what limits a running project now, and what would move it.")
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private ProjectOptions options = new ProjectOptions();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long to look (default: 5).")
    private int seconds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        var name = ProjectFile.name(options.file);
        var home = options.home(name);
        var explanation = look(name, home);
        if (explanation.isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "there is nothing to explain",
                    "no process works on project " + name + " in " + home.folder(),
                    "start it with 'ferry migrate', or look with 'ferry status' where it stands");
        }
        if (json) {
            terminal.out().println(Json.line(explanation.get().fields()));
        } else {
            print(explanation.get());
        }
        return ExitCode.FINISHED.number();
    }

    /// Two looks at what the process tells once a second.
    private Optional<Explanation> look(String name, Home home) throws InterruptedException {
        var first = Standing.of(name, home);
        if (!first.running() || first.status().isEmpty()) {
            return Optional.empty();
        }
        Thread.sleep(1000L * Math.max(2, seconds));
        return Standing.of(name, home)
                .status()
                .flatMap(second -> Explanation.between(first.status().get(), second));
    }

    private void print(Explanation explanation) {
        explanation.notices().forEach(notice -> terminal.out().println("  " + notice));
        var style = terminal.style();
        explanation
                .shares()
                .forEach((loop, shares) ->
                        terminal.out().println("  %-14s %s".formatted(loop, words(shares))));
        print(explanation.hotspots());
        LagLines.of(explanation.picture()).forEach(line -> terminal.out().println("  " + line));
        if (!explanation.waitsFor().isEmpty()) {
            terminal.out().println("  it waits for " + explanation.waitsFor());
        }
        var verdict = explanation.verdict();
        terminal.out()
                .println(
                        "%nThe limit is %s: %s."
                                .formatted(style.bold(verdict.what()), verdict.why()));
        terminal.out().println("do: " + verdict.remedy() + ".");
        terminal.out()
                .println(
                        style.faint(
                                "Seen for %.1f s."
                                        .formatted(explanation.time().toMillis() / 1000.0)));
        if (explanation.picture() instanceof Map<?, ?> picture
                && picture.get("logKept") instanceof String kept) {
            terminal.out().println("The source keeps the log that is to be read " + kept + ".");
        }
    }

    private void print(Hotspots hotspots) {
        for (var table : hotspots.tables()) {
            terminal.out()
                    .println(
                            "  %3.0f%% of the target's work: %s, %s rows/s"
                                    .formatted(
                                            100 * table.share(),
                                            table.table(),
                                            Figures.count(Math.round(table.rowsPerSecond()))));
        }
        for (var meeting : hotspots.meetings()) {
            terminal.out()
                    .println(
                            "  %3.0f%% of %s transactions meet at %s"
                                    .formatted(
                                            100 * meeting.share(),
                                            Figures.count(hotspots.transactions()),
                                            meeting.where()));
        }
    }

    private static String words(Map<Activity, Double> shares) {
        return shares.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(share ->
                        "%3.0f%% %s".formatted(100 * share.getValue(), share.getKey().words()))
                .collect(Collectors.joining("  "));
    }
}
