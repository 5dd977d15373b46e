package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How long Ferry takes to say its version, to print its help, and to have checked both ends of a
/// project with one empty table; the memory that it then has; and how long a schema of many tables
/// takes that hold nothing, from the start of the process to its end.
///
/// @param tables of the schema of many
record StartSurvey(Site site, DatabaseServer source, DatabaseServer target, int tables)
        implements Survey {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String EMPTY = "empty";
    private static final String MANY = "many_";

    static StartSurvey prepare(int tables, Site site) throws Exception {
        var source = site.start("source");
        var target = site.start("target");
        source.execute(Dataset.CREATE_DATABASE, create(EMPTY, ""));
        for (var i = 0; i < tables; i++) {
            source.execute(
                    create(
                            MANY + i,
                            ", name VARCHAR(100), price DECIMAL(10, 2), at DATETIME(3), KEY (name), KEY (at)"));
        }
        return new StartSurvey(site, source, target, tables);
    }

    private static String create(String table, String more) {
        return "CREATE TABLE %s.%s (id INT PRIMARY KEY%s)".formatted(Dataset.DATABASE, table, more);
    }

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String work() {
        return "start of Ferry's command line, and %,d empty tables, %s -> %s"
                .formatted(tables, source.kind(), target.kind());
    }

    @Override
    public Map<String, DatabaseServer> servers() {
        return site.servers();
    }

    @Override
    public Map<String, Double> round() throws Exception {
        var ferry = site.freshFerry(target);
        var figures = new LinkedHashMap<String, Double>();
        figures.put("version_seconds", seconds(() -> ferry.run("version")));
        figures.put("help_seconds", seconds(() -> ferry.run("migrate", "--help")));
        precheck(ferry, figures);
        var many = FerryCommand.Order.toLoad(source, target).only(MANY + "*");
        var again = site.freshFerry(target);
        figures.put("tables_seconds", seconds(() -> again.migrate(many)));
        return figures;
    }

    private void precheck(FerryCommand ferry, Map<String, Double> figures)
            throws IOException, InterruptedException {
        var order =
                FerryCommand.Order.of(source, target, "schema, full, incremental", "forever")
                        .only(EMPTY);
        var began = System.nanoTime();
        try (var process = ferry.start(order)) {
            process.awaitStep("TRANSFER_PRECHECK", "FINISHED", LIMIT);
            figures.put("precheck_seconds", (System.nanoTime() - began) / 1e9);
            process.awaitStep("INCR_TRANSFER", "MONITORING", LIMIT);
            figures.put("following_seconds", (System.nanoTime() - began) / 1e9);
            figures.put("rss_mb", process.peakMegabytes());
        }
    }

    private static double seconds(Contestant.Run run) throws Exception {
        var began = System.nanoTime();
        run.work();
        return (System.nanoTime() - began) / 1e9;
    }
}
