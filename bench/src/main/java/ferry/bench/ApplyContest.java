package ferry.bench;

import ferry.bench.Contestant.Part;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Catching up a backlog. It lies in the source's log, the target stands where the backlog begins,
/// and the clock runs until the target has all of it: for Ferry from the start of its process to
/// the moment at which it would verify, for a native replica from START SLAVE.
final class ApplyContest implements Contest {
    private static final int[] REPLICA_WORKERS = {1, 2, 4, 8};
    private static final String SERIAL = "ferry unmerged";

    private final Backlog backlog;
    private final CatchUp catchUp;
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final String loadedAt;
    private final Amount amount;

    /// What is to be caught up.
    ///
    /// @param name of the bench
    /// @param tables that hold rows before
    /// @param workload that is written to them
    /// @param serialIsLimit whether apply that does everything in the source's order is what Ferry
    ///   is measured against
    /// @param durable whether the servers flush every commit to disk
    /// @param rivals whether they run
    record Backlog(
            String name,
            Dataset tables,
            Workload workload,
            long transactions,
            boolean serialIsLimit,
            boolean durable,
            boolean rivals) {}

    private ApplyContest(Backlog backlog, CatchUp catchUp, String loadedAt, Amount amount) {
        this.backlog = backlog;
        this.catchUp = catchUp;
        this.source = catchUp.source();
        this.target = catchUp.target();
        this.loadedAt = loadedAt;
        this.amount = amount;
    }

    static ApplyContest prepare(Backlog backlog, Site site)
            throws SQLException, IOException, InterruptedException {
        var options =
                BenchServers.options(backlog.durable())
                        .withFlags(
                                "--transaction-write-set-extraction=XXHASH64",
                                "--binlog-transaction-dependency-tracking=WRITESET",
                                "--slave-parallel-type=LOGICAL_CLOCK",
                                "--slave-preserve-commit-order=OFF",
                                "--master-info-repository=TABLE",
                                "--relay-log-info-repository=TABLE");
        var source = site.start("source", ServerKind.MYSQL_8_0, options);
        var target = site.start("target", ServerKind.MYSQL_8_0, options);
        var catchUp = CatchUp.prepare(site, backlog.tables(), source, target);
        var loadedAt = source.query("SELECT @@global.gtid_executed").getFirst();
        var begin = BinaryLog.end(source);
        Writers.of(source, backlog.workload()).write(backlog.transactions());
        var amount = new Amount(backlog.transactions(), begin.bytesBehind(source));
        return new ApplyContest(backlog, catchUp, loadedAt, amount);
    }

    @Override
    public String name() {
        return backlog.name();
    }

    @Override
    public String work() {
        return "%,d transactions (%,d MB of log) on %s, %s -> %s, %s"
                .formatted(
                        amount.rows(),
                        amount.bytes() / 1_000_000,
                        backlog.tables().what(),
                        source.kind(),
                        target.kind(),
                        BenchServers.durability(backlog.durable()));
    }

    @Override
    public Map<String, DatabaseServer> servers() {
        return catchUp.site().servers();
    }

    /// Transactions, and bytes of the log.
    @Override
    public Amount amount() {
        return amount;
    }

    @Override
    public List<Contestant> contestants() {
        var contestants = new ArrayList<Contestant>();
        var merged = ferry("ferry merged", Part.FERRY, true);
        if (backlog.serialIsLimit()) {
            contestants.add(ferry(SERIAL, Part.LIMIT, false));
            contestants.add(merged.against(SERIAL));
        } else {
            contestants.add(ferry(SERIAL, Part.FERRY, false));
            contestants.add(merged);
        }
        if (backlog.rivals()) {
            for (var workers : REPLICA_WORKERS) {
                contestants.add(
                        Contestant.of(
                                String.format(Locale.ROOT, "replica x%d", workers),
                                Part.RIVAL,
                                () -> attach(workers),
                                this::replicate));
            }
        }
        return contestants;
    }

    private Contestant ferry(String name, Part part, boolean merges) {
        var order = catchUp.order().with(Map.of("apply.merge", Boolean.toString(merges)));
        return Contestant.of(name, part, catchUp::putBack, () -> catchUp.run(order));
    }

    @Override
    public void check(Contestant contestant) throws SQLException {
        backlog.tables().requireEqual(contestant.name(), source, target);
        target.execute("STOP SLAVE", "RESET SLAVE ALL");
    }

    // ---- a native replica

    private void attach(int workers) throws SQLException {
        backlog.tables().create(target);
        target.execute(
                "RESET MASTER",
                "SET GLOBAL gtid_purged = '%s'".formatted(loadedAt),
                "SET GLOBAL slave_parallel_workers = " + workers,
                """
                CHANGE MASTER TO MASTER_HOST = '%s', MASTER_PORT = %d, MASTER_USER = '%s',
                MASTER_AUTO_POSITION = 1, GET_MASTER_PUBLIC_KEY = 1\
                """
                        .formatted(source.host(), source.port(), source.user()));
    }

    private void replicate() throws SQLException {
        var all = source.query("SELECT @@global.gtid_executed").getFirst();
        target.execute("START SLAVE");
        var missing =
                target.query(
                        "SELECT WAIT_FOR_EXECUTED_GTID_SET('%s', %d)"
                                .formatted(all, CatchUp.LIMIT.toSeconds()));
        if (!missing.equals(List.of("0"))) {
            throw new IllegalStateException("the replica did not catch up within " + CatchUp.LIMIT);
        }
    }
}
