package ferry.engine.apply;

import java.time.Duration;

/// Source transactions that a target transaction takes at the most: fewer while the target is slow
/// with them, so that none goes on for minutes that nobody sees, and that a kill would take back.
/// Down in proportion, up by doubling. Not safe for several threads.
final class BatchSize {
    private final long most;
    private final Duration longest;
    private long present;

    /// `longest` is the time that a target transaction should take at the most.
    BatchSize(long most, Duration longest) {
        this.most = most;
        this.longest = longest;
        present = most;
    }

    /// What holds for the next one.
    long present() {
        return present;
    }

    /// A target transaction of so many source transactions took so long.
    void took(long transactions, Duration time) {
        if (time.compareTo(longest) > 0) {
            var fit = transactions * ((double) longest.toNanos() / time.toNanos());
            present = Math.max(1, Math.min(present, (long) fit));
        } else if (transactions >= present && time.multipliedBy(2).compareTo(longest) <= 0) {
            present = Math.min(most, 2 * present);
        }
    }
}
