package ferry.engine.precheck;

import ferry.engine.changelog.LogStore;
import ferry.engine.config.Amounts;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Finding.Outcome;
import ferry.engine.dialect.Outlook;
import ferry.engine.dialect.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// Whether the change log finds room on the disk of Ferry's home, and within `changelog.bytes`.
///
/// While tables are loaded nothing of it may be dropped, so it grows by what the source logs in
/// that time; that is an upper bound, because only selected tables are kept, and compressed. Later
/// it holds what is not applied yet, and applied parts for `changelog.retention` as long as there
/// is room.
record ChangeLogRoom(long free, long held, Settings settings, Outlook outlook, Instant now) {
    private static final String ITEM = "CHANGE_LOG_DISK";

    /// The estimate may be wrong by this factor before somebody is warned too late.
    private static final int MARGIN = 2;

    static Finding check(LogStore store, Settings settings, Outlook outlook, Instant now) {
        try {
            var held = 0L;
            for (var file : store.list()) {
                held += store.size(file);
            }
            return new ChangeLogRoom(store.freeBytes(), held, settings, outlook, now).finding();
        } catch (IOException e) {
            return Finding.failed(
                    ITEM,
                    Role.SOURCE,
                    "The change log's folder in Ferry's home cannot be looked at: " + e,
                    "Repair the disk, or choose another folder with --home");
        }
    }

    Finding finding() {
        var limit = settings.get(Settings.CHANGELOG_BYTES);
        var segment = settings.get(Settings.CHANGELOG_SEGMENT_BYTES);
        var disk = free + held;
        if (free < segment) {
            return Finding.failed(
                    ITEM,
                    Role.SOURCE,
                    "The disk of Ferry's home has "
                            + Amounts.bytes(free)
                            + " free, less than one segment of the change log ("
                            + Amounts.bytes(segment)
                            + ", changelog.segment.bytes)",
                    "Free some space, or choose a folder on another disk with --home");
        }
        var growth = growth(outlook.loadTime());
        if (growth > limit) {
            return failed(
                    expectation(growth)
                            + ", and changelog.bytes lets the change log hold "
                            + Amounts.bytes(limit)
                            + ": capture would stop in the middle of the load",
                    "Set changelog.bytes to "
                            + Amounts.bytes(MARGIN * growth)
                            + " or more, on a disk that has that much");
        }
        if (growth > disk) {
            return failed(
                    expectation(growth)
                            + ", and the disk of Ferry's home has room for "
                            + Amounts.bytes(disk)
                            + ": capture would stop in the middle of the load",
                    "Free "
                            + Amounts.bytes(MARGIN * growth - disk)
                            + ", or choose a folder on another disk with --home");
        }
        var known = outlook.log().flatMap(log -> log.bytesPerSecond(now)).isPresent();
        if (MARGIN * growth > Math.min(disk, limit)) {
            return Finding.warned(
                    ITEM,
                    Role.SOURCE,
                    expectation(growth)
                            + "; the change log has room for "
                            + Amounts.bytes(Math.min(disk, limit))
                            + ", which is little more",
                    "Give it "
                            + Amounts.bytes(MARGIN * growth)
                            + ": free space on the disk of Ferry's home, and changelog.bytes");
        }
        if (limit > disk && (!known || MARGIN * (growth + kept()) > disk)) {
            return Finding.warned(
                    ITEM,
                    Role.SOURCE,
                    "The change log may grow to "
                            + Amounts.bytes(limit)
                            + " (changelog.bytes), and the disk of Ferry's home has room for "
                            + Amounts.bytes(disk)
                            + "; "
                            + (known
                                    ? "the source logs about "
                                            + Amounts.bytes(growth + kept())
                                            + " during load and changelog.retention"
                                    : "how fast the source's log grows is not known yet"),
                    "Set changelog.bytes below what is free, so that Ferry never fills the disk, or free some space");
        }
        return Finding.passed(
                ITEM,
                Role.SOURCE,
                "The disk of Ferry's home has room for "
                        + Amounts.bytes(disk)
                        + " of change log, changelog.bytes is "
                        + Amounts.bytes(limit)
                        + (known && growth > 0 ? ". " + expectation(growth) : ""));
    }

    private static Finding failed(String what, String remedy) {
        // An estimate: the operator may know better.
        return new Finding(ITEM, Role.SOURCE, Outcome.FAILED, what, remedy, true);
    }

    private String expectation(double growth) {
        return "The load takes about "
                + Amounts.time(outlook.loadTime())
                + " ("
                + Amounts.bytes(outlook.loadBytes())
                + " at precheck.load.speed), in which the source logs about "
                + Amounts.bytes(growth);
    }

    private double kept() {
        return growth(settings.get(Settings.CHANGELOG_RETENTION));
    }

    /// What the source logs in this time, if it goes on as before; 0 if that is not known.
    private double growth(Duration time) {
        return outlook.log().flatMap(log -> log.bytesPerSecond(now)).orElse(0.0) * time.toSeconds();
    }
}
