package ferry.server.cli;

import picocli.CommandLine.Option;

/// What `migrate` and `verify` have in common on the command line.
final class RunOptions extends ProjectOptions {
    @Option(names = "--json", description = "Write one event a line (docs/events.md).")
    boolean json;

    @Option(
            names = "--take-over",
            description = "Go on although another process seems to work on the project.")
    boolean takeOver;
}
