package ferry.server.cli;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import ferry.server.run.ProjectFile;
import ferry.server.run.Runner;
import java.util.Map;
import java.util.concurrent.Callable;
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
        return session.run(project, dialects, yes, Runner::migrate);
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
