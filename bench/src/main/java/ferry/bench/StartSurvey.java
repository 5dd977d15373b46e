package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How long Ferry takes to say its version, to print its help, and to have checked both ends of a
/// project with one empty table; and the memory that it then has.
record StartSurvey(Site site, DatabaseServer source, DatabaseServer target) implements Survey {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    static StartSurvey prepare(Site site) throws Exception {
        var source = site.start("source");
        var target = site.start("target");
        source.execute(
                Dataset.CREATE_DATABASE,
                "CREATE TABLE %s.empty (id INT PRIMARY KEY)".formatted(Dataset.DATABASE));
        return new StartSurvey(site, source, target);
    }

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String work() {
        return "start of Ferry's command line, %s -> %s".formatted(source.kind(), target.kind());
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
        return figures;
    }

    private void precheck(FerryCommand ferry, Map<String, Double> figures)
            throws IOException, InterruptedException {
        var order = FerryCommand.Order.of(source, target, "schema, full, incremental", "forever");
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
