package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Load into a target that lies far away, with more and more workers. N workers can be N times as
/// fast as one, until the processors are busy: at the most 1 / (the share of the machine's CPU that
/// a run with one worker takes). The efficiency is the part of that which is reached.
///
/// @param roundTrips how far away, one after the other
/// @param workers one and more
record ScaleSurvey(
        Site site,
        SysbenchTables tables,
        DatabaseServer source,
        DatabaseServer target,
        List<Duration> roundTrips,
        List<Integer> workers)
        implements Survey {
    static ScaleSurvey prepare(
            SysbenchTables tables, List<Duration> roundTrips, List<Integer> workers, Site site)
            throws SQLException {
        var source = site.start("source");
        var target = site.start("target");
        tables.create(source);
        return new ScaleSurvey(site, tables, source, target, roundTrips, workers);
    }

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String work() {
        return "load of %s, %,d rows, %s -> %s, target far away, %s"
                .formatted(
                        tables.what(),
                        tables.tables() * tables.rowsEach(),
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
        var figures = new LinkedHashMap<String, Double>();
        var least = Double.MAX_VALUE;
        for (var roundTrip : roundTrips) {
            var millis = roundTrip.toMillis();
            var runs = new TreeMap<Integer, Measure>();
            for (var count : workers) {
                var measure = load(roundTrip, count);
                runs.put(count, measure);
                figures.put("rtt%d_x%d_seconds".formatted(millis, count), measure.seconds());
            }
            var one = runs.firstEntry().getValue();
            var cores = Runtime.getRuntime().availableProcessors();
            var share = one.cpuSeconds() / (one.seconds() * cores);
            for (var count : runs.tailMap(1, false).keySet()) {
                var speedup = one.seconds() / runs.get(count).seconds();
                var efficiency = speedup / Math.max(1, Math.min(count, 1 / share));
                figures.put("rtt%d_x%d_efficiency".formatted(millis, count), efficiency);
                least = Math.min(least, efficiency);
            }
        }
        figures.put("least_efficiency", least);
        return figures;
    }

    private Measure load(Duration roundTrip, int count) throws Exception {
        var ferry = site.freshFerry(target);
        try (var far = Distance.to(target.port(), roundTrip)) {
            var order =
                    FerryCommand.Order.of(source, target, "schema, full, incremental", "loaded")
                            .through(far.port())
                            .with(Map.of("load.workers", Integer.toString(count)));
            var measure = new Stopwatch(servers()).time(() -> ferry.migrate(order));
            tables.requireEqual(count + " workers", source, target);
            return measure;
        }
    }
}
