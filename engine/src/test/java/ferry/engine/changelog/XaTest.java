package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class XaTest {
    private final MemoryStore store = new MemoryStore();

    /// 1 row: within a block; 50 rows: several blocks; 300 rows: several segments.
    @ParameterizedTest
    @ValueSource(ints = {1, 50, 300})
    void aGroupIsDeliveredWhereItIsCommitted(int rows) {
        var group = Logs.largeTransaction(2, rows);
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            Logs.append(log, Logs.prepared(group, "x"));
            Logs.append(log, Logs.transaction(3));
            log.append(new LogRecord.CommitPrepared(SetPosition.id(4), "x", 2000));
            Logs.append(log, Logs.transaction(5));
            log.sync();

            var expected = new ArrayList<LogRecord>(Logs.transaction(1));
            expected.add(new LogRecord.Prepare(SetPosition.id(2), "x"));
            expected.addAll(Logs.transaction(3));
            expected.addAll(committed(group, 4));
            expected.addAll(Logs.transaction(5));
            assertThat(Logs.plain(Logs.read(log, Logs.START))).isEqualTo(expected);
            assertThat(log.openPrepares()).isEmpty();
            assertThat(log.position()).isEqualTo(SetPosition.upTo(5));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 300})
    void aPreparedGroupSurvivesRestartsAndManySegments(int rows) {
        var group = Logs.largeTransaction(2, rows);
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            Logs.append(log, Logs.prepared(group, "x"));
            log.sync();
        }
        for (var run = 0; run < 3; run++) {
            try (var log = Logs.open(store)) {
                assertThat(log.openPrepares())
                        .containsExactly(new LogRecord.Prepare(SetPosition.id(2), "x"));
                for (var i = 0; i < 100; i++) {
                    Logs.append(log, Logs.largeTransaction(100 + run * 100 + i, 2));
                }
                log.sync();
            }
        }
        try (var log = Logs.open(store)) {
            assertThat(Logs.segments(store)).isGreaterThan(6);
            // A reader that begins behind the group does not know the layouts of its segment.
            try (var reader = log.reader(log.durablePosition())) {
                assertThat(reader.openPrepares())
                        .containsExactly(new LogRecord.Prepare(SetPosition.id(2), "x"));
                log.append(new LogRecord.CommitPrepared(SetPosition.id(900), "x", 2000));
                log.sync();
                assertThat(Logs.plain(Logs.read(reader))).isEqualTo(committed(group, 900));
                assertThat(reader.openPrepares()).isEmpty();
            }
            assertThat(log.openPrepares()).isEmpty();
        }
    }

    @Test
    void aRolledBackGroupIsNeverDelivered() {
        try (var log = Logs.open(store);
                var reader = log.reader(Logs.START)) {
            Logs.append(log, Logs.prepared(Logs.largeTransaction(1, 50), "x"));
            log.sync();
            assertThat(Logs.read(reader))
                    .containsExactly(new LogRecord.Prepare(SetPosition.id(1), "x"));
            assertThat(reader.openPrepares()).hasSize(1);
            log.append(new LogRecord.RollbackPrepared(SetPosition.id(2), "x"));
            log.append(new LogRecord.RollbackPrepared(SetPosition.id(3), "never seen"));
            log.sync();

            assertThat(Logs.read(reader))
                    .containsExactly(
                            new LogRecord.RollbackPrepared(SetPosition.id(2), "x"),
                            new LogRecord.RollbackPrepared(SetPosition.id(3), "never seen"));
            assertThat(reader.openPrepares()).isEmpty();
            assertThat(reader.position()).isEqualTo(SetPosition.upTo(3));
            assertThat(reader.sequence()).isZero();
        }
    }

    @Test
    void theSameXidMayBeUsedAgainAfterItWasDecided() {
        try (var log = Logs.open(store)) {
            for (var number = 1; number < 20; number += 2) {
                Logs.append(log, Logs.prepared(Logs.transaction(number), "x"));
                log.append(
                        new LogRecord.CommitPrepared(
                                SetPosition.id(number + 1), "x", number * 1000L));
            }
            log.sync();
            var rows =
                    Logs.read(log, Logs.START).stream()
                            .filter(LogRecord.Rows.class::isInstance)
                            .toList();
            var expected = new ArrayList<LogRecord>();
            for (var number = 1; number < 20; number += 2) {
                expected.add(Logs.transaction(number).get(1));
            }
            assertThat(rows).isEqualTo(expected);
        }
    }

    @Test
    void anXidThatIsPreparedTwiceOrCommittedUnseenIsAProblem() {
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.prepared(Logs.transaction(1), "x"));
            Logs.append(log, Logs.transaction(2).subList(0, 2));
            Logs.assertProblem(
                    ProblemCode.LOG_EVENT,
                    () -> log.append(new LogRecord.Prepare(SetPosition.id(2), "x")));
            log.abandon();
            Logs.assertProblem(
                    ProblemCode.XA_UNKNOWN,
                    () -> log.append(new LogRecord.CommitPrepared(SetPosition.id(2), "y", 0)));
            log.append(new LogRecord.CommitPrepared(SetPosition.id(2), "x", 0));
            Logs.assertProblem(
                    ProblemCode.XA_UNKNOWN,
                    () -> log.append(new LogRecord.CommitPrepared(SetPosition.id(3), "x", 0)));
        }
    }

    @Test
    void whatTheLowWaterMarkIncludesOfAGroupDecidesByItsCommit() {
        var group = Logs.transaction(1);
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.prepared(group, "x"));
            log.append(new LogRecord.CommitPrepared(SetPosition.id(2), "x", 1000));
            log.sync();
            assertThat(Logs.plain(Logs.read(log, SetPosition.of(1))))
                    .isEqualTo(committed(group, 2));
            assertThat(Logs.read(log, SetPosition.of(2)))
                    .containsExactly(new LogRecord.Prepare(SetPosition.id(1), "x"));
            assertThat(Logs.read(log, SetPosition.of(1, 2))).isEmpty();
        }
    }

    @Test
    void aGroupThatWasNotFinishedIsCutAndKnownNoMore() {
        var group = Logs.prepared(Logs.largeTransaction(1, 50), "x");
        try (var log = Logs.open(store)) {
            Logs.append(log, group.subList(0, group.size() - 1));
            log.sync();
        }
        try (var log = Logs.open(store)) {
            assertThat(log.openPrepares()).isEmpty();
            assertThat(log.position()).isEqualTo(SetPosition.of());
            Logs.append(log, group);
            log.sync();
            assertThat(log.openPrepares()).hasSize(1);
        }
    }

    private static List<LogRecord> committed(List<LogRecord> group, int number) {
        var records = new ArrayList<LogRecord>(group);
        var micros = ((LogRecord.Begin) group.getFirst()).micros();
        records.set(0, new LogRecord.Begin(SetPosition.id(number), micros));
        records.set(records.size() - 1, new LogRecord.Commit(SetPosition.id(number)));
        return records;
    }
}
