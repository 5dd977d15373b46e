package ferry.bench;

import ferry.bench.LoadContest.LoadOptions;
import ferry.testkit.servers.ServerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The entry: runs a bench and prints its table and closing lines.
@Command(
        name = "ferry bench",
        description = {
            "Measures Ferry against what the servers can do at best and against other tools, on real servers of",
            "its own, in turns. Results are kept in bench/results/."
        },
        sortOptions = false,
        subcommands = {Bench.Load.class})
public final class Bench implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return 0;
    }

    /// What all benches can be told.
    static final class Common {
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

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        boolean help;
    }

    @FunctionalInterface
    private interface Opening {
        Contest open(Path folder) throws Exception;
    }

    private static void hold(Common common, Opening opening) throws Exception {
        var folder = Files.createTempDirectory("ferry-bench-");
        try (var contest = opening.open(folder)) {
            System.out.println(contest.work());
            var rounds = Rounds.of(contest, common.rounds, System.out::println);
            var board = new Scoreboard(contest, rounds);
            System.out.println();
            board.table().forEach(System.out::println);
            var closing = board.closing();
            System.out.println();
            System.out.println(
                    "kept in " + new ResultFile(common.results).write(contest, rounds, closing));
            closing.forEach(System.out::println);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Command(
            name = "load",
            description = "Full load of tables in sysbench's shape.",
            sortOptions = false)
    static final class Load implements Callable<Integer> {
        @CommandLine.Mixin private Common common;

        @Option(
                names = "--rows",
                paramLabel = "N",
                defaultValue = "2000000",
                description = "Rows of all tables together (default: ${DEFAULT-VALUE}).")
        private long rows;

        @Option(
                names = "--target",
                paramLabel = "KIND",
                defaultValue = "mysql",
                description = "mysql or oceanbase (default: ${DEFAULT-VALUE}).")
        private String target;

        @Option(
                names = "--durable",
                description = "The servers flush every commit to disk (1/1 instead of 2/0).")
        private boolean durable;

        @Override
        public Integer call() throws Exception {
            var kind =
                    switch (target) {
                        case "mysql" -> ServerKind.MYSQL_8_0;
                        case "oceanbase" -> ServerKind.SEEKDB;
                        default ->
                                throw new CommandLine.ParameterException(
                                        new CommandLine(this),
                                        "--target is mysql or oceanbase, not " + target);
                    };
            hold(common, folder -> LoadContest.open(new LoadOptions(rows, kind, durable), folder));
            return 0;
        }
    }
}
