package ferry.bench;

import ferry.bench.ApplyContest.Backlog;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ferry bench apply`.
@Command(
        name = "apply",
        description =
                "Catching up a backlog in the shape of sysbench's oltp_write_only, or another.",
        sortOptions = false)
final class ApplyBench implements Callable<Integer> {
    private static final int CONFLICT_ROWS = 1_000;
    private static final long TRANSACTIONS = 600_000;
    private static final long TPCC_TRANSACTIONS = 300_000;
    private static final long CONFLICTS = 100_000;

    @Mixin private Common common;

    @Option(
            names = "--transactions",
            paramLabel = "N",
            description =
                    "Transactions to catch up (default: "
                            + TRANSACTIONS
                            + "; "
                            + TPCC_TRANSACTIONS
                            + " with --tpcc, "
                            + CONFLICTS
                            + " with --conflicts).")
    private Optional<Long> transactions = Optional.empty();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "400000",
            description = "Rows of all tables together (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(names = "--tpcc", description = "Transactions like those of TPC-C.")
    private boolean tpcc;

    @Option(
            names = "--conflicts",
            description = "Swaps, chains, rows inserted again, a hot row, parents and children.")
    private boolean conflicts;

    @Option(
            names = "--durable",
            description = "The servers flush every commit to disk (1/1 instead of 2/0).")
    private boolean durable;

    @Override
    public Integer call() throws Exception {
        LoadBench.requireRows(common, rows);
        Bench.requireAtLeast(
                common.spec, "--transactions", transactions(), 1, "there is nothing to catch up");
        return Bench.hold(common, site -> ApplyContest.prepare(backlog(), site));
    }

    private long transactions() {
        if (conflicts) {
            return transactions.orElse(CONFLICTS);
        }
        return transactions.orElse(tpcc ? TPCC_TRANSACTIONS : TRANSACTIONS);
    }

    private Backlog backlog() {
        if (conflicts) {
            var tables = new Conflicts(CONFLICT_ROWS);
            return backlog("apply-conflicts", tables, tables, true);
        }
        if (tpcc) {
            var tables = Tpcc.ofRows(rows);
            return backlog("apply-tpcc", tables, tables, false);
        }
        var tables = SysbenchTables.ofRows(rows);
        return backlog("apply", tables, new SysbenchWrites(tables), false);
    }

    private Backlog backlog(String name, Dataset tables, Workload workload, boolean serialIsLimit) {
        return new Backlog(
                durable ? name + "-durable" : name,
                tables,
                workload,
                transactions(),
                serialIsLimit,
                durable,
                common.rivals());
    }
}
