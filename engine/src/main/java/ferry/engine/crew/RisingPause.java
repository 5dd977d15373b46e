package ferry.engine.crew;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// When to look again for what somebody else must bring about and nobody announces: soon at first,
/// then ever later, up to a limit. Used by one thread.
public final class RisingPause {
    private static final Duration FIRST = Duration.ofMillis(5);

    private final InstantSource clock;
    private final Duration longest;
    private Duration pause = FIRST;
    private Instant next = Instant.MIN;

    public RisingPause(InstantSource clock, Duration longest) {
        this.clock = clock;
        this.longest = longest;
    }

    /// True when it is time to look; the next time is then later by a longer pause.
    public boolean isOver() {
        var now = clock.instant();
        if (now.isBefore(next)) {
            return false;
        }
        next = now.plus(pause);
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(longest) < 0 ? doubled : longest;
        return true;
    }
}
