package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories with crashes at every await point, duplicates, delays, lost replies, two
/// owners, torn logs and DDL in windows; and histories written by hand. A failure prints the
/// command that replays it. Without any one of the rules the histories must fail.
class SimulationTest {
    /// Seeds that every change must hold.
    private static final long SEEDS = Long.getLong("ferry.simulations", 1_000);

    /// Seeds within which a broken rule must be seen.
    private static final long MUTATION_SEEDS = 400; // the rarest shows in two of a hundred

    private static final int LAST_SECTION = 11;
    private static final Path TABLE = Path.of("../../docs/guarantees.md");

    @Test
    void everyPromiseHoldsInEveryHistory() {
        var failures =
                LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .mapToObj(seed -> failure(seed, Mutation.NONE))
                        .flatMap(Optional::stream)
                        .toList();

        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyPromiseHoldsInEveryScript(Script script) {
        assertThat(failure(() -> script.play(Mutation.NONE)))
                .as(Simulate.replay(script, Mutation.NONE))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void aBrokenRuleIsSeen(Mutation mutation) {
        var seen =
                LongStream.rangeClosed(1, mutation.script().isPresent() ? 1 : MUTATION_SEEDS)
                        .parallel()
                        .anyMatch(seed -> failure(seed, mutation).isPresent());

        assertThat(seen).as("no history shows that %s is broken", mutation).isTrue();
    }

    @Test
    void everySectionHasARuleThatIsBroken() throws IOException {
        var sections = mutations().stream().map(Mutation::section).collect(Collectors.toSet());
        var table = Files.readString(TABLE);

        assertThat(sections).containsAll(IntStream.rangeClosed(1, LAST_SECTION).boxed().toList());
        assertThat(mutations()).allMatch(mutation -> table.contains("`" + mutation.name() + "`"));
    }

    static List<Mutation> mutations() {
        return Mutation.all();
    }

    private static Optional<String> failure(long seed, Mutation mutation) {
        return failure(() -> mutation.play(seed))
                .map(failure -> Simulate.replay(seed, mutation) + ": " + failure);
    }

    private static Optional<String> failure(Runnable history) {
        try {
            history.run();
            return Optional.empty();
        } catch (RuntimeException | AssertionError failure) {
            return Optional.of(failure.toString());
        }
    }
}
