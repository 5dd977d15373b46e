package ferry.scenarios;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Writers, DDL, kills, stalls and cuts all at the same time, for as long as somebody wants; both
/// ends must be equal in between and at the end.
///
/// `-Dferry.soak=MINUTES` sets the length (`./ferry test --soak MINUTES`), `-Dferry.soak.seed=S`
/// repeats the plan of the seed S, `-Dferry.soak.into=mysql` or `oceanbase` chooses the target;
/// otherwise seeds of long soaks take turns.
@Tag("servers")
final class SoakTest {
    private static final int MINUTES = Integer.getInteger("ferry.soak", 0);
    private static final Duration SHORT = Duration.ofSeconds(70);
    private static final long SEED =
            Long.getLong("ferry.soak.seed", System.currentTimeMillis() % 1_000_000);
    private static final String INTO = System.getProperty("ferry.soak.into", "");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void chaosUnderWritersAndDdlEndsEqual() throws Exception {
        var pair = pair();
        var length = MINUTES == 0 ? SHORT : Duration.ofMinutes(MINUTES);
        var words = "%s to %s, seed %d".formatted(pair.origin().kind(), pair.targetKind(), SEED);
        System.out.println("soak: " + words + ", for " + length.toString().substring(2));
        try (var soak = new Soak(pair, length, SEED, folder)) {
            try {
                soak.run();
            } catch (Exception | AssertionError e) {
                soak.keepTraces();
                throw new AssertionError(
                        "soak %s failed (-Dferry.soak.seed=%d repeats its plan); all traces are in %s\n%s"
                                .formatted(words, SEED, folder, e.getMessage()),
                        e);
            }
        }
    }

    private static Pair pair() {
        return switch (INTO) {
            case "mysql" -> Pair.MYSQL;
            case "oceanbase" -> Pair.OCEANBASE;
            case "" -> MINUTES > 0 && SEED % 2 == 1 ? Pair.OCEANBASE : Pair.MYSQL;
            default ->
                    throw new IllegalArgumentException(
                            "-Dferry.soak.into must be mysql or oceanbase, not '" + INTO + "'");
        };
    }
}
