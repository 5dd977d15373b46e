package ferry.server.run;

import ferry.engine.crew.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What a running project spent its time on between two looks, and what limits it: who works or
/// waits most, what that means, what would move it, and what stands apart. `picture` is that of the
/// second look.
public record Explanation(
        Duration time,
        Map<String, Map<Activity, Double>> shares,
        Hotspots hotspots,
        Object picture,
        Verdict verdict,
        List<String> notices) {
    /// From this share on somebody is busy, or held up.
    private static final double MOST = 0.6;

    private static final double MUCH = 0.3;

    /// The limit, why it is taken for one, and what to do.
    public record Verdict(String what, String why, String remedy) {}

    /// Of two status files, as [Standing] reads them; empty if the process wrote nothing between
    /// them, or they are not of one process.
    public static Optional<Explanation> between(
            Map<String, Object> first, Map<String, Object> second) {
        var time =
                Duration.between(
                        Instant.parse(first.get("at").toString()),
                        Instant.parse(second.get("at").toString()));
        if (!time.isPositive() || !first.get("pid").equals(second.get("pid"))) {
            return Optional.empty();
        }
        var before = times(first);
        var shares = new TreeMap<String, Map<Activity, Double>>();
        times(second)
                .forEach((loop, spent) ->
                        shares.put(loop, shares(before.getOrDefault(loop, Map.of()), spent, time)));
        var hotspots = Hotspots.between(first, second, time);
        return Optional.of(
                new Explanation(
                        time,
                        shares,
                        hotspots,
                        second.get("picture"),
                        verdict(shares, hotspots),
                        notices(second)));
    }

    private static List<String> notices(Map<String, Object> status) {
        return status.get("picture") instanceof Map<?, ?> picture
                        && picture.get("notices") instanceof List<?> notices
                ? notices.stream().map(Object::toString).toList()
                : List.of();
    }

    /// What all wait for, in words; empty if nothing is told.
    public String waitsFor() {
        return picture instanceof Map<?, ?> seen && seen.get("waitsFor") instanceof String waits
                ? waits
                : "";
    }

    private static Map<String, Map<Activity, Long>> times(Map<String, Object> status) {
        var times = new TreeMap<String, Map<Activity, Long>>();
        if (status.get("times") instanceof Map<?, ?> loops) {
            loops.forEach((loop, spent) -> {
                var millis = new EnumMap<Activity, Long>(Activity.class);
                ((Map<?, ?>) spent)
                        .forEach((activity, number) ->
                                millis.put(
                                        Activity.valueOf(activity.toString()),
                                        ((Number) number).longValue()));
                times.put(loop.toString(), millis);
            });
        }
        return times;
    }

    private static Map<Activity, Double> shares(
            Map<Activity, Long> before, Map<Activity, Long> after, Duration time) {
        var shares = new EnumMap<Activity, Double>(Activity.class);
        after.forEach((activity, millis) -> {
            var share = (millis - before.getOrDefault(activity, 0L)) / (double) time.toMillis();
            if (share >= 0.005) {
                shares.put(activity, Math.min(1, share));
            }
        });
        return shares;
    }

    static Verdict verdict(Map<String, Map<Activity, Double>> shares, Hotspots hotspots) {
        return held(shares, Activity.PROBLEM)
                .map(loop ->
                        new Verdict(
                                "a problem",
                                loop + " fails and tries again",
                                "look what 'ferry status' and the log say of it"))
                .or(() ->
                        held(shares, Activity.LIMIT)
                                .map(loop ->
                                        new Verdict(
                                                "the governor",
                                                loop + " is held back by a limit",
                                                "'ferry status' names it; see the settings govern.*")))
                .or(() -> load(shares))
                .or(() -> apply(shares, hotspots))
                .or(() -> reader(shares))
                .or(() -> alone(shares))
                .orElse(
                        new Verdict(
                                "nothing",
                                "everybody waits for something to do",
                                "nothing: Ferry keeps up with the source"));
    }

    private static Optional<String> held(
            Map<String, Map<Activity, Double>> shares, Activity activity) {
        return shares.keySet().stream()
                .filter(loop -> shares.get(loop).getOrDefault(activity, 0.0) > MUCH)
                .findFirst();
    }

    private static Optional<Verdict> load(Map<String, Map<Activity, Double>> shares) {
        var workers = loops(shares, loop -> loop.startsWith("load-"));
        var source = average(workers, Activity.SOURCE);
        var target = average(workers, Activity.TARGET);
        var own = average(workers, Activity.OWN);
        if (workers.isEmpty() || source + target + own < MUCH) {
            return Optional.empty();
        }
        var remedy = "raise load.workers while both servers have processors and disk to spare";
        if (target >= source && target >= own) {
            return Optional.of(
                    new Verdict(
                            "the target, while rows are loaded",
                            "the load workers wait for it %.0f%% of their time"
                                    .formatted(100 * target),
                            remedy
                                    + "; load.batch.rows and load.batch.bytes make statements larger"));
        }
        return Optional.of(
                source >= own
                        ? new Verdict(
                                "the source, while rows are loaded",
                                "the load workers read from it %.0f%% of their time"
                                        .formatted(100 * source),
                                remedy)
                        : processors("the load workers work", own));
    }

    private static Optional<Verdict> apply(
            Map<String, Map<Activity, Double>> shares, Hotspots hotspots) {
        var lanes = loops(shares, loop -> loop.startsWith("apply-") && !loop.equals("apply-0"));
        var busiest = lanes.stream().mapToDouble(Explanation::busy).max().orElse(0);
        var busy = lanes.stream().mapToDouble(Explanation::busy).average().orElse(0);
        var order = average(lanes, Activity.ORDER);
        var oneWorks = busiest >= MOST && order + MUCH > busy;
        // Whose turn it is changes: then nobody is busy most of the time.
        if (lanes.size() > 1 && busy < MOST && (oneWorks || order >= MOST)) {
            return Optional.of(
                    new Verdict(
                            "the order of changes",
                            "one lane works %.0f%% of its time, all together %.0f%%: %s"
                                    .formatted(100 * busiest, 100 * busy, meetings(hotspots)),
                            remedy(hotspots)));
        }
        if (busiest < MOST) {
            return Optional.empty();
        }
        var target = average(lanes, Activity.TARGET);
        var own = average(lanes, Activity.OWN);
        return Optional.of(
                target >= own
                        ? new Verdict(
                                "the target, while changes are applied",
                                "the lanes wait for it %.0f%% of their time%s"
                                        .formatted(100 * target, hottest(hotspots)),
                                "raise apply.lanes while the server has processors and disk to spare; apply.batch.transactions makes transactions larger")
                        : processors("the lanes work", own));
    }

    /// The one thread that reads the change log, and writes what the lanes stand for: a large
    /// transaction, a schema change, a table that comes back.
    private static Optional<Verdict> reader(Map<String, Map<Activity, Double>> shares) {
        var reader = shares.getOrDefault("apply-0", Map.of());
        if (busy(reader) < MOST) {
            return Optional.empty();
        }
        var target = reader.getOrDefault(Activity.TARGET, 0.0);
        var own = reader.getOrDefault(Activity.OWN, 0.0);
        return Optional.of(
                target < own
                        ? oneThread("the reading of the change log, which is one thread", own)
                        : new Verdict(
                                "the target, and work that nothing may overtake",
                                "one lane waits for it %.0f%% of its time, and the others stand"
                                        .formatted(100 * target),
                                "nothing: it ends by itself; of transactions, smaller ones at the source need no such wait"));
    }

    private static Verdict oneThread(String what, double own) {
        return new Verdict(
                what,
                "it works %.0f%% of its time".formatted(100 * own),
                "faster processors; select only the tables that are needed");
    }

    private static String meetings(Hotspots hotspots) {
        return hotspots.meetings().stream()
                .findFirst()
                .map(hot ->
                        "%.0f%% of the transactions meet at %s"
                                .formatted(100 * hot.share(), hot.where()))
                .orElse("most transactions meet at some row or unique value");
    }

    /// What would let transactions go beside each other.
    private static String remedy(Hotspots hotspots) {
        var useless = "; more lanes do not help";
        return hotspots.meetings().stream()
                .findFirst()
                .map(hot ->
                        switch (hot.kind()) {
                            case ROW ->
                                    "raise apply.batch.transactions, so that more changes of this row become one";
                            case VALUE ->
                                    "raise apply.batch.transactions, so that more of what moves this value is written together";
                            case KEY ->
                                    "make the key one over whole columns with a collation that Ferry knows, or drop it in the target until the switchover";
                            case TABLE ->
                                    "give "
                                            + hot.table()
                                            + " a primary key; where it has one, this ends with its window";
                        })
                .orElse(
                        "look for rows that most transactions change, tables without a key, and unique keys over prefixes or expressions")
                .concat(useless);
    }

    private static String hottest(Hotspots hotspots) {
        return hotspots.tables().stream()
                .findFirst()
                .map(hot -> ", %.0f%% of it for %s".formatted(100 * hot.share(), hot.table()))
                .orElse("");
    }

    private static Optional<Verdict> alone(Map<String, Map<Activity, Double>> shares) {
        var capture = shares.getOrDefault("capture", Map.of()).getOrDefault(Activity.OWN, 0.0);
        if (capture >= MOST) {
            return Optional.of(oneThread("capture, which is one thread", capture));
        }
        var verifying = loops(shares, loop -> loop.startsWith("verify-"));
        return verifying.stream().mapToDouble(Explanation::busy).max().orElse(0) < MUCH
                ? Optional.empty()
                : Optional.of(
                        new Verdict(
                                average(verifying, Activity.SOURCE)
                                                > average(verifying, Activity.TARGET)
                                        ? "the source, while rows are compared"
                                        : "the target, while rows are compared",
                                "the comparison waits for it",
                                "raise verify.workers while both servers have processors to spare"));
    }

    private static Verdict processors(String who, double share) {
        return new Verdict(
                "Ferry's own processors",
                who + " %.0f%% of their time".formatted(100 * share),
                "give Ferry more processors");
    }

    private static double busy(Map<Activity, Double> of) {
        return of.getOrDefault(Activity.OWN, 0.0)
                + of.getOrDefault(Activity.SOURCE, 0.0)
                + of.getOrDefault(Activity.TARGET, 0.0);
    }

    private static List<Map<Activity, Double>> loops(
            Map<String, Map<Activity, Double>> shares, Predicate<String> which) {
        return shares.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static double average(List<Map<Activity, Double>> loops, Activity activity) {
        return loops.stream()
                .mapToDouble(loop -> loop.getOrDefault(activity, 0.0))
                .average()
                .orElse(0);
    }

    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("millis", time);
        fields.put("shares", shares);
        fields.put("tables", hotspots.tables().stream().map(Explanation::fields).toList());
        fields.put("transactions", hotspots.transactions());
        fields.put("metShare", hotspots.met());
        fields.put("meetings", hotspots.meetings().stream().map(Explanation::fields).toList());
        fields.put(
                "lag",
                picture instanceof Map<?, ?> seen
                        ? Optional.ofNullable(seen.get("lag"))
                        : Optional.empty());
        fields.put("waitsFor", waitsFor());
        fields.put("limit", verdict.what());
        fields.put("why", verdict.why());
        fields.put("remedy", verdict.remedy());
        fields.put("notices", notices);
        return fields;
    }

    private static Map<String, Object> fields(Hotspots.OfTable of) {
        return Map.of(
                "table", of.table(), "share", of.share(), "rowsPerSecond", of.rowsPerSecond());
    }

    private static Map<String, Object> fields(Hotspots.OfMeeting of) {
        return Map.of(
                "kind", of.kind(), "table", of.table(), "where", of.where(), "share", of.share());
    }
}
