package ferry.engine.governor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that a test moves by hand.
final class MovedClock implements InstantSource {
    private Instant now;

    MovedClock(String now) {
        this.now = Instant.parse(now);
    }

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    void set(String time) {
        now = Instant.parse(time);
    }
}
