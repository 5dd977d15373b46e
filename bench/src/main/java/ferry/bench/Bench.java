package ferry.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The entry: runs a bench and prints its table and closing lines.
@Command(
        name = "ferry bench",
        description = {
            "Measures Ferry against what the servers can do at best and against other tools, on real servers of",
            "its own, in turns. Results are kept in bench/results/; docs/benches.md says how to read them."
        },
        sortOptions = false,
        subcommands = {
            LoadBench.class,
            CaptureBench.class,
            ApplyBench.class,
            VerifyBench.class,
            SurveyBenches.Lag.class,
            SurveyBenches.Memory.class,
            SurveyBenches.Start.class,
            SurveyBenches.Scale.class,
            MicroBench.class,
            Bench.All.class
        })
public final class Bench implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true), arguments));
    }

    /// Runs one bench; returns the exit code of its process.
    static int run(PrintWriter out, String... arguments) {
        return new CommandLine(new Bench())
                .setOut(out)
                .setErr(out)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, _) -> {
                    out.println("ferry bench: " + wrong.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return 0;
    }

    @FunctionalInterface
    interface Opening {
        Trial open(Site site) throws Exception;
    }

    /// Holds a trial on servers of its own, prints what came of it and keeps it.
    static int hold(Common common, Opening opening) throws Exception {
        var out = common.out();
        requireAtLeast(common.spec, "--rounds", common.rounds, 1, "nothing would run");
        try (var site = Site.open()) {
            var trial = opening.open(site);
            out.println(trial.work());
            var results = new ResultFile(common.results);
            switch (trial) {
                case Contest contest -> {
                    var rounds = Rounds.of(contest, common.rounds, out::println);
                    var board = new Scoreboard(contest, rounds);
                    var closing = board.closing();
                    print(out, board.table(), closing, results.write(contest, rounds, closing));
                }
                case Survey survey -> {
                    var rounds = new ArrayList<Map<String, Double>>();
                    for (var round = 1; round <= common.rounds; round++) {
                        rounds.add(survey.round());
                        out.println("round %d of %d: done".formatted(round, common.rounds));
                    }
                    var figures = new Figures(survey, rounds);
                    var closing = figures.closing();
                    print(out, figures.table(), closing, results.write(survey, rounds, closing));
                }
            }
        }
        return 0;
    }

    private static void print(
            PrintWriter out, List<String> table, List<String> closing, Object kept) {
        out.println();
        table.forEach(out::println);
        out.println();
        out.println("kept in " + kept);
        closing.forEach(out::println);
        out.flush();
    }

    /// Refuses a number that is too small to measure anything.
    static void requireAtLeast(
            CommandSpec spec, String option, long value, long least, String why) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is %d, and with less than %d %s: give %d or more"
                            .formatted(option, value, least, why, least));
        }
    }

    /// Runs every bench, one after the other.
    @Command(
            name = "all",
            description = "All benches at their full size, one after the other; it takes hours.",
            sortOptions = false)
    static final class All implements Callable<Integer> {
        private static final List<List<String>> BENCHES =
                List.of(
                        List.of("load"),
                        List.of("load", "--durable"),
                        List.of("load", "--mixed"),
                        List.of("load", "--uneven"),
                        List.of("load", "--target", "oceanbase"),
                        List.of("capture", "--shape", "bulk"),
                        List.of("capture", "--shape", "small"),
                        List.of("apply"),
                        List.of("apply", "--durable"),
                        List.of("apply", "--tpcc"),
                        List.of("apply", "--conflicts"),
                        List.of("verify"),
                        List.of("verify", "--live", "1000"),
                        List.of("lag"),
                        List.of("memory"),
                        List.of("start"),
                        List.of("scale"));

        @CommandLine.Mixin private Common common;

        @Override
        public Integer call() {
            var failed = new ArrayList<String>();
            for (var bench : BENCHES) {
                var words = new ArrayList<>(bench);
                words.addAll(List.of("--rounds", Integer.toString(common.rounds)));
                words.addAll(List.of("--results", common.results.toString()));
                if (!common.rivals()) {
                    words.add("--no-rivals");
                }
                common.out().println("== " + String.join(" ", bench));
                if (run(common.out(), words.toArray(String[]::new)) != 0) {
                    failed.add(String.join(" ", bench));
                }
            }
            failed.forEach(bench -> common.out().println("failed: " + bench));
            return failed.isEmpty() ? 0 : 1;
        }
    }
}
