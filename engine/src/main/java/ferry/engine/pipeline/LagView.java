package ferry.engine.pipeline;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Ends;
import ferry.engine.pipeline.Lag.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Looks how far the target is behind: by heartbeats where the source takes them, otherwise by the
/// times that stand in its log. Safe for several threads.
final class LagView {
    private static final Duration LOOK_TIME = Duration.ofMillis(100);

    private final Ends ends;
    private final Pulse pulse;
    private final LagMeter meter = new LagMeter();
    private volatile Instant looked = Instant.MIN;

    LagView(Ends ends, Pulse pulse) {
        this.ends = ends;
        this.pulse = pulse;
    }

    /// Remembers how it is at this moment; more often than [#LOOK_TIME] it does nothing.
    void look(Link link) {
        var now = ends.clock().instant();
        if (looked.isAfter(now) || !now.isBefore(looked.plus(LOOK_TIME))) {
            looked = now;
            meter.add(now, parts(now, link, pulse.look(now, link)));
        }
    }

    Lag lag(Link link) {
        var now = ends.clock().instant();
        var beats = pulse.look(now, link);
        return new Lag(
                parts(now, link, beats),
                meter.lastMinute(now),
                meter.sinceStart(),
                measuredBy(beats.isPresent()));
    }

    Optional<Duration> captureLag(Link link) {
        var now = ends.clock().instant();
        return Optional.ofNullable(parts(now, link, pulse.look(now, link)).get(Part.CAPTURE));
    }

    private static Map<Part, Duration> parts(Instant now, Link link, Optional<Pulse.Seen> beats) {
        return beats.map(seen -> Lag.parts(seen.captured(), seen.read(), seen.applied()))
                .orElseGet(() -> byLog(now.toEpochMilli() * 1000, link));
    }

    private static Map<Part, Duration> byLog(long nowMicros, Link link) {
        var captured = since(nowMicros, link.capture().sourceMicros());
        var applied = link.apply().applied();
        if (applied.isPresent() && applied.orElseThrow().covers(link.capture().read())) {
            // What the log tells while nothing changes is not always read by apply.
            return Lag.parts(captured, captured, captured);
        }
        return Lag.parts(
                captured,
                since(nowMicros, link.apply().readMicros()),
                since(nowMicros, link.apply().appliedMicros()));
    }

    private static Optional<Duration> since(long nowMicros, long sourceMicros) {
        return sourceMicros == 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.max(0, (nowMicros - sourceMicros) / 1000)));
    }

    private String measuredBy(boolean beats) {
        var settings = ends.settings();
        if (beats) {
            return "heartbeats in %s every %s"
                    .formatted(
                            settings.get(Settings.SOURCE_HEARTBEAT_TABLE),
                            Settings.SOURCE_HEARTBEAT_TIME.print(
                                    settings.get(Settings.SOURCE_HEARTBEAT_TIME)));
        }
        return "the times in the source's log"
                + pulse.refused().map(why -> ", because it takes no heartbeat: " + why).orElse("");
    }
}
