package ferry.server.cli;

import ferry.engine.dialect.SchemaPlan.Loss;
import ferry.engine.schema.Preview;
import ferry.engine.schema.Preview.Deed;
import ferry.server.journal.Json;
import ferry.server.run.Dialects;
import ferry.server.run.DryRun;
import ferry.server.run.ProjectFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Tells what a project would do, and does nothing.
@Command(
        name = "plan",
        description =
                "Tells what would move, under which name and by which rule, what would be made, and what stands in the way. Changes nothing.")
final class PlanCommand implements Callable<Integer> {
    /// Columns that the names of a line may take before what is told of it begins further right.
    private static final int NAMES_MAX = 60;

    private final Terminal terminal;
    private final Map<String, String> environment;

    @Mixin private ProjectOptions options = new ProjectOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--sql", description = "Print the statements that would make the tables.")
    private boolean sql;

    PlanCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var dialects = Dialects.installed();
        var project = ProjectFile.read(options.file, dialects.endpointTypes(), environment);
        var plan = DryRun.of(project, dialects);
        if (json) {
            terminal.out().println(Json.line(plan.fields()));
        } else if (sql) {
            plan.lines().forEach(this::statements);
        } else {
            text(plan).forEach(terminal.out()::println);
        }
        return (plan.possible() ? ExitCode.FINISHED : ExitCode.ENVIRONMENT).number();
    }

    private void statements(Preview.Line line) {
        line.statements().forEach(statement -> terminal.out().println(statement + ";"));
    }

    private List<String> text(DryRun plan) {
        var style = terminal.style();
        var lines = new ArrayList<String>();
        lines.add(
                "%s  %d of %d tables of the source are selected"
                        .formatted(
                                style.bold(plan.project()),
                                plan.decisions().size() - plan.leftOut().size(),
                                plan.decisions().size()));
        lines.add("");
        var width = plan.lines().stream().mapToInt(line -> Columns.width(names(line)));
        var names = Math.min(NAMES_MAX, width.max().orElse(0));
        for (var line : plan.lines()) {
            lines.add(
                    "  %s %s  %s  %s"
                            .formatted(
                                    sign(line),
                                    padded(names(line), names),
                                    what(line),
                                    style.faint("(" + plan.by(line) + ")")));
            line.mapping().where().ifPresent(where -> lines.add("        rows where " + where));
            line.mapping().columns().ifPresent(choice -> lines.add("        columns " + choice));
            line.fit()
                    .ifPresent(
                            fit -> fit.differences().forEach(each -> lines.add("        " + each)));
            line.losses().stream()
                    .map(PlanCommand::told)
                    .forEach(each -> lines.add("        " + each));
        }
        list(
                lines,
                "left out",
                plan.leftOut().stream()
                        .map(each -> each.table() + "  " + style.faint("(" + each.by() + ")"))
                        .toList());
        list(lines, "in the way", plan.conflicts());
        list(lines, "rules that do nothing", plan.idle());
        lines.add("");
        lines.add(verdict(plan));
        return lines;
    }

    /// Names are never cut.
    private static String padded(String text, int columns) {
        return Columns.width(text) > columns ? text : Columns.pad(text, columns);
    }

    private String names(Preview.Line line) {
        return line.source().equals(line.target())
                ? line.source().toString()
                : line.source() + " " + terminal.style().arrow() + " " + line.target();
    }

    private static void list(List<String> lines, String title, List<String> entries) {
        if (!entries.isEmpty()) {
            lines.add("");
            lines.add("  " + title + ":");
            entries.forEach(entry -> lines.add("    " + entry));
        }
    }

    private String sign(Preview.Line line) {
        var style = terminal.style();
        return switch (line.deed()) {
            case REFUSED -> style.failed();
            case CREATE ->
                    line.losses().stream().anyMatch(Loss::severe) ? style.warned() : style.passed();
            case USE -> Preview.isRisky(line) ? style.warned() : style.passed();
            case MOVES -> style.working();
            case STAYS_OUT -> style.waiting();
        };
    }

    private static String what(Preview.Line line) {
        return switch (line.deed()) {
            case CREATE -> "is made";
            case USE ->
                    "is there: "
                            + line.fit().orElseThrow().verdict().name().toLowerCase(Locale.ROOT);
            case MOVES ->
                    line.why().isEmpty() ? "is on its way already" : "is set aside: " + line.why();
            case STAYS_OUT -> "stays out: the project began without it";
            case REFUSED -> "is refused: " + line.why();
        };
    }

    private static String told(Loss loss) {
        return (loss.severe() ? "can change values: " : "") + loss.object() + ": " + loss.what();
    }

    private String verdict(DryRun plan) {
        var style = terminal.style();
        var counts =
                "%d to be made, %d used as they are, %d on their way, %d refused"
                        .formatted(
                                plan.count(Deed.CREATE),
                                plan.count(Deed.USE),
                                plan.count(Deed.MOVES),
                                plan.count(Deed.REFUSED));
        return (plan.possible() ? style.passed() + " " : style.failed() + " ")
                + counts
                + (plan.possible()
                        ? "; nothing was changed"
                        : "; 'ferry migrate' would stop here, nothing was changed");
    }
}
