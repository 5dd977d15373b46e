package ferry.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.pipeline.Lag.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is remembered of a lag, against the values themselves.
final class LagMeterTest {
    private final LagMeter meter = new LagMeter();
    private Instant now = Instant.EPOCH;

    private void see(Duration after, long millis) {
        now = now.plus(after);
        meter.add(now, Map.of(Part.TOTAL, Duration.ofMillis(millis)));
    }

    private Lag.Percentiles lastMinute() {
        return meter.lastMinute(now).get(Part.TOTAL);
    }

    @Test
    void percentilesAreThoseOfTheValuesWithinASixteenth() {
        var random = new Random(4);
        for (var round = 0; round < 50; round++) {
            var shares = new TimeShares();
            var values = new ArrayList<Long>();
            var bound = 1L << 1 + random.nextInt(30);
            for (var i = 0; i < 1_000; i++) {
                var value = random.nextLong(bound);
                values.add(value);
                shares.add(value, 1);
            }
            values.sort(null);
            var found = shares.percentiles().orElseThrow();

            isAbout(found.p50(), values.get(499));
            isAbout(found.p95(), values.get(949));
            isAbout(found.p99(), values.get(989));
            assertThat(found.most()).isEqualTo(Duration.ofMillis(values.getLast()));
        }
    }

    /// Never less, and exact where it is small.
    private static void isAbout(Duration found, long value) {
        assertThat(found.toMillis()).isBetween(value, value < 32 ? value : value + value / 16 + 1);
    }

    @Test
    void whatIsBeyondAllBucketsIsNotLost() {
        var shares = new TimeShares();
        shares.add(Long.MAX_VALUE / 2_000_000, 1);
        shares.add(-5, 1);

        assertThat(shares.percentiles().orElseThrow().most())
                .isEqualTo(Duration.ofMillis(Long.MAX_VALUE / 2_000_000));
    }

    @Test
    void aLookCountsForTheTimeSinceTheOneBefore() {
        see(Duration.ZERO, 5);
        for (var i = 0; i < 100; i++) {
            see(Duration.ofMillis(100), 5);
        }
        see(Duration.ofSeconds(30), 30_000); // nobody looked while it stood still

        assertThat(lastMinute().p50()).isEqualTo(Duration.ofSeconds(30));
        assertThat(lastMinute().most()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theLastMinuteForgetsAndTheWholeRemembers() {
        see(Duration.ZERO, 0);
        see(Duration.ofSeconds(1), 60_000);
        for (var i = 0; i < 70; i++) {
            see(Duration.ofSeconds(1), 10);
        }

        assertThat(lastMinute().most()).isEqualTo(Duration.ofMillis(10));
        assertThat(meter.sinceStart().get(Part.TOTAL).most()).isEqualTo(Duration.ofMinutes(1));
        assertThat(meter.sinceStart().get(Part.TOTAL).p50()).isEqualTo(Duration.ofMillis(10));
        assertThat(meter.lastMinute(now.plus(Duration.ofMinutes(2)))).isEmpty();
    }

    @Test
    void aClockThatGoesBackCountsNothing() {
        see(Duration.ZERO, 1);
        see(Duration.ofSeconds(1), 1);
        see(Duration.ofSeconds(-100), 90_000);
        see(Duration.ofSeconds(1), 1);

        assertThat(meter.sinceStart().get(Part.TOTAL).most()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void partsAddUpToTheWholeWay() {
        var parts = Lag.parts(seconds(1), seconds(3), seconds(7));
        assertThat(parts)
                .containsEntry(Part.CAPTURE, Duration.ofSeconds(1))
                .containsEntry(Part.QUEUE, Duration.ofSeconds(2))
                .containsEntry(Part.APPLY, Duration.ofSeconds(4))
                .containsEntry(Part.TOTAL, Duration.ofSeconds(7));

        assertThat(Lag.parts(seconds(5), seconds(3), seconds(4)))
                .containsEntry(Part.QUEUE, Duration.ZERO)
                .containsEntry(Part.APPLY, Duration.ZERO)
                .containsEntry(Part.TOTAL, Duration.ofSeconds(5));
    }

    @Test
    void whatIsNotKnownIsMissing() {
        assertThat(Lag.parts(Optional.empty(), seconds(3), seconds(4))).isEmpty();
        assertThat(Lag.parts(seconds(1), Optional.empty(), seconds(4)))
                .containsOnlyKeys(Part.CAPTURE, Part.TOTAL);
        assertThat(Lag.parts(seconds(1), seconds(2), Optional.empty()))
                .containsOnlyKeys(Part.CAPTURE, Part.QUEUE);
    }

    private static Optional<Duration> seconds(long seconds) {
        return Optional.of(Duration.ofSeconds(seconds));
    }
}
