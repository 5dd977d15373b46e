package ferry.engine.governor;

import java.time.Duration;
import java.time.Instant;

/// A limit of so many units a second. What a piece of work needs is known only when it is done, so
/// it is paid afterwards: whoever asks next waits until the debt is worked off. Over time exactly
/// so many units a second pass, and at most those of one second more after a pause.
///
/// Kept as the time at which the bucket is no longer in debt, so that no rounding adds up and a new
/// rate holds from the next payment on (the generic cell rate algorithm of ATM networks).
final class TokenBucket {
    private static final Duration SAVED = Duration.ofSeconds(1);
    private static final double NANOS = 1e9;

    private final Duration debtMax;
    private Instant free = Instant.MIN;

    /// Of a debt beyond `debtMax` the rest is given up.
    TokenBucket(Duration debtMax) {
        this.debtMax = debtMax;
    }

    /// True while the bucket is in debt. A clock that was set back makes nobody wait longer than
    /// the largest debt.
    boolean owes(Instant now) {
        return now.isBefore(free) && !free.isAfter(now.plus(debtMax));
    }

    /// Pays `units` at a rate of so many a second.
    void spend(Instant now, long units, long perSecond) {
        var saved = now.minus(SAVED);
        // The first payment finds nothing saved: the limit may have begun just now.
        var from = free.equals(Instant.MIN) ? now : free.isBefore(saved) ? saved : free;
        var latest = now.plus(debtMax);
        var paid =
                from.plusSeconds(units / perSecond)
                        .plusNanos((long) ((units % perSecond) * NANOS / perSecond));
        free = paid.isAfter(latest) ? latest : paid;
    }

    /// Without a limit nothing is owed.
    void forget() {
        free = Instant.MIN;
    }
}
