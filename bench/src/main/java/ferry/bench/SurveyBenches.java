package ferry.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The commands whose figures stand alone.
final class SurveyBenches {
    private SurveyBenches() {}

    /// `ferry bench lag`.
    @Command(
            name = "lag",
            description =
                    "How late changes arrive at half of the highest rate that Ferry can follow.",
            sortOptions = false)
    static final class Lag implements Callable<Integer> {
        @Mixin private Common common;

        @Option(
                names = "--rows",
                paramLabel = "N",
                defaultValue = "40000",
                description = "Rows of all tables together (default: ${DEFAULT-VALUE}).")
        private long rows;

        @Option(
                names = "--trying",
                paramLabel = "SECONDS",
                defaultValue = "20",
                description = "How long each rate is tried (default: ${DEFAULT-VALUE}).")
        private double trying;

        @Option(
                names = "--seconds",
                paramLabel = "SECONDS",
                defaultValue = "60",
                description = "How long the lag is taken (default: ${DEFAULT-VALUE}).")
        private double seconds;

        @Option(
                names = "--rate",
                paramLabel = "N",
                defaultValue = "0",
                description = "Transactions a second; the highest rate is then not looked for.")
        private double rate;

        @Override
        public Integer call() throws Exception {
            LoadBench.requireRows(common, rows);
            var pace = new LagSurvey.Pace(trying, seconds, rate);
            return Bench.hold(
                    common, site -> LagSurvey.prepare(SysbenchTables.ofRows(rows), pace, site));
        }
    }

    /// `ferry bench memory`.
    @Command(
            name = "memory",
            description = "One large transaction with little heap.",
            sortOptions = false)
    static final class Memory implements Callable<Integer> {
        @Mixin private Common common;

        @Option(
                names = "--mebibytes",
                paramLabel = "N",
                defaultValue = "2048",
                description = "Size of the transaction (default: ${DEFAULT-VALUE}).")
        private long mebibytes;

        @Option(
                names = "--heap",
                paramLabel = "SIZE",
                defaultValue = "256m",
                description = "Ferry's heap, as Java's -Xmx takes it (default: ${DEFAULT-VALUE}).")
        private String heap;

        @Override
        public Integer call() throws Exception {
            Bench.requireAtLeast(
                    common.spec, "--mebibytes", mebibytes, 1, "nothing would be written");
            var size = new MemorySurvey.Size(mebibytes << 20, heap);
            return Bench.hold(common, site -> MemorySurvey.prepare(size, site));
        }
    }

    /// `ferry bench start`.
    @Command(
            name = "start",
            description =
                    "How long Ferry takes to start, the memory that it then has, and a schema of many tables.",
            sortOptions = false)
    static final class Start implements Callable<Integer> {
        @Mixin private Common common;

        @Option(
                names = "--tables",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Tables of the schema of many (default: ${DEFAULT-VALUE}).")
        private int tables;

        @Override
        public Integer call() throws Exception {
            Bench.requireAtLeast(common.spec, "--tables", tables, 1, "there is nothing to make");
            return Bench.hold(common, site -> StartSurvey.prepare(tables, site));
        }
    }

    /// `ferry bench scale`.
    @Command(
            name = "scale",
            description =
                    "Load and apply into a target that lies far away, with 1, 2, 4 and 8 workers.",
            sortOptions = false)
    static final class Scale implements Callable<Integer> {
        @Mixin private Common common;

        @Option(
                names = "--rows",
                paramLabel = "N",
                defaultValue = "3000000",
                description = "Rows of all tables together (default: ${DEFAULT-VALUE}).")
        private long rows;

        @Option(
                names = "--transactions",
                paramLabel = "N",
                defaultValue = "200000",
                description = "Transactions to catch up (default: ${DEFAULT-VALUE}).")
        private long transactions;

        @Option(
                names = "--round-trips",
                paramLabel = "MILLISECONDS",
                split = ",",
                defaultValue = "10,50",
                description = "How far away the target lies (default: ${DEFAULT-VALUE}).")
        private List<Long> roundTrips;

        @Option(
                names = "--workers",
                paramLabel = "N",
                split = ",",
                defaultValue = "1,2,4,8",
                description =
                        "How many, one after the other; the first is 1 (default: ${DEFAULT-VALUE}).")
        private List<Integer> workers;

        @Override
        public Integer call() throws Exception {
            LoadBench.requireRows(common, rows);
            Bench.requireAtLeast(
                    common.spec, "--transactions", transactions, 1, "there is nothing to apply");
            if (workers.getFirst() != 1
                    || workers.size() < 2
                    || workers.stream().anyMatch(n -> n < 1)) {
                throw new ParameterException(
                        common.spec.commandLine(),
                        "--workers is %s, and is 1 and then more, such as 1,2,4,8"
                                .formatted(workers));
            }
            if (roundTrips.stream().anyMatch(millis -> millis < 1)) {
                throw new ParameterException(
                        common.spec.commandLine(),
                        "--round-trips is %s, and each takes at least 1 millisecond"
                                .formatted(roundTrips));
            }
            var distances = roundTrips.stream().map(Duration::ofMillis).toList();
            return Bench.hold(common, site -> survey(site, distances));
        }

        private ScaleSurvey survey(Site site, List<Duration> distances) throws Exception {
            var tables = SysbenchTables.ofRows(rows);
            var source = site.start("source");
            var target = site.start("target");
            var catchUp = CatchUp.prepare(site, tables, source, target);
            var apply = ScaleWorks.Apply.prepare(catchUp, new SysbenchWrites(tables), transactions);
            var load = new ScaleWorks.Load(site, tables, source, target);
            return new ScaleSurvey(site, target, List.of(load, apply), distances, workers);
        }
    }
}
