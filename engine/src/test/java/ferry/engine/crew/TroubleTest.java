package ferry.engine.crew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When a loop's trouble begins and ends.
final class TroubleTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Trouble trouble = new Trouble();

    @Test
    void itIsBorneForAsLongAsPatienceLastsFromTheFirstProblemOn() {
        assertThat(fails(Duration.ofMinutes(5))).isTrue();
        assertThat(fails(Duration.ofMinutes(15))).isTrue();
        assertThat(fails(Duration.ofMinutes(15).plusNanos(1))).isFalse();
    }

    @Test
    void whatLastsEndsIt() {
        fails(Duration.ZERO);
        trouble.worked();

        assertThat(trouble.isOver()).isTrue();
        assertThat(fails(Duration.ofMinutes(11))).isTrue();
    }

    @Test
    void havingNothingToDoEndsItAfterAWhile() {
        fails(Duration.ZERO);
        trouble.idle(Duration.ofMinutes(2).toNanos());
        assertThat(trouble.isOver()).isFalse();

        trouble.idle(Duration.ofMinutes(2).toNanos() + 1);
        assertThat(trouble.isOver()).isTrue();
        assertThat(fails(Duration.ofMinutes(11))).isTrue();
    }

    @Test
    void aProblemNowAndThenBetweenTwoIdleStepsIsOneTrouble() {
        for (var seconds = 0; seconds <= 600; seconds += 30) {
            assertThat(fails(Duration.ofSeconds(seconds))).isTrue();
            trouble.idle(Duration.ofSeconds(seconds + 20).toNanos());
        }

        assertThat(fails(Duration.ofSeconds(630))).isFalse();
    }

    private boolean fails(Duration at) {
        return trouble.bears(at.toNanos(), PATIENCE);
    }
}
