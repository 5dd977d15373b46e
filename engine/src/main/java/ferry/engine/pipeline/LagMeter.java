package ferry.engine.pipeline;

import ferry.engine.pipeline.Lag.Part;
import ferry.engine.pipeline.Lag.Percentiles;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/// Remembers how the lag was: for the last minute in slices, and since the start. Each look counts
/// for the time since the one before, so a pause of the looker hides nothing. Safe for several
/// threads.
final class LagMeter {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration SLICE = Duration.ofSeconds(5);

    private final Map<Part, TimeShares> sinceStart = new EnumMap<>(Part.class);
    private final Deque<Slice> slices = new ArrayDeque<>();
    private Instant last = Instant.MAX;

    private record Slice(Instant begin, Map<Part, TimeShares> shares) {}

    /// What was seen at a moment, no earlier than the moment before.
    synchronized void add(Instant at, Map<Part, Duration> seen) {
        var time = last.isBefore(at) ? Duration.between(last, at).toMillis() : 0;
        last = at;
        if (time == 0) {
            return;
        }
        if (slices.isEmpty() || !at.isBefore(slices.getLast().begin.plus(SLICE))) {
            slices.add(new Slice(at, new EnumMap<>(Part.class)));
        }
        forget(at);
        seen.forEach((part, lag) -> {
            add(sinceStart, part, lag, time);
            add(slices.getLast().shares, part, lag, time);
        });
    }

    private static void add(Map<Part, TimeShares> to, Part part, Duration lag, long time) {
        to.computeIfAbsent(part, _ -> new TimeShares()).add(lag.toMillis(), time);
    }

    private void forget(Instant now) {
        slices.removeIf(slice -> !slice.begin.plus(WINDOW).isAfter(now));
    }

    synchronized Map<Part, Percentiles> lastMinute(Instant now) {
        forget(now);
        var all = new EnumMap<Part, TimeShares>(Part.class);
        for (var slice : slices) {
            slice.shares.forEach(
                    (part, shares) -> all.computeIfAbsent(part, _ -> new TimeShares()).add(shares));
        }
        return percentiles(all);
    }

    synchronized Map<Part, Percentiles> sinceStart() {
        return percentiles(sinceStart);
    }

    private static Map<Part, Percentiles> percentiles(Map<Part, TimeShares> shares) {
        var percentiles = new EnumMap<Part, Percentiles>(Part.class);
        shares.forEach((part, times) ->
                times.percentiles().ifPresent(found -> percentiles.put(part, found)));
        return percentiles;
    }
}
