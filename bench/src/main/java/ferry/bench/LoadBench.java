package ferry.bench;

import ferry.bench.LoadContest.LoadOptions;
import ferry.testkit.servers.ServerKind;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `ferry bench load`.
@Command(
        name = "load",
        description = "Full load of tables in sysbench's shape, or of mixed ones.",
        sortOptions = false)
final class LoadBench implements Callable<Integer> {
    /// Fewer would not fill one chunk of each table.
    static final long ROWS_LEAST = 4_000;

    private static final long ROWS = 6_000_000;
    private static final long MIXED_ROWS = 12_000_000; // which are shorter

    @Mixin private Common common;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description =
                    "Rows of all tables together (default: "
                            + ROWS
                            + "; "
                            + MIXED_ROWS
                            + " with --mixed and --uneven).")
    private Optional<Long> rows = Optional.empty();

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

    @Option(
            names = "--mixed",
            description =
                    "Tables of many kinds instead: small, wide, uneven, with a key of texts and with none.")
    private boolean mixed;

    @Option(
            names = "--uneven",
            description = "A table with an uneven key beside its twin with an even one instead.")
    private boolean uneven;

    @Override
    public Integer call() throws Exception {
        var count = rows.orElse(mixed || uneven ? MIXED_ROWS : ROWS);
        requireRows(common, count);
        if (uneven) {
            return Bench.hold(
                    common, site -> UnevenContest.prepare(TwinTables.ofRows(count), site));
        }
        var kind =
                switch (target) {
                    case "mysql" -> ServerKind.MYSQL_8_0;
                    case "oceanbase" -> ServerKind.SEEKDB;
                    default ->
                            throw new ParameterException(
                                    common.spec.commandLine(),
                                    "--target is mysql or oceanbase, not " + target);
                };
        var tables = mixed ? new MixedTables(count) : SysbenchTables.ofRows(count);
        var options = new LoadOptions(tables, kind, durable, common.rivals());
        return Bench.hold(common, site -> LoadContest.prepare(options, site));
    }

    static void requireRows(Common common, long rows) {
        Bench.requireAtLeast(
                common.spec,
                "--rows",
                rows,
                ROWS_LEAST,
                "only the start of the programs would be measured");
    }
}
