package ferry.server.cli;

import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import ferry.server.run.ProjectFile;
import ferry.server.run.Runner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Does what a project file says; run again, it resumes.
@Command(name = "migrate", description = "Does what the project file says. Run it again to resume.")
final class MigrateCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Mixin private RunOptions options = new RunOptions();

    @Option(
            names = "--until",
            paramLabel = "END",
            description =
                    "loaded, verified, forever, or where to stop: a time with its zone, a GTID set, or file:offset of the source's log. Instead of what the file says.")
    private String until;

    @Option(
            names = "--yes",
            description = "Go on although precheck items failed, where they may be skipped.")
    private boolean yes;

    @Option(
            names = "--reset-start",
            description =
                    "Begin anew at the start that the file names: what lies between is applied again, or never.")
    private boolean resetStart;

    @Option(
            names = "--reload-after-gap",
            description =
                    "The source dropped log that was not read: load the tables again and go on behind the gap.")
    private boolean reloadAfterGap;

    @Option(
            names = "--unaffected",
            paramLabel = "DB.TABLE",
            split = ",",
            description = "With --reload-after-gap: tables that nothing changed in the gap.")
    private List<String> unaffected = List.of();

    MigrateCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        var session = new Session(terminal, environment, options);
        var dialects = Dialects.installed();
        var read = session.project(dialects);
        var project = until == null ? read : asked(read);
        var wishes = new Runner.Options(yes, options.takeOver, resetStart, afterGap());
        return session.run(project, dialects, wishes, Runner::migrate);
    }

    private Optional<Set<TableName>> afterGap() {
        if (!reloadAfterGap && !unaffected.isEmpty()) {
            throw wrong("--unaffected", "it says something only with --reload-after-gap");
        }
        return reloadAfterGap
                ? Optional.of(
                        unaffected.stream()
                                .map(MigrateCommand::table)
                                .collect(Collectors.toUnmodifiableSet()))
                : Optional.empty();
    }

    private static TableName table(String text) {
        try {
            return TableName.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("--unaffected", e.getMessage());
        }
    }

    private static ProblemException wrong(String option, String why) {
        return ProblemException.of(
                ProblemCode.CONFIGURATION, option + " is not right", why, "correct it");
    }

    private Project asked(Project project) {
        return ProjectFile.until(
                until,
                project,
                (why, remedy) -> {
                    throw ProblemException.of(
                            ProblemCode.CONFIGURATION, "--until is not right", why, remedy);
                });
    }
}
