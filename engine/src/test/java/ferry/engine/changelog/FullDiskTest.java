package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// A disk that has no room or fails: nothing that was durable is lost.
final class FullDiskTest {
    private final MemoryStore store = new MemoryStore();
    private int refusedAt;

    @Test
    void aFailedSyncEndsTheLogUntilItIsOpenedAgain() {
        try (var log = Logs.open(store);
                var reader = log.reader(Logs.START)) {
            Logs.append(log, Logs.transaction(1));
            log.sync();
            Logs.append(log, Logs.transaction(2));
            store.failsSync(true);
            Logs.assertProblem(ProblemCode.DISK_FULL, log::sync);
            store.failsSync(false);
            Logs.assertProblem(ProblemCode.DISK_FULL, log::sync);
            Logs.assertProblem(ProblemCode.DISK_FULL, () -> Logs.append(log, Logs.transaction(3)));
            Logs.assertProblem(ProblemCode.DISK_FULL, log::abandon);

            assertThat(Logs.plain(Logs.read(reader))).isEqualTo(Logs.transaction(1));
        }
        try (var log = Logs.open(store)) {
            assertThat(log.position()).isEqualTo(SetPosition.upTo(2));
        }
    }

    @Test
    void aFullDiskThatIsSeenBeforehandIsAPauseWithoutLoss() {
        try (var log = Logs.open(store)) {
            store.capacity((1 << 20) + 100_000);
            var number = fill(log);
            store.capacity(Long.MAX_VALUE);
            // the transaction that was refused goes on where it was
            Logs.append(log, Logs.largeTransaction(number, 3).subList(refusedAt, 5));
            log.sync();

            var all = Logs.plain(Logs.read(log, Logs.START));
            assertThat(Logs.from(all, number)).isEqualTo(Logs.largeTransaction(number, 3));
            assertThat(Logs.from(all, number - 1))
                    .startsWith(Logs.largeTransaction(number - 1, 3).toArray(LogRecord[]::new));
        }
    }

    /// Appends transactions until one is refused.
    private int fill(ChangeLog log) {
        for (var number = 1; ; number++) {
            var records = Logs.largeTransaction(number, 3);
            for (refusedAt = 0; refusedAt < records.size(); refusedAt++) {
                try {
                    log.append(records.get(refusedAt));
                } catch (ferry.engine.problem.ProblemException e) {
                    assertThat(e.code()).isEqualTo(ProblemCode.DISK_FULL);
                    return number;
                }
            }
        }
    }

    @Test
    void aDiskThatIsFullInTheMiddleOfABlockLosesOnlyWhatWasNotDurable() {
        store.liesAboutSpace();
        for (var capacity = 0; capacity < 2500; capacity += 37) {
            var disk = new MemoryStore();
            disk.liesAboutSpace();
            try (var log = Logs.open(disk)) {
                Logs.append(log, Logs.transaction(1));
                log.sync();
                disk.capacity(disk.used() + capacity);
                Logs.append(log, Logs.largeTransaction(2, 3));
                Logs.assertProblem(ProblemCode.DISK_FULL, log::sync);
                Logs.assertProblem(ProblemCode.DISK_FULL, log::sync);
                assertThat(Logs.plain(Logs.read(log, Logs.START))).isEqualTo(Logs.transaction(1));
                for (var again = 0; again < capacity % 3; again++) {
                    log.abandon();
                    assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
                    Logs.append(log, Logs.largeTransaction(2, 3));
                    Logs.assertProblem(ProblemCode.DISK_FULL, log::sync);
                }
            }
            disk.capacity(Long.MAX_VALUE);
            try (var log = Logs.open(disk)) {
                assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
                Logs.append(log, Logs.transaction(2));
                log.sync();
                assertThat(Logs.from(Logs.plain(Logs.read(log, Logs.START)), 2))
                        .isEqualTo(Logs.transaction(2));
            }
        }
    }

    @Test
    void aLogWhoseDiskHasRoomAgainGoesOnBehindWhatIsDurable() {
        store.liesAboutSpace();
        try (var log = Logs.open(store);
                var following = log.reader(Logs.START)) {
            Logs.append(log, Logs.transaction(1));
            log.sync();
            log.append(new LogRecord.Admitted(Samples.LINES));
            Logs.append(log, Logs.prepared(Logs.transaction(2), "xid"));
            store.capacity(store.used() + 100);
            Logs.assertProblem(ProblemCode.DISK_FULL, log::sync);
            store.capacity(Long.MAX_VALUE);

            log.abandon();
            assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
            assertThat(log.admitted()).isEmpty();
            assertThat(log.openPrepares()).isEmpty();
            Logs.append(log, Logs.transaction(2));
            log.sync();

            var all = new ArrayList<>(Logs.transaction(1));
            all.addAll(Logs.transaction(2));
            assertThat(Logs.plain(Logs.read(following))).isEqualTo(all);
            assertThat(Logs.plain(Logs.read(Logs.open(store.copy()), Logs.START))).isEqualTo(all);
        }
    }

    @Test
    void aDiskThatIsFullWhileASegmentIsBegunLosesNothingDurable() {
        for (var capacity = 0; capacity < 120; capacity += 7) {
            var disk = new MemoryStore();
            disk.liesAboutSpace();
            var durable = 0;
            try (var log = Logs.open(disk)) {
                for (; disk.used() < 1 << 16; durable++) {
                    Logs.append(log, Logs.transaction(durable + 1, "x".repeat(999)));
                    log.sync();
                }
                disk.capacity(disk.used() + capacity);
                Logs.append(log, Logs.transaction(durable + 1));
                Logs.assertProblem(ProblemCode.DISK_FULL, log::sync);
                assertThat(Logs.segments(disk)).isEqualTo(2);
                if (capacity % 2 == 0) {
                    log.abandon();
                    assertThat(Logs.segments(disk)).isEqualTo(1);
                }
            }
            disk.capacity(Long.MAX_VALUE);
            for (var run = 0; run < 2; run++) {
                try (var log = Logs.open(disk)) {
                    assertThat(log.position()).isEqualTo(SetPosition.upTo(durable));
                    Logs.append(log, Logs.transaction(++durable));
                    log.sync();
                    assertThat(Logs.read(log, Logs.START)).hasSize(3 * durable);
                }
            }
        }
    }
}
