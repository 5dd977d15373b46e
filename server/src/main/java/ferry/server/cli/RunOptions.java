package ferry.server.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `migrate` and `verify` have in common on the command line.
final class RunOptions {
    @Parameters(paramLabel = "FILE", description = "The project file.")
    Path file;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where the project's home lies (~/.ferry).")
    Path homes;

    @Option(names = "--json", description = "Write one event a line (docs/events.md).")
    boolean json;

    @Option(
            names = "--take-over",
            description = "Go on although another process seems to work on the project.")
    boolean takeOver;
}
