package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Kills Ferry and the source while it moves from each of the sources that [CrashTest] does not
/// have, under live writes. `-Dferry.crash.seed=S` repeats what the seed S printed.
@Tag("servers")
final class SourceCrashTest {
    private static final long SEED =
            Long.getLong("ferry.crash.seed", System.currentTimeMillis() % 1_000_000);

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"MYSQL", "OCEANBASE"})
    void killsWhileLoadingAndWhileApplyingLoseNothing(Pair pair) throws Exception {
        System.out.println(pair + ": repeat with -Dferry.crash.seed=" + SEED);
        var name = "crash_" + pair.name().toLowerCase(Locale.ROOT);
        try (var voyage =
                new Voyage(
                        pair,
                        name,
                        SEED,
                        folder,
                        Servers.source(pair).port(),
                        Servers.target(pair).port())) {
            var first = voyage.ferry("home", "forever");
            voyage.await(CrashStep.LOAD, first);
            first.kill();
            var loaded = voyage.chunks();

            var second = voyage.ferry("home", "forever");
            voyage.await(CrashStep.APPLY, second);
            second.kill();
            voyage.source().kill();
            voyage.source().restart();

            assertThat(voyage.chunks())
                    .as("chunks that were in the target before the first kill")
                    .containsAll(loaded);
            voyage.arrive("home");
        }
    }
}
