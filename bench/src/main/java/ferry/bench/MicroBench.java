package ferry.bench;

import java.util.concurrent.Callable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `ferry bench micro`.
@Command(
        name = "micro",
        description =
                "The inner loops alone, by JMH: rows taken out of events, packed, hashed for lanes; the change log.",
        sortOptions = false)
final class MicroBench implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            defaultValue = ".*",
            description = "Those whose name this finds, for instance decode.")
    private String only;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "How long each of five rounds takes, after as long a warm-up (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws Exception {
        Bench.requireAtLeast(spec, "--seconds", seconds, 1, "nothing would run");
        var options =
                new OptionsBuilder()
                        .include("ferry\\.bench\\.micro\\..*(" + only + ")")
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(seconds))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(seconds))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build();
        var out = spec.commandLine().getOut();
        out.println("each loop is run for %d s".formatted(8 * seconds));
        for (var result : new Runner(options).run()) {
            var figure = result.getPrimaryResult();
            out.println(
                    "micro=%s rows_a_second=%.0f error=%.0f%%"
                            .formatted(
                                    name(result.getParams()),
                                    figure.getScore(),
                                    100 * figure.getScoreError() / figure.getScore()));
        }
        return 0;
    }

    private static String name(BenchmarkParams params) {
        var name = params.getBenchmark().replace("ferry.bench.micro.", "");
        var with = new StringBuilder(name);
        for (var key : params.getParamsKeys()) {
            with.append(' ').append(key).append('=').append(params.getParam(key));
        }
        return with.toString();
    }
}
