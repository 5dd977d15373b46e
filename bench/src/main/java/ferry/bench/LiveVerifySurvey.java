package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/// Comparisons, one after the other, of tables that Ferry follows while they are written to. Each
/// must find the ends equal; a difference that is not there fails the bench.
///
/// @param perSecond transactions that are written a second
/// @param seconds how long they are written
record LiveVerifySurvey(
        Site site,
        SysbenchTables tables,
        DatabaseServer source,
        DatabaseServer target,
        double perSecond,
        double seconds)
        implements Survey {
    static LiveVerifySurvey prepare(
            SysbenchTables tables, double perSecond, double seconds, Site site) {
        var source = site.start("source");
        var target = site.start("target");
        return new LiveVerifySurvey(site, tables, source, target, perSecond, seconds);
    }

    @Override
    public String name() {
        return "verify-live";
    }

    @Override
    public String work() {
        return "%s, %,d rows, %s -> %s, written to meanwhile, %s"
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
        var ferry = site.freshFerry(target);
        tables.create(source);
        var steps = "schema, full, incremental, verification";
        ferry.migrate(FerryCommand.Order.of(source, target, steps, "loaded"));
        var order = FerryCommand.Order.of(source, target, steps, "verified");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var began = System.nanoTime();
            var writing =
                    threads.submit(() ->
                            Writers.of(source, new SysbenchWrites(tables))
                                    .withSeed(began)
                                    .writeAt(perSecond, seconds));
            var comparisons = 0;
            do {
                ferry.verify(order, 0);
                comparisons++;
            } while (!writing.isDone());
            var figures = new LinkedHashMap<String, Double>();
            figures.put("rate", (double) Math.round(writing.get()));
            figures.put("comparisons", (double) comparisons);
            figures.put("false_differences", 0.0);
            figures.put("seconds_each", (System.nanoTime() - began) / 1e9 / comparisons);
            return figures;
        }
    }
}
