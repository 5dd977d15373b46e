package ferry.server.cli;

import ferry.server.journal.Home;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which project, and where its home lies: what every command on a project has on the command line.
class ProjectOptions {
    @Parameters(paramLabel = "FILE", description = "The project file.")
    Path file;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where the project's home lies (~/.ferry).")
    Path homes;

    /// The home of the project of this name.
    final Home home(String name) {
        return Home.of(homes == null ? Main.defaultHome() : homes, name);
    }
}
