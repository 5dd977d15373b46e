package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How long the reader of many answers waits, behind packets whose answers were ready after so
/// long.
final class AnswerPaceTest {
    private static final int STATEMENTS = 100;
    private static final long MILLIS = 1_000_000;

    private final AnswerPace pace = new AnswerPace();

    /// What is ready before the wait ends is seen when it ends.
    private void ready(int packets, long nanos) {
        for (var i = 0; i < packets; i++) {
            pace.took(STATEMENTS, Math.max(nanos, pace.waitNanos(STATEMENTS)));
        }
    }

    @Test
    void mostOfTheTimeThatTheLastPacketsTookIsWaited() {
        ready(20, 5 * MILLIS);

        assertThat(pace.waitNanos(STATEMENTS)).isBetween(3 * MILLIS, 5 * MILLIS - 1);
        assertThat(pace.waitNanos(2 * STATEMENTS)).isBetween(6 * MILLIS, 10 * MILLIS - 1);
    }

    @Test
    void fewStatementsAreNotWaitedFor() {
        ready(20, 5 * MILLIS);

        assertThat(pace.waitNanos(2)).isZero();
    }

    @Test
    void packetsThatWaitedForLocksSlowTheNextOnesLittleAndBriefly() {
        ready(20, 5 * MILLIS);
        ready(1, 60_000 * MILLIS);
        assertThat(pace.waitNanos(STATEMENTS)).isLessThan(6 * MILLIS);

        ready(9, 60_000 * MILLIS);
        ready(4, 5 * MILLIS);

        assertThat(pace.waitNanos(STATEMENTS)).isLessThan(5 * MILLIS);
    }

    @Test
    void whatAlwaysTakesLongIsNotWaitedForWithoutEnd() {
        ready(200, 60_000 * MILLIS);

        assertThat(pace.waitNanos(STATEMENTS)).isEqualTo(100 * MILLIS);
    }
}
