package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How late changes arrive while Ferry follows a source that is written to: first the highest rate
/// at which the lag stays bounded is looked for, then the lag is taken at half of it.
final class LagSurvey implements Survey {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final double RATE_LEAST = 250;

    /// Rates are looked for until the best one is known this well.
    private static final double EXACTNESS = 1.15;

    /// The writers could not write faster than this part of what was asked: the source is at its
    /// end before Ferry is.
    private static final double WRITTEN_LEAST = 0.9;

    private static final double BOUNDED_MILLIS = 1_000;

    private final Pace pace;
    private final Site site;
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final SysbenchTables tables;

    /// @param tryingSeconds how long each rate is tried
    /// @param measuringSeconds how long the lag is taken
    /// @param rate transactions a second at which the lag is taken; 0 for half of the highest one
    record Pace(double tryingSeconds, double measuringSeconds, double rate) {}

    private LagSurvey(
            Pace pace,
            Site site,
            DatabaseServer source,
            DatabaseServer target,
            SysbenchTables tables) {
        this.pace = pace;
        this.site = site;
        this.source = source;
        this.target = target;
        this.tables = tables;
    }

    static LagSurvey prepare(SysbenchTables tables, Pace pace, Site site) throws SQLException {
        var source = site.start("source");
        var target = site.start("target");
        return new LagSurvey(pace, site, source, target, tables);
    }

    @Override
    public String name() {
        return "lag";
    }

    @Override
    public String work() {
        return "lag of transactions in the shape of oltp_write_only on %s, %s -> %s, %s"
                .formatted(
                        tables.what(),
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
        var command = site.freshFerry(target);
        tables.create(source);
        Heartbeat.create(source);
        var order = FerryCommand.Order.of(source, target, "schema, full, incremental", "forever");
        try (var ferry = command.start(order)) {
            ferry.awaitStep("INCR_TRANSFER", "MONITORING", LIMIT);
            var highest = pace.rate() > 0 ? 2 * pace.rate() : highest(ferry);
            var lag = lagAt(highest / 2, pace.measuringSeconds());
            var figures = new LinkedHashMap<String, Double>();
            if (pace.rate() == 0) {
                figures.put("highest_rate", (double) Math.round(highest));
            }
            figures.put("rate", (double) Math.round(lag.rate()));
            figures.put("p50_ms", lag.beats().percentile(50));
            figures.put("p99_ms", lag.beats().percentile(99));
            figures.put("max_ms", lag.beats().percentile(100));
            return figures;
        }
    }

    /// @param rate transactions a second that were written
    private record Lag(double rate, Heartbeat.Beats beats) {}

    private Lag lagAt(double rate, double seconds) throws Exception {
        try (var heartbeat = Heartbeat.start(source, target)) {
            var written =
                    Writers.of(source, new SysbenchWrites(tables))
                            .withSeed(System.nanoTime())
                            .writeAt(rate, seconds);
            return new Lag(written, heartbeat.stop(LIMIT));
        }
    }

    /// Doubles the rate until the lag grows, then looks between.
    private double highest(FerryProcess ferry) throws Exception {
        var bounded = 0.0;
        var growing = Double.MAX_VALUE;
        for (var rate = RATE_LEAST; growing / Math.max(bounded, 1) > EXACTNESS; ) {
            var lag = lagAt(rate, pace.tryingSeconds());
            if (!ferry.isAlive()) {
                throw new IllegalStateException("Ferry ended" + ferry.story());
            }
            if (lag.beats().isBounded(BOUNDED_MILLIS)) {
                bounded = lag.rate();
                if (lag.rate() < WRITTEN_LEAST * rate) {
                    return bounded;
                }
            } else {
                growing = rate;
                if (growing < 1) {
                    throw new IllegalStateException("the lag grows at every rate");
                }
            }
            rate =
                    growing == Double.MAX_VALUE
                            ? 2 * rate
                            : bounded == 0 ? rate / 2 : Math.sqrt(bounded * growing);
        }
        return bounded;
    }
}
