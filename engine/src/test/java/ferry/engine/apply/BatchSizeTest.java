package ferry.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BatchSizeTest {
    private final BatchSize size = new BatchSize(1_000, Duration.ofSeconds(10));

    @Test
    void whatTookTooLongIsFollowedBySmallerOnes() {
        size.took(1_000, Duration.ofSeconds(40));

        assertThat(size.present()).isEqualTo(250);
    }

    @Test
    void aSmallOneThatTookTooLongTellsMoreThanTheLargest() {
        size.took(20, Duration.ofSeconds(100));

        assertThat(size.present()).isEqualTo(2);
    }

    @Test
    void neverLessThanOne() {
        size.took(1, Duration.ofMinutes(10));

        assertThat(size.present()).isEqualTo(1);
    }

    @Test
    void growsWhileFullOnesAreQuick() {
        size.took(1_000, Duration.ofSeconds(100));
        size.took(100, Duration.ofSeconds(5));
        assertThat(size.present()).isEqualTo(200);

        size.took(199, Duration.ofSeconds(1)); // tells nothing of a full one
        size.took(200, Duration.ofSeconds(6)); // twice as many would take too long
        assertThat(size.present()).isEqualTo(200);
    }

    @Test
    void neverMoreThanTheMost() {
        size.took(1_000, Duration.ofSeconds(1));

        assertThat(size.present()).isEqualTo(1_000);
    }
}
