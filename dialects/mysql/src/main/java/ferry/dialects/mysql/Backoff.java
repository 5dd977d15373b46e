package ferry.dialects.mysql;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;

/// Sleeps between two looks at the source, each time twice as long, up to a limit.
final class Backoff {
    private final String forWhat;
    private final Duration longest;
    private Duration pause;

    /// `forWhat` completes "Stopped while waiting for …".
    Backoff(String forWhat, Duration first, Duration longest) {
        this.forWhat = forWhat;
        this.pause = first;
        this.longest = longest;
    }

    /// How long the next sleep is.
    Duration pause() {
        return pause;
    }

    void sleep() {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(
                    ProblemCode.SOURCE_UNREACHABLE,
                    "Stopped while waiting for " + forWhat,
                    "the work was interrupted",
                    "Nothing");
        }
        var twice = pause.multipliedBy(2);
        pause = twice.compareTo(longest) < 0 ? twice : longest;
    }
}
