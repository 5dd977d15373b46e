package ferry.engine.governor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final TokenBucket bucket = new TokenBucket(HOUR);

    @Test
    void exactlyTheRatePassesOverTime() {
        for (var perSecond : new long[] {1, 7, 5_000, 1L << 20, 1L << 40}) {
            var random = new Random(perSecond);
            var limited = new TokenBucket(HOUR);
            var now = START;
            var spent = 0L;
            var end = START.plus(HOUR);
            while (now.isBefore(end)) {
                if (!limited.owes(now)) {
                    var units = 1 + random.nextLong(perSecond);
                    limited.spend(now, units, perSecond);
                    spent += units;
                }
                now = now.plusMillis(5);
            }

            var whole = perSecond * HOUR.toSeconds();
            assertThat(spent)
                    .as("at %d a second", perSecond)
                    .isBetween(whole - perSecond, whole + perSecond);
        }
    }

    @Test
    void whoIsInDebtWaitsExactlyUntilItIsWorkedOff() {
        bucket.spend(START, 2_500, 1_000);

        assertThat(bucket.owes(START.plusMillis(2_499))).isTrue();
        assertThat(bucket.owes(START.plusMillis(2_500))).isFalse();
    }

    @Test
    void aPauseSavesNoMoreThanASecond() {
        bucket.spend(START, 1, 1_000);
        var later = START.plus(Duration.ofMinutes(10));

        bucket.spend(later, 1_000, 1_000);
        assertThat(bucket.owes(later)).isFalse();
        bucket.spend(later, 1_000, 1_000);
        assertThat(bucket.owes(later.plusMillis(999))).isTrue();
        assertThat(bucket.owes(later.plusMillis(1_000))).isFalse();
    }

    @Test
    void theFirstPieceFindsNothingSaved() {
        bucket.spend(START, 1_000, 1_000);

        assertThat(bucket.owes(START.plusMillis(999))).isTrue();
    }

    @Test
    void whatIsBeyondTheLargestDebtIsGivenUp() {
        bucket.spend(START, 1_000_000, 1);

        assertThat(bucket.owes(START.plus(HOUR).minusNanos(1))).isTrue();
        assertThat(bucket.owes(START.plus(HOUR))).isFalse();
    }

    @Test
    void aClockThatIsSetBackStopsNobody() {
        bucket.spend(START.plus(Duration.ofDays(1)), 10, 1);

        assertThat(bucket.owes(START)).isFalse();
    }

    @Test
    void withoutALimitNothingIsOwed() {
        bucket.spend(START, 1_000, 1);

        bucket.forget();

        assertThat(bucket.owes(START)).isFalse();
    }
}
