package ferry.bench;

import ferry.bench.CaptureContest.Shape;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ferry bench capture`.
@Command(
        name = "capture",
        description = "Capture of a source's log that is there already.",
        sortOptions = false)
final class CaptureBench implements Callable<Integer> {
    @Mixin private Common common;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "bulk",
            description = "bulk or small: transactions of 10,000 rows, or of four changes.")
    private Shape shape;

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Size of the log (default: ${DEFAULT-VALUE}).")
    private long megabytes;

    @Option(
            names = "--passes",
            paramLabel = "N",
            defaultValue = "6",
            description =
                    "How often each process reads the log, so that its start counts for little (default: ${DEFAULT-VALUE}).")
    private int passes;

    @Override
    public Integer call() throws Exception {
        Bench.requireAtLeast(
                common.spec, "--megabytes", megabytes, 1, "there is nothing to capture");
        Bench.requireAtLeast(common.spec, "--passes", passes, 1, "nobody would read it");
        var options =
                new CaptureContest.Options(shape, megabytes * 1_000_000, passes, common.rivals());
        return Bench.hold(common, site -> CaptureContest.prepare(options, site));
    }
}
