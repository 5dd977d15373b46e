package ferry.engine.precheck;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.changelog.FileLogStore;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Finding.Outcome;
import ferry.engine.dialect.LogHistory;
import ferry.engine.dialect.Outlook;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How much disk a change log is told to need.
final class ChangeLogRoomTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long GIB = 1L << 30;

    /// Ten hours of load, in which the source logs 10 GiB: one in an hour, as in the ten before.
    private static final Outlook TEN_HOURS =
            new Outlook(
                    180 * GIB,
                    Duration.ofHours(10),
                    Optional.of(
                            new LogHistory(
                                    "binlog.000003",
                                    false,
                                    NOW.minus(Duration.ofHours(10)),
                                    10 * GIB)));

    @Test
    void enoughIsSaidWithNumbers() {
        var found = room(200 * GIB, "100GiB", TEN_HOURS);

        assertThat(found.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(found.what())
                .contains("200GiB", "100GiB", "about 10 h", "180GiB", "logs about 10GiB");
    }

    @Test
    void aLimitBelowTheLoadsLogFailsAndMayBeSkipped() {
        var found = room(200 * GIB, "9GiB", TEN_HOURS);

        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.skippable()).isTrue();
        assertThat(found.what()).contains("9.0GiB", "10GiB");
        assertThat(found.remedy()).contains("changelog.bytes to 20GiB");
    }

    @Test
    void aDiskBelowTheLoadsLogFailsAndMayBeSkipped() {
        var found = room(9 * GIB, "100GiB", TEN_HOURS);

        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.skippable()).isTrue();
        assertThat(found.remedy()).contains("Free 11GiB");
    }

    @Test
    void whatTheLogHoldsAlreadyCountsAsRoom() {
        var found = new ChangeLogRoom(9 * GIB, 20 * GIB, limit("25GiB"), TEN_HOURS, NOW).finding();

        assertThat(found.outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void littleMoreThanTheLoadsLogIsWarnedOf() {
        assertThat(room(19 * GIB, "10GiB", TEN_HOURS).outcome()).isEqualTo(Outcome.WARNED);
        assertThat(room(19 * GIB, "100GiB", TEN_HOURS).outcome()).isEqualTo(Outcome.WARNED);
    }

    @Test
    void aLimitThatTheDiskDoesNotHaveIsWarnedOfUnlessTheLogGrowsSlowly() {
        assertThat(room(50 * GIB, "100GiB", TEN_HOURS).outcome()).isEqualTo(Outcome.WARNED);
        assertThat(room(70 * GIB, "100GiB", TEN_HOURS).outcome()).isEqualTo(Outcome.PASSED);
        var young =
                new Outlook(
                        GIB,
                        Duration.ofHours(1),
                        Optional.of(
                                new LogHistory("binlog.000001", true, NOW.minusSeconds(60), GIB)));
        var found = room(70 * GIB, "100GiB", young);
        assertThat(found.outcome()).isEqualTo(Outcome.WARNED);
        assertThat(found.what()).contains("not known yet");
        assertThat(room(70 * GIB, "50GiB", young).outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void aFullDiskFailsForGood() {
        var found = room(63 << 20, "100GiB", Outlook.NOTHING);

        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.skippable()).isFalse();
        assertThat(found.what()).contains("63MiB", "64MiB");
    }

    @Test
    void aRealFolderIsMeasured(@TempDir Path folder) throws IOException {
        try (var store = new FileLogStore(folder.resolve("changelog"))) {
            store.create("000001.log");
            store.append("000001.log", ByteBuffer.wrap(new byte[1000]));

            var found =
                    ChangeLogRoom.check(
                            store,
                            Settings.of(
                                    Map.of(
                                            "changelog.bytes", "1MiB",
                                            "changelog.segment.bytes", "64KiB")),
                            Outlook.NOTHING,
                            NOW);

            assertThat(found.outcome()).isEqualTo(Outcome.PASSED);
            assertThat(found.what()).contains("changelog.bytes is 1.0MiB");
        }
    }

    private static Finding room(long free, String limit, Outlook outlook) {
        return new ChangeLogRoom(free, 0, limit(limit), outlook, NOW).finding();
    }

    private static Settings limit(String bytes) {
        return Settings.of(Map.of("changelog.bytes", bytes));
    }
}
