package ferry.testkit.servers;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits for a condition, with a deadline.
final class Poll {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Poll() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
            Thread.sleep(50);
        }
    }
}
