package ferry.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ferry bench verify`.
@Command(
        name = "verify",
        description =
                "Comparison of tables that are equal, that have ten differences, or that are written to.",
        sortOptions = false)
final class VerifyBench implements Callable<Integer> {
    @Mixin private Common common;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "4000000",
            description = "Rows of all tables together (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--live",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Compare tables that Ferry follows, with N transactions written a second.")
    private double perSecond;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long they are written, with --live (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Override
    public Integer call() throws Exception {
        LoadBench.requireRows(common, rows);
        if (perSecond > 0) {
            return Bench.hold(
                    common,
                    site ->
                            LiveVerifySurvey.prepare(
                                    SysbenchTables.ofRows(rows), perSecond, seconds, site));
        }
        return Bench.hold(common, site -> VerifyContest.prepare(SysbenchTables.ofRows(rows), site));
    }
}
