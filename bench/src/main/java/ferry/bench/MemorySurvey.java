package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// One large transaction with little heap: whether it arrives, and the most memory that Ferry's
/// process had. That it does not arrive is a figure too, not a failure of the bench.
final class MemorySurvey implements Survey {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final long ROWS = 4_000;
    private static final String TABLE = "sbtest1";
    private static final int ROW_BYTES = 190;

    /// How often a row stands in the log: when it came, before and after its change, and half of
    /// them when they went.
    private static final double IMAGES = 3.5;

    private static final int STATEMENT_ROWS = 100_000;

    private final Size size;
    private final Site site;
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final SysbenchTables tables;

    /// @param bytes of the transaction
    /// @param heap as Java's `-Xmx` takes it
    record Size(long bytes, String heap) {}

    private MemorySurvey(Size size, Site site, DatabaseServer source, DatabaseServer target) {
        this.size = size;
        this.site = site;
        this.source = source;
        this.target = target;
        this.tables = SysbenchTables.ofRows(ROWS);
    }

    static MemorySurvey prepare(Size size, Site site) {
        var source = site.start("source");
        var target = site.start("target");
        return new MemorySurvey(size, site, source, target);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String work() {
        return "one transaction of %,d MiB, heap %s, %s -> %s, %s"
                .formatted(
                        size.bytes() >> 20,
                        size.heap(),
                        source.kind(),
                        target.kind(),
                        BenchServers.durability(false));
    }

    @Override
    public Map<String, DatabaseServer> servers() {
        return site.servers();
    }

    @Override
    public Map<String, Double> round() throws Exception {
        var ferry = site.freshFerry(target);
        tables.create(source);
        var steps = "schema, full, incremental, verification";
        ferry.migrate(FerryCommand.Order.of(source, target, steps, "loaded"));
        write();
        var order = FerryCommand.Order.of(source, target, steps, "verified");
        var peak = 0.0;
        var finishes = 0.0;
        var began = System.nanoTime();
        try (var process = ferry.start(order, "-Xmx" + size.heap())) {
            var outcome = new AtomicReference<Exception>();
            var watcher =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    process.awaitStep("FULL_VERIFIER", "RUNNING", LIMIT);
                                } catch (IOException | InterruptedException e) {
                                    outcome.set(e);
                                }
                            });
            while (!watcher.join(LOOK)) {
                peak = Math.max(peak, process.peakMegabytes());
            }
            finishes = outcome.get() == null ? 1 : 0;
            if (finishes == 0) {
                System.err.println(outcome.get().getMessage());
            }
        }
        var figures = new LinkedHashMap<String, Double>();
        figures.put("finishes", finishes);
        figures.put("lost_rows", (double) (rows(source) - rows(target)));
        figures.put("equal", sums(source).equals(sums(target)) ? 1.0 : 0.0);
        figures.put("peak_rss_mb", peak);
        figures.put("seconds", (System.nanoTime() - began) / 1e9);
        return figures;
    }

    /// Rows come by LOAD DATA, all of them are changed by one UPDATE, and every other one goes by
    /// one DELETE.
    private void write() throws SQLException {
        try (var connection = source.connect(Dataset.DATABASE);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            var left = Math.round(size.bytes() / ROW_BYTES / IMAGES);
            for (var next = ROWS + 1; left > 0; next += STATEMENT_ROWS) {
                var count = Math.min(left, STATEMENT_ROWS);
                tables.insert(connection, TABLE, next, count);
                left -= count;
            }
            statement.execute("UPDATE %s SET c = REVERSE(c) WHERE id > %d".formatted(TABLE, ROWS));
            statement.execute(
                    "DELETE FROM %s WHERE id > %d AND id %% 2 = 0".formatted(TABLE, ROWS));
            connection.commit();
        }
    }

    /// Of all rows, by the servers themselves: 64 bits of each row, added.
    private static List<String> sums(DatabaseServer server) throws SQLException {
        return server.query(
                "SELECT SUM(CAST(CONV(LEFT(MD5(CONCAT_WS('#', id, k, c, pad)), 16), 16, 10) AS UNSIGNED)) FROM sbtest.sbtest1");
    }

    private static long rows(DatabaseServer server) throws SQLException {
        return Long.parseLong(server.query("SELECT COUNT(*) FROM sbtest.sbtest1").getFirst());
    }
}
