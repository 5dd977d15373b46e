package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Lets the disk under Ferry's home take no more bytes while it works under live writes: change
/// log, journal, status and log file all at once; for long, and for a moment. A limit of the
/// process stands for the disk, since no test may fill a real one; the kernel refuses the writes
/// all the same.
@Tag("servers")
final class FullHomeTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MYSQL", "OCEANBASE"})
    void aFullDiskIsTriedAgainForAWhileAndLosesNothing(Pair pair) throws Exception {
        var name = "full_disk_" + pair.name().toLowerCase(Locale.ROOT);
        try (var voyage =
                new Voyage(
                        pair,
                        name,
                        7,
                        folder,
                        Servers.source(pair).port(),
                        Servers.target(pair).port())) {
            voyage.set("target.retry.time", "10s");
            var ferry = voyage.ferry("home", "forever");
            voyage.await(CrashStep.LOAD, ferry);
            var loaded = voyage.chunks();
            stopsOnAFullDisk(ferry);

            ferry = voyage.ferry("home", "forever");
            voyage.await(CrashStep.APPLY, ferry);
            assertThat(voyage.chunks())
                    .as("chunks that were in the target when the disk was full")
                    .containsAll(loaded);
            goesOnWhenThereIsRoom(voyage, ferry);
            stopsOnAFullDisk(ferry);

            voyage.arrive("home");
        }
    }

    /// The journal writes nothing while Ferry follows, so that this concerns the change log.
    private static void goesOnWhenThereIsRoom(Voyage voyage, FerryProcess ferry)
            throws InterruptedException {
        voyage.until("verification's end", ferry, () -> ferry.told("FULL_VERIFIER", "FINISHED"));
        ferry.limitFiles("0");
        voyage.until(
                "a full disk",
                ferry,
                () -> ferry.output().contains("capture tries again: FERRY-4001"));
        voyage.until("its picture", ferry, () -> ferry.lastPicture().contains("FERRY-4001"));
        ferry.unlimitFiles();
        voyage.until("room", ferry, () -> !ferry.lastPicture().contains("FERRY-4001"));
    }

    private static void stopsOnAFullDisk(FerryProcess ferry) throws InterruptedException {
        ferry.limitFiles("0");

        assertThat(ferry.exitCode()).as("exit code:\n%s", ferry.story()).isEqualTo(3);
        assertThat(ferry.output())
                .contains("FERRY-4001", "free or repair the disk that holds Ferry's home");
    }
}
