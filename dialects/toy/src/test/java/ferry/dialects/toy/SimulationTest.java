package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories with crashes at every await point, duplicates, delays, lost replies, two
/// owners, torn logs and DDL in windows. A failing seed prints the command that replays it.
class SimulationTest {
    /// Seeds that every change must hold.
    private static final long SEEDS = Long.getLong("ferry.simulations", 1_000);

    /// Seeds within which a broken rule must be seen.
    private static final long MUTATION_SEEDS = 40;

    @Test
    void everyPromiseHoldsInEveryHistory() {
        var failures =
                LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .mapToObj(seed -> failure(seed, Mutation.NONE))
                        .flatMap(List::stream)
                        .toList();

        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void aBrokenRuleIsSeen(Mutation mutation) {
        var seen =
                LongStream.rangeClosed(1, MUTATION_SEEDS)
                        .parallel()
                        .anyMatch(seed -> !failure(seed, mutation).isEmpty());

        assertThat(seen).as("no history shows that %s is broken", mutation).isTrue();
    }

    /// The broken rules that these seeds are known to show; `docs/guarantees.md` names those that
    /// have no such proof yet.
    static List<Mutation> mutations() {
        return List.of(
                Mutation.CASCADES_NOT_LOGGED,
                Mutation.named("CHECKSUM_WITHOUT_MARKS"),
                Mutation.named("CHUNK_IS_ONE_TRANSACTION"),
                Mutation.named("COMMITTED_IS_LOG_END"));
    }

    private static List<String> failure(long seed, Mutation mutation) {
        try {
            new Simulation(seed, mutation, Simulation.STEPS_MAX, false).run();
            return List.of();
        } catch (RuntimeException | AssertionError failure) {
            return List.of(Simulate.replay(seed, mutation) + ": " + failure);
        }
    }
}
