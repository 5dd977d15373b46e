package ferry.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// What all benches can be told.
final class Common {
    @Spec(Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each runs (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            defaultValue = "bench/results",
            description = "Where the results are kept (default: ${DEFAULT-VALUE}).")
    Path results;

    @Option(names = "--no-rivals", description = "Leave the rivals out.")
    private boolean noRivals;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /// Whether the rivals that are installed run.
    boolean rivals() {
        return !noRivals;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
