package ferry.bench;

import ferry.bench.LoadContest.LoadOptions;
import ferry.testkit.servers.ServerKind;
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

    @Mixin private Common common;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "6000000",
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
        requireRows(common, rows);
        if (uneven) {
            return Bench.hold(common, site -> UnevenContest.prepare(TwinTables.ofRows(rows), site));
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
        var tables = mixed ? new MixedTables(rows) : SysbenchTables.ofRows(rows);
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
