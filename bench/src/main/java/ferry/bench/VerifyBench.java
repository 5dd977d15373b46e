package ferry.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ferry bench verify`.
@Command(
        name = "verify",
        description = "Comparison of equal tables, and of tables with ten differences.",
        sortOptions = false)
final class VerifyBench implements Callable<Integer> {
    @Mixin private Common common;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "4000000",
            description = "Rows of all tables together (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Override
    public Integer call() throws Exception {
        LoadBench.requireRows(common, rows);
        return Bench.hold(common, site -> VerifyContest.prepare(SysbenchTables.ofRows(rows), site));
    }
}
