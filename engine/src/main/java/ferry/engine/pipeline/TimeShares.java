package ferry.engine.pipeline;

import ferry.engine.pipeline.Lag.Percentiles;
import java.time.Duration;
import java.util.Optional;

/// How long a figure had which value, in a fixed number of buckets: exact below 32 ms, then within
/// a sixteenth. The idea of buckets that grow with their values is HdrHistogram's; the engine takes
/// no library for it. Used by one thread at a time.
final class TimeShares {
    private static final int EXACT = 32; // milliseconds that have a bucket each
    private static final int STEPS = 16; // of each doubling above
    private static final int FIRST_POWER = 5;
    private static final int LAST_POWER = 31; // 24 days; what is longer counts as that
    private static final int BUCKETS = EXACT + (LAST_POWER - FIRST_POWER + 1) * STEPS;

    private final long[] times = new long[BUCKETS];
    private long time;
    private long most;

    /// It was `millis` for so long.
    void add(long millis, long weight) {
        times[bucket(millis)] += weight;
        time += weight;
        most = Math.max(most, millis);
    }

    void add(TimeShares other) {
        for (var i = 0; i < BUCKETS; i++) {
            times[i] += other.times[i];
        }
        time += other.time;
        most = Math.max(most, other.most);
    }

    /// Empty if nothing was added.
    Optional<Percentiles> percentiles() {
        return time == 0
                ? Optional.empty()
                : Optional.of(
                        new Percentiles(
                                share(0.5), share(0.95), share(0.99), Duration.ofMillis(most)));
    }

    /// The least value that was not passed for this share of the time.
    private Duration share(double share) {
        var sum = 0L;
        for (var i = 0; i < BUCKETS; i++) {
            sum += times[i];
            if (sum >= share * time) {
                return Duration.ofMillis(Math.min(most, last(i)));
            }
        }
        return Duration.ofMillis(most);
    }

    private static int bucket(long millis) {
        if (millis < EXACT) {
            return (int) Math.max(0, millis);
        }
        var power = 63 - Long.numberOfLeadingZeros(millis);
        if (power > LAST_POWER) {
            return BUCKETS - 1;
        }
        var step = (int) (millis >> power - 4) & STEPS - 1;
        return EXACT + (power - FIRST_POWER) * STEPS + step;
    }

    /// The largest value of a bucket.
    private static long last(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        var power = FIRST_POWER + (bucket - EXACT) / STEPS;
        var step = (bucket - EXACT) % STEPS;
        return ((long) STEPS + step + 1 << power - 4) - 1;
    }
}
