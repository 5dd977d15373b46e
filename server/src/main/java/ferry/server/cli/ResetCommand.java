package ferry.server.cli;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import ferry.server.run.Dialects;
import ferry.server.run.ProjectFile;
import ferry.server.run.Reset;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Forgets a project's state and drops its bookkeeping in the target; the migrated tables stay.
@Command(
        name = "reset",
        description =
                "Forgets a project's state and drops its bookkeeping in the target; the migrated tables stay.")
final class ResetCommand implements Runnable {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Mixin private ProjectOptions options = new ProjectOptions();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--take-over",
            description = "Go on although another process seems to work on the project.")
    private boolean takeOver;

    ResetCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public void run() {
        var name = ProjectFile.name(options.file);
        var home = options.home(name);
        if (!yes && !agreed(name, home)) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "nothing was reset",
                    terminal.interactive()
                            ? "the name was not confirmed"
                            : "nobody can be asked here",
                    "type the project's name when asked, or give --yes");
        }
        var dialects = Dialects.installed();
        var project = ProjectFile.read(options.file, dialects.endpointTypes(), environment);
        new Reset(project, home, dialects).run(takeOver);
        terminal.out()
                .println(
                        "project "
                                + project.name()
                                + " is forgotten; its tables in the target were left as they are");
    }

    private boolean agreed(String name, Home home) {
        if (!terminal.interactive()) {
            return false;
        }
        terminal.out()
                .print(
                        "This drops the bookkeeping of project "
                                + name
                                + " in the target and the folder "
                                + home.folder()
                                + ".\nIt cannot be resumed afterwards. Type the project's name to go on: ");
        terminal.out().flush();
        return name.equals(System.console().readLine());
    }
}
