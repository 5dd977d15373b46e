package ferry.engine.pipeline;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// How far the target is behind the source at one moment, in parts that add up to the whole, and
/// how it was before. What is not known is missing, never zero. `measuredBy` says what the figures
/// rest on.
public record Lag(
        Map<Part, Duration> now,
        Map<Part, Percentiles> lastMinute,
        Map<Part, Percentiles> sinceStart,
        String measuredBy) {
    public static final Lag UNKNOWN = new Lag(Map.of(), Map.of(), Map.of(), "");

    /// Where a change spends its time on the way.
    public enum Part {
        /// From its commit at the source until it is durable in the change log.
        CAPTURE("capture"),
        /// In the change log, until apply reads it.
        QUEUE("queue"),
        /// From there until the target has it.
        APPLY("apply"),
        /// The whole way.
        TOTAL("total");

        private final String words;

        Part(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// Shares of the time, not of transactions: for half of it the lag was at most `half`, and so
    /// on. What nothing passes for a minute counts for that minute.
    public record Percentiles(Duration p50, Duration p95, Duration p99, Duration most) {}

    public Lag {
        now = Map.copyOf(now);
        lastMinute = Map.copyOf(lastMinute);
        sinceStart = Map.copyOf(sinceStart);
    }

    public Optional<Duration> of(Part part) {
        return Optional.ofNullable(now.get(part));
    }

    /// From the times up to which all was captured, read by apply and applied: each empty where it
    /// is not known, and none better than the one before it.
    static Map<Part, Duration> parts(
            Optional<Duration> captured, Optional<Duration> read, Optional<Duration> applied) {
        var parts = new EnumMap<Part, Duration>(Part.class);
        captured.ifPresent(first -> {
            parts.put(Part.CAPTURE, first);
            var second = read.map(behind -> longer(first, behind));
            second.ifPresent(behind -> parts.put(Part.QUEUE, behind.minus(first)));
            applied.map(behind -> longer(second.orElse(first), behind))
                    .ifPresent(whole -> {
                        parts.put(Part.TOTAL, whole);
                        second.ifPresent(behind -> parts.put(Part.APPLY, whole.minus(behind)));
                    });
        });
        return parts;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
