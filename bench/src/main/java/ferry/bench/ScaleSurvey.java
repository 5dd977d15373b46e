package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Work into a target that lies far away, with more and more workers. N workers can be N times as
/// fast as one, until the processors are busy: at the most 1 / (the share of the machine's CPU that
/// a run with one worker takes). The efficiency is the part of that which is reached.
///
/// @param works what is done
/// @param roundTrips how far away, one after the other
/// @param workers one and more
record ScaleSurvey(
        Site site,
        DatabaseServer target,
        List<Work> works,
        List<Duration> roundTrips,
        List<Integer> workers)
        implements Survey {
    /// What is done with more and more workers.
    interface Work {
        /// In one word, for the figures' names.
        String name();

        /// For a heading.
        String what();

        /// Makes everything as it must be before a run.
        void prepare() throws SQLException, IOException;

        /// Does it with so many workers, and the target behind this port.
        void run(int port, int workers) throws IOException, InterruptedException;

        /// Throws if the ends are not equal.
        void check() throws SQLException;
    }

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String work() {
        return "%s; target far away, %s"
                .formatted(
                        works.stream().map(Work::what).collect(Collectors.joining("; ")),
                        BenchServers.durability(false));
    }

    @Override
    public Map<String, DatabaseServer> servers() {
        return site.servers();
    }

    @Override
    public Map<String, Double> round() throws Exception {
        var figures = new LinkedHashMap<String, Double>();
        for (var work : works) {
            var least = Double.MAX_VALUE;
            for (var roundTrip : roundTrips) {
                least = Math.min(least, leastEfficiency(work, roundTrip, figures));
            }
            figures.put(work.name() + "_least_efficiency", least);
        }
        return figures;
    }

    private double leastEfficiency(Work work, Duration roundTrip, Map<String, Double> figures)
            throws Exception {
        var distance = "%s_rtt%d".formatted(work.name(), roundTrip.toMillis());
        var runs = new TreeMap<Integer, Measure>();
        for (var count : workers) {
            var measure = measure(work, roundTrip, count);
            runs.put(count, measure);
            figures.put("%s_x%d_seconds".formatted(distance, count), measure.seconds());
        }
        var one = runs.firstEntry().getValue();
        var cores = Runtime.getRuntime().availableProcessors();
        var share = one.cpuSeconds() / (one.seconds() * cores);
        figures.put(distance + "_x1_cpu_share", share);
        var least = Double.MAX_VALUE;
        for (var count : runs.tailMap(1, false).keySet()) {
            var speedup = one.seconds() / runs.get(count).seconds();
            var efficiency = speedup / Math.max(1, Math.min(count, 1 / share));
            figures.put("%s_x%d_efficiency".formatted(distance, count), efficiency);
            least = Math.min(least, efficiency);
        }
        return least;
    }

    private Measure measure(Work work, Duration roundTrip, int count) throws Exception {
        work.prepare();
        try (var far = Distance.to(target.port(), roundTrip)) {
            var measure = new Stopwatch(servers()).time(() -> work.run(far.port(), count));
            work.check();
            return measure;
        }
    }
}
