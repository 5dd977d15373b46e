package ferry.engine.governor;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Settings;
import java.time.Duration;
import java.time.Instant;

/// How many load workers may work at once, and how large their batches are: stress halves both, and
/// each span of calm lets one more worker work and the batches grow by a step (additive increase,
/// multiplicative decrease, as TCP does it).
final class Pace {
    private static final int STEPS = 8;

    /// The smallest batch, as a part of the largest.
    private static final int PARTS_MAX = 64;

    private final int workersMax;
    private final long batchMax;
    private final Duration grow;
    private final Duration rest;
    private int workers;
    private long batch;
    private Instant halved = Instant.MIN;
    private Instant changed = Instant.MIN;
    private String why = "";

    Pace(Settings settings) {
        workersMax = settings.number(Settings.LOAD_WORKERS);
        batchMax = settings.get(Settings.LOAD_BATCH_BYTES);
        grow = settings.get(GovernorSettings.GROW_TIME);
        rest = settings.get(GovernorSettings.SAMPLE_TIME);
        workers = workersMax;
        batch = batchMax;
    }

    /// Stress was seen. It halves once in a sample's time, however many see it; `least` workers go
    /// on.
    void stress(Instant now, int least, String seen) {
        grow(now);
        changed = now;
        why = seen;
        if (halved.equals(Instant.MIN) || !now.isBefore(halved.plus(rest))) {
            halved = now;
            workers = Math.max(Math.min(least, workers), workers / 2);
            batch = Math.max(Math.max(1, batchMax / PARTS_MAX), batch / 2);
        }
    }

    /// Grows by the calm that has passed.
    void grow(Instant now) {
        while (!isFull() && !now.isBefore(changed.plus(grow))) {
            changed = changed.plus(grow);
            workers = Math.min(workersMax, workers + 1);
            batch = Math.min(batchMax, batch + Math.max(1, batchMax / STEPS));
        }
    }

    private boolean isFull() {
        return workers == workersMax && batch == batchMax;
    }

    int workers() {
        return workers;
    }

    int workersMax() {
        return workersMax;
    }

    long batch() {
        return batch;
    }

    /// The stress that was seen last.
    String why() {
        return why;
    }
}
