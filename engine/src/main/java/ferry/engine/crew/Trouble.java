package ferry.engine.crew;

import java.time.Duration;

/// How long one loop has been failing: from its first problem until it did something that lasts, or
/// had nothing to do for a while in which no further problem came. That it could open or begin its
/// work anew after a problem proves nothing: what it fails at may come only then. Used by one
/// thread, which tells the time.
final class Trouble {
    /// A loop that has nothing to do may touch what is broken only now and then; no setting makes
    /// it rarer than once a minute.
    private static final Duration LONGEST_CALM = Duration.ofMinutes(2);

    private boolean over = true;
    private long began;
    private long last;
    private Duration calm = Duration.ZERO;

    /// Takes a further problem; false if it all lasts longer than `patience`.
    boolean bears(long now, Duration patience) {
        if (over) {
            over = false;
            began = now;
        }
        last = now;
        calm = patience.compareTo(LONGEST_CALM) < 0 ? patience : LONGEST_CALM;
        return now - began <= patience.toNanos();
    }

    void worked() {
        over = true;
    }

    void idle(long now) {
        over = over || now - last > calm.toNanos();
    }

    boolean isOver() {
        return over;
    }
}
