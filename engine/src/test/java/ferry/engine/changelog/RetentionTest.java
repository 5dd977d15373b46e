package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RetentionTest {
    private static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");

    private final MemoryStore store = new MemoryStore();
    private final AtomicReference<Instant> now = new AtomicReference<>(MORNING);

    private ChangeLog open(Settings settings) {
        return ChangeLog.open(store, settings, SetPosition::parse, Logs.START, now::get);
    }

    /// Appends transactions of about 2 KiB.
    private static void append(ChangeLog log, int from, int to) {
        for (var number = from; number <= to; number++) {
            Logs.append(log, Logs.largeTransaction(number, 2));
            log.sync();
        }
    }

    @Test
    void onlySegmentsWhollyBelowTheLowWaterMarkAreDropped() {
        try (var log = open(Logs.SMALL)) {
            append(log, 1, 200);
            var before = store.used();
            assertThat(log.trim(Logs.START, now.get())).isZero();

            var freed = log.trim(SetPosition.upTo(100), now.get());
            assertThat(freed).isEqualTo(before - store.used()).isPositive();
            assertThat(firstOf(Logs.read(log, SetPosition.upTo(100)))).isEqualTo(101);
            Logs.assertProblem(ProblemCode.LOG_LIMIT, () -> log.reader(SetPosition.upTo(1)));

            log.trim(SetPosition.upTo(1000), now.get());
            assertThat(Logs.segments(store)).isEqualTo(1);
            append(log, 201, 210);
            assertThat(firstOf(Logs.read(log, SetPosition.upTo(200)))).isEqualTo(201);
        }
        try (var log = open(Logs.SMALL)) {
            assertThat(log.position()).isEqualTo(SetPosition.upTo(210));
            assertThat(firstOf(Logs.read(log, SetPosition.upTo(205)))).isEqualTo(206);
        }
    }

    @Test
    void aGapInTheLowWaterMarkHoldsEverythingFromThereOn() {
        try (var log = open(Logs.SMALL)) {
            append(log, 1, 200);
            var gap = SetPosition.upTo(200);
            gap.numbers().clear(50);
            log.trim(gap, now.get());
            assertThat(firstOf(Logs.read(log, gap))).isEqualTo(50);
            assertThat(Logs.segments(store)).isGreaterThan(2);
        }
    }

    @Test
    void aReaderHoldsWhatItHasNotPassed() {
        try (var log = open(Logs.SMALL)) {
            append(log, 1, 200);
            try (var reader = log.reader(Logs.START)) {
                reader.next();
                assertThat(log.trim(SetPosition.upTo(200), now.get())).isZero();
                for (var i = 0; i < 400; i++) {
                    reader.next();
                }
                assertThat(log.trim(SetPosition.upTo(200), now.get())).isPositive();
                var rest = Logs.read(reader);
                assertThat(rest.getLast()).isEqualTo(new LogRecord.Commit(SetPosition.id(200)));
            }
            assertThat(log.trim(SetPosition.upTo(200), now.get())).isPositive();
        }
    }

    /// Each for itself: the one that is furthest back counts, as long as it is open.
    @Test
    void theSlowestOfSeveralReadersHoldsTheLogAndThenTheNextOne() {
        var settings = Logs.SMALL.with(Settings.CHANGELOG_RETENTION, "1h");
        try (var log = open(settings)) {
            append(log, 1, 300);
            var all = Logs.segments(store);
            try (var slow = log.reader(Logs.START);
                    var middle = log.reader(Logs.START);
                    var fast = log.reader(SetPosition.upTo(150))) {
                readUpTo(slow, 1);
                readUpTo(middle, 100);
                readUpTo(fast, 300);
                var later = MORNING.plusSeconds(3600);
                assertThat(log.trim(SetPosition.upTo(300), later)).isZero();

                readUpTo(slow, 200);
                assertThat(log.trim(SetPosition.upTo(300), MORNING)).isZero(); // too young
                assertThat(log.trim(SetPosition.upTo(300), later)).isPositive();
                assertThat(firstOf(Logs.read(middle))).isEqualTo(101);
                assertThat(firstOf(Logs.read(log, SetPosition.upTo(100)))).isEqualTo(101);
                Logs.assertProblem(ProblemCode.LOG_LIMIT, () -> log.reader(SetPosition.upTo(1)));

                assertThat(log.trim(SetPosition.upTo(300), later)).isPositive();
                var held = Logs.segments(store);
                assertThat(held).isGreaterThan(1).isLessThan(all);
                assertThat(firstOf(Logs.read(slow))).isEqualTo(201);
                assertThat(log.trim(SetPosition.upTo(300), later)).isPositive();
                assertThat(Logs.segments(store)).isEqualTo(1);
            }
        }
    }

    private static void readUpTo(ChangeLogReader reader, int number) {
        var end = new LogRecord.Commit(SetPosition.id(number));
        for (var next = reader.next(); !next.equals(Optional.of(end)); next = reader.next()) {
            assertThat(next).isPresent();
        }
    }

    @Test
    void aSegmentStaysForTheRetentionTimeAfterItWasFull() {
        var settings = Logs.SMALL.with(Settings.CHANGELOG_RETENTION, "1h");
        try (var log = open(settings)) {
            append(log, 1, 100);
            now.set(MORNING.plusSeconds(1800));
            append(log, 101, 200);
            assertThat(log.trim(SetPosition.upTo(200), MORNING.plusSeconds(3599))).isZero();
        }
        try (var log = open(settings)) {
            assertThat(log.trim(SetPosition.upTo(200), MORNING.plusSeconds(3600))).isPositive();
            assertThat(Logs.segments(store)).isGreaterThan(1);
            log.trim(SetPosition.upTo(200), MORNING.plusSeconds(5400));
            assertThat(Logs.segments(store)).isEqualTo(1);
        }
    }

    @Test
    void anUndecidedGroupHoldsItsSegmentEvenIfTheLowWaterMarkPassedIt() {
        var group = Logs.largeTransaction(1, 50);
        try (var log = open(Logs.SMALL)) {
            Logs.append(log, Logs.prepared(group, "x"));
            append(log, 2, 200);
            assertThat(log.trim(SetPosition.upTo(200), now.get())).isZero();
            log.append(new LogRecord.CommitPrepared(SetPosition.id(201), "x", 0));
            append(log, 202, 400);

            assertThat(log.trim(SetPosition.upTo(200), now.get())).isZero();
            assertThat(log.trim(SetPosition.upTo(400), now.get())).isPositive();
            assertThat(Logs.segments(store)).isEqualTo(1);
        }
    }

    @Test
    void aReaderHoldsTheGroupsThatAreUndecidedAtItsPlace() {
        try (var log = open(Logs.SMALL)) {
            Logs.append(log, Logs.prepared(Logs.largeTransaction(1, 50), "x"));
            append(log, 2, 200);
            try (var reader = log.reader(Logs.START)) {
                Logs.read(reader);
                log.append(new LogRecord.CommitPrepared(SetPosition.id(201), "x", 0));
                append(log, 202, 400);

                assertThat(log.trim(SetPosition.upTo(400), now.get())).isZero();
                assertThat(Logs.read(reader)).contains(new LogRecord.Commit(SetPosition.id(201)));
                assertThat(log.trim(SetPosition.upTo(400), now.get())).isPositive();
            }
        }
    }

    @Test
    void aLogNeverBeginsInTheMiddleOfATransaction() {
        try (var log = open(Logs.SMALL)) {
            append(log, 1, 100);
            Logs.append(log, Logs.largeTransaction(101, 300));
            log.sync();
            // The position at the segments inside the large transaction is the one before it.
            log.trim(SetPosition.upTo(100), now.get());
            assertThat(firstOf(Logs.read(log, SetPosition.upTo(100)))).isEqualTo(101);
            log.trim(SetPosition.upTo(101), now.get());
            append(log, 102, 200);
        }
        try (var log = open(Logs.SMALL)) {
            assertThat(firstOf(Logs.read(log, SetPosition.upTo(101)))).isEqualTo(102);
            log.trim(SetPosition.upTo(200), now.get());
            assertThat(Logs.segments(store)).isEqualTo(1);
        }
    }

    @Test
    void aLogThatReachesItsLimitDropsWhatItMayAndThenRefuses() {
        var settings =
                Logs.SMALL
                        .with(Settings.CHANGELOG_BYTES, "1MiB")
                        .with(Settings.CHANGELOG_RETENTION, "1d");
        try (var log = open(settings)) {
            var last = appendUntilRefused(log, 1);
            assertThat(store.used()).isLessThanOrEqualTo(1 << 20).isGreaterThan(900_000);
            Logs.assertProblem(
                    ProblemCode.LOG_FULL, () -> Logs.append(log, Logs.largeTransaction(last, 50)));
            log.abandon();

            // The low-water mark makes room without regard to age.
            assertThat(log.trim(SetPosition.upTo(last - 100), now.get())).isZero();
            var end = appendUntilRefused(log, last);
            assertThat(end).isGreaterThan(last + 50);
            assertThat(store.used()).isLessThanOrEqualTo(1 << 20);
            log.abandon();
            assertThat(firstOf(Logs.read(log, SetPosition.upTo(last - 100)))).isEqualTo(last - 99);
        }
    }

    @Test
    void segmentsOfLargeTransactionsAreDropped() {
        try (var log = open(Logs.SMALL)) {
            for (var number = 1; number <= 60; number++) {
                Logs.append(log, Logs.largeTransaction(number, 40));
                log.sync();
            }
            var all = Logs.segments(store);
            assertThat(all).isGreaterThan(20);

            log.trim(SetPosition.upTo(60), now.get());

            assertThat(Logs.segments(store)).isLessThanOrEqualTo(2);
            Logs.append(log, Logs.largeTransaction(61, 40));
            log.sync();
            assertThat(firstOf(Logs.read(log, SetPosition.upTo(60)))).isEqualTo(61);
        }
    }

    @Test
    void aSyncThatIsRefusedStillShowsWhatIsWritten() {
        var settings = Logs.SMALL.with(Settings.CHANGELOG_BYTES, "1MiB");
        try (var log = open(settings);
                var reader = log.reader(Logs.START)) {
            var number = 1;
            try {
                for (; ; number++) {
                    Logs.append(log, Logs.largeTransaction(number, 2));
                }
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ProblemCode.LOG_FULL);
            }
            Logs.assertProblem(ProblemCode.LOG_FULL, log::sync);

            assertThat(Logs.read(reader)).hasSizeGreaterThan(4 * (number - 20));
            log.trim(reader.position(), now.get());
            log.sync();
            assertThat(Logs.read(reader)).isNotEmpty();
        }
    }

    private static int appendUntilRefused(ChangeLog log, int from) {
        for (var number = from; ; number++) {
            try {
                append(log, number, number);
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ProblemCode.LOG_FULL);
                return number + 1; // it is complete in the buffer, only its sync was refused
            }
        }
    }

    private static int firstOf(java.util.List<LogRecord> records) {
        return Integer.parseInt(((LogRecord.Begin) records.getFirst()).id().text());
    }
}
