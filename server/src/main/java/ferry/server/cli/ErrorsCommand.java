package ferry.server.cli;

import ferry.engine.checkpoint.RowError;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.run.Dialects;
import ferry.server.run.Orders;
import ferry.server.run.Project;
import ferry.server.run.ProjectFile;
import ferry.server.run.Runner;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists the changes of rows that were recorded and left out, settles them, or forgets one.
@Command(
        name = "errors",
        description =
                "Lists row changes that failed and were left out (apply.row.errors: record), settles them, or forgets one.")
final class ErrorsCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Mixin private RunOptions options = new RunOptions();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DEED",
            description =
                    "list (default); retry: makes the rows what they are at the source; drop: forgets one.")
    private Deed deed = Deed.LIST;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "ID",
            description = "Of one error, or all (default of retry).")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is dropped.")
    private String reason = "";

    private enum Deed {
        LIST,
        RETRY,
        DROP
    }

    ErrorsCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        var dialects = Dialects.installed();
        var project = ProjectFile.read(options.file, dialects.endpointTypes(), environment);
        return switch (deed) {
            case LIST -> list(project, dialects);
            case RETRY -> retry(project, dialects);
            case DROP -> drop(project, dialects);
        };
    }

    private int list(Project project, Dialects dialects) {
        var errors = Orders.errors(project, dialects);
        errors.forEach(this::print);
        terminal.out()
                .println(
                        errors.isEmpty()
                                ? "no row change was left out"
                                : errors.size()
                                        + " rows whose changes were left out; 'ferry errors FILE retry' settles them");
        return ExitCode.FINISHED.number();
    }

    private void print(RowError error) {
        terminal.out()
                .println(
                        "%s  %s of %s, %s  %s"
                                .formatted(
                                        terminal.style().bold(error.id()),
                                        error.kind().name().toLowerCase(Locale.ROOT),
                                        error.table(),
                                        error.keyShown(),
                                        error.code().id()));
        terminal.out().println("    " + error.why());
        terminal.out()
                .println(
                        "    transaction "
                                + error.transaction()
                                + " at "
                                + error.at()
                                + (error.times() > 1
                                        ? ", %d times until %s"
                                                .formatted(error.times(), error.lastTransaction())
                                        : ""));
        if (!error.before().isEmpty()) {
            terminal.out().println("    before: " + error.before());
        }
        if (!error.after().isEmpty()) {
            terminal.out().println("    after:  " + error.after());
        }
    }

    private int retry(Project project, Dialects dialects) throws InterruptedException {
        var ids = id.isEmpty() || id.equals("all") ? Set.<String>of() : Set.of(id);
        if (!ids.isEmpty()
                && Orders.errors(project, dialects).stream()
                        .noneMatch(error -> error.id().equals(id))) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "row error " + id + " cannot be retried",
                    "nothing is recorded under this id",
                    "'ferry errors FILE' lists them");
        }
        return new Session(terminal, environment, options)
                .run(
                        project,
                        dialects,
                        new Runner.Options(false, options.takeOver),
                        (runner, stop) -> runner.retry(ids, stop));
    }

    private int drop(Project project, Dialects dialects) {
        if (id.isEmpty() || reason.isBlank()) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "nothing was dropped",
                    id.isEmpty() ? "the id of the error is missing" : "the reason is missing",
                    "write 'ferry errors FILE drop ID --reason TEXT'");
        }
        var by = Orders.By.loggedIn(reason, options.takeOver);
        terminal.out()
                .println(new Orders(project, options.home(project.name()), dialects, by).drop(id));
        return ExitCode.FINISHED.number();
    }
}
