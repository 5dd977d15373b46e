package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.scenarios.SoakPlan.Blow;
import ferry.scenarios.SoakPlan.Deed;
import ferry.scenarios.SoakPlan.Victim;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SoakPlanTest {
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

    @Test
    void aSeedMakesItsPlanAgain() {
        assertThat(blows(7)).isEqualTo(blows(7)).isNotEqualTo(blows(8));
    }

    @Test
    void everyVictimSuffersEverythingThatItCan() {
        for (var victim : Victim.values()) {
            var deeds =
                    blows(7).stream()
                            .filter(blow -> blow.victim() == victim)
                            .map(Blow::deed)
                            .collect(Collectors.toSet());

            assertThat(deeds)
                    .isEqualTo(
                            victim == Victim.FERRY
                                    ? EnumSet.of(Deed.KILL, Deed.STOP)
                                    : EnumSet.allOf(Deed.class));
        }
    }

    @Test
    void blowsComeAndGoWithinTheirLimits() {
        assertThat(blows(7))
                .allSatisfy(blow -> {
                    assertThat(blow.after())
                            .isBetween(Duration.ofMillis(500), PAUSE_MAX.plusMillis(500));
                    assertThat(blow.length()).isLessThan(Duration.ofSeconds(10));
                });
    }

    private static List<Blow> blows(long seed) {
        var plan = new SoakPlan(seed, PAUSE_MAX);
        return Stream.generate(plan::next).limit(500).toList();
    }
}
