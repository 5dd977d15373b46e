package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How long the reader of many answers waits, behind packets that took so long.
final class AnswerPaceTest {
    private static final int STATEMENTS = 100;
    private static final long MILLIS = 1_000_000;

    private final AnswerPace pace = new AnswerPace();

    private void took(int times, long nanos) {
        for (var i = 0; i < times; i++) {
            pace.took(STATEMENTS, nanos);
        }
    }

    @Test
    void mostOfTheTimeThatTheLastPacketsTookIsWaited() {
        took(20, 5 * MILLIS);

        assertThat(pace.waitNanos(STATEMENTS)).isBetween(3 * MILLIS, 5 * MILLIS - 1);
        assertThat(pace.waitNanos(2 * STATEMENTS)).isBetween(6 * MILLIS, 10 * MILLIS - 1);
    }

    @Test
    void fewStatementsAreNotWaitedFor() {
        took(20, 5 * MILLIS);

        assertThat(pace.waitNanos(2)).isZero();
    }

    @Test
    void aPacketThatWaitedForALockHardlySlowsTheNextOnes() {
        took(20, 5 * MILLIS);
        took(1, 60_000 * MILLIS);

        assertThat(pace.waitNanos(STATEMENTS)).isLessThan(6 * MILLIS);
        took(1, MILLIS);
        assertThat(pace.waitNanos(STATEMENTS)).isLessThan(MILLIS);
    }

    @Test
    void whatAlwaysTakesLongIsNotWaitedForWithoutEnd() {
        took(200, 60_000 * MILLIS);

        assertThat(pace.waitNanos(STATEMENTS)).isEqualTo(100 * MILLIS);
    }
}
