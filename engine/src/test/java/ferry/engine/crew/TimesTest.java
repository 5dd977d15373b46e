package ferry.engine.crew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Time is counted once, for what is done in it.
final class TimesTest {
    private static final Duration WHILE = Duration.ofMillis(20);

    private static void pass() {
        var until = System.nanoTime() + WHILE.toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private static Duration of(Times times, Activity activity) {
        return times.spent().getOrDefault(activity, Duration.ZERO);
    }

    @Test
    void aCallInsideAnotherBelongsToItself() {
        var times = new Times();
        times.bind();
        times.beginStep();
        Times.during(
                Activity.SOURCE,
                () -> {
                    pass();
                    return Times.during(
                            Activity.TARGET,
                            () -> {
                                pass();
                                pass();
                                return null;
                            });
                });
        pass();

        assertThat(of(times, Activity.SOURCE)).isGreaterThanOrEqualTo(WHILE);
        assertThat(of(times, Activity.TARGET)).isGreaterThanOrEqualTo(WHILE.multipliedBy(2));
        assertThat(of(times, Activity.TARGET)).isGreaterThan(of(times, Activity.SOURCE));
        assertThat(of(times, Activity.OWN)).isGreaterThanOrEqualTo(WHILE);
    }

    @Test
    void workInsideAReadIsOurOwnAndNeverMoreThanTheRead() {
        var times = new Times();
        times.bind();
        times.beginStep();
        Times.during(
                Activity.SOURCE,
                () -> {
                    pass();
                    pass();
                    Times.ownWork(WHILE.toNanos());
                    return null;
                });
        assertThat(of(times, Activity.SOURCE)).isGreaterThanOrEqualTo(WHILE);
        assertThat(of(times, Activity.OWN)).isGreaterThanOrEqualTo(WHILE);
        var all = of(times, Activity.SOURCE).plus(of(times, Activity.OWN));

        Times.during(
                Activity.SOURCE,
                () -> {
                    Times.ownWork(Long.MAX_VALUE);
                    return null;
                });
        assertThat(of(times, Activity.OWN)).isGreaterThanOrEqualTo(all);
        assertThat(of(times, Activity.SOURCE)).isLessThan(WHILE);
    }

    @Test
    void aStepThatFoundNothingWaited() {
        var times = new Times();
        times.bind();
        times.beginStep();
        pass();
        times.foundNothing(Activity.ROOM);

        assertThat(of(times, Activity.OWN)).isZero();
        assertThat(of(times, Activity.ROOM)).isGreaterThanOrEqualTo(WHILE);
    }

    @Test
    void whoIsNotCountedJustWorks() throws InterruptedException {
        var result = new int[1];
        Thread.ofPlatform().start(() -> result[0] = Times.during(Activity.TARGET, () -> 7)).join();

        assertThat(result[0]).isEqualTo(7);
    }
}
