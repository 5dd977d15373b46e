package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.Settings;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.SchemaEffect;
import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The change log from its writer to its readers.
final class ChangeLogTest {
    private final MemoryStore store = new MemoryStore();

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void everyRecordComesOutAsItWentIn(String compress) {
        var settings = Logs.SMALL.with(Settings.CHANGELOG_COMPRESS, compress);
        var records = new ArrayList<LogRecord>();
        records.add(new LogRecord.Admitted(Samples.ORDERS));
        records.add(new LogRecord.Begin(SetPosition.id(1), 17));
        for (var row : Samples.oddRows()) {
            records.add(
                    new LogRecord.Rows(
                            Samples.ORDERS,
                            List.of(
                                    new Change.Insert(row),
                                    new Change.Update(row, Samples.order(1, "ü")),
                                    new Change.Delete(row))));
            records.add(new LogRecord.Rows(Samples.WIDE, List.of()));
        }
        records.add(new LogRecord.Commit(SetPosition.id(1)));
        records.add(Samples.schemaChange("2"));
        records.add(new LogRecord.Progress(SetPosition.upTo(5), 99));
        records.addAll(Logs.transaction(6));
        try (var log = Logs.open(store, settings)) {
            Logs.append(log, records);
            log.sync();

            assertThat(Logs.plain(Logs.read(log, Logs.START))).isEqualTo(records);
            assertThat(log.position()).isEqualTo(SetPosition.upTo(6));
        }
        try (var log = Logs.open(store, settings)) {
            assertThat(Logs.plain(Logs.read(log, Logs.START))).isEqualTo(records);
            assertThat(log.position()).isEqualTo(SetPosition.upTo(6));
            assertThat(log.tornTail()).isEmpty();
        }
    }

    @Test
    void progressAtTheLowWaterMarkIsDelivered() {
        try (var log = Logs.open(store)) {
            log.append(new LogRecord.Progress(SetPosition.upTo(5), 1));
            log.append(new LogRecord.Progress(SetPosition.upTo(6), 2));
            log.append(new LogRecord.Progress(SetPosition.upTo(6), 3));
            log.sync();

            assertThat(Logs.plain(Logs.read(log, SetPosition.upTo(6))))
                    .containsExactly(
                            new LogRecord.Progress(SetPosition.upTo(6), 2),
                            new LogRecord.Progress(SetPosition.upTo(6), 3));
        }
    }

    @Test
    void readersSeeOnlyWholeTransactionsThatAreDurable() {
        try (var log = Logs.open(store);
                var reader = log.reader(Logs.START)) {
            Logs.append(log, Logs.transaction(1));
            assertThat(reader.next()).isEmpty();
            assertThat(log.unsynced()).isTrue();
            assertThat(log.durablePosition()).isEqualTo(SetPosition.upTo(0));
            log.sync();
            assertThat(Logs.read(reader)).hasSize(3);
            assertThat(log.unsynced()).isFalse();
            assertThat(log.durablePosition()).isEqualTo(SetPosition.upTo(1));

            var large = Logs.largeTransaction(2, 200);
            Logs.append(log, large.subList(0, large.size() - 1));
            log.sync();
            assertThat(Logs.segments(store)).isGreaterThan(2);
            assertThat(reader.next()).isEmpty();
            Logs.append(log, large.getLast());
            log.sync();
            assertThat(Logs.plain(Logs.read(reader))).isEqualTo(large);
        }
    }

    @Test
    void admittedLayoutsAreFollowedAndSurviveARestart() {
        var altered = Samples.LINES.withName(Samples.ORDERS.name());
        var name = Samples.ORDERS.name();
        try (var log = Logs.open(store)) {
            assertThat(log.isNew()).isTrue();
            log.append(new LogRecord.Admitted(Samples.ORDERS));
            log.append(new LogRecord.Admitted(Samples.WIDE));
            log.append(change(1, new SchemaEffect.Altered(name, Optional.of(altered), false)));
            log.append(change(2, new SchemaEffect.Truncated(name)));
            Logs.append(log, Logs.largeTransaction(3, 200));
            log.sync();
            assertThat(Logs.segments(store)).isGreaterThan(2);
        }
        try (var log = Logs.open(store)) {
            assertThat(log.isNew()).isFalse();
            assertThat(log.admitted())
                    .isEqualTo(Map.of(name, altered, Samples.WIDE.name(), Samples.WIDE));
            log.append(change(4, new SchemaEffect.Altered(name, Optional.empty(), false)));
            log.append(change(5, new SchemaEffect.Dropped(Samples.WIDE.name())));
            assertThat(log.admitted()).isEmpty();
        }
        try (var log = Logs.open(store)) {
            assertThat(log.admitted()).hasSize(2); // the last changes were never synced
        }
    }

    @Test
    void whatWasAdmittedAtAnEarlierPlaceIsKnown() {
        var name = Samples.ORDERS.name();
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.largeTransaction(1, 200));
            log.append(new LogRecord.Admitted(Samples.ORDERS));
            var admitted = log.position();
            Logs.append(log, Logs.largeTransaction(2, 200));
            log.append(new LogRecord.Admitted(Samples.WIDE));
            var both = log.position();
            log.append(change(3, new SchemaEffect.Altered(name, Optional.empty(), false)));
            var one = log.position();
            Logs.append(log, Logs.largeTransaction(4, 200));
            log.sync();

            assertThat(log.admittedAt(SetPosition.of())).isEmpty();
            assertThat(log.admittedAt(admitted)).isEqualTo(Map.of(name, Samples.ORDERS));
            assertThat(log.admittedAt(both)).hasSize(2);
            assertThat(log.admittedAt(one)).containsOnlyKeys(Samples.WIDE.name());
            assertThat(log.admittedAt(log.position())).isEqualTo(log.admitted());
        }
    }

    private static LogRecord.SchemaChange change(int number, SchemaEffect effect) {
        return new LogRecord.SchemaChange(
                SetPosition.id(number), 0, "ALTER", "shop", Map.of(), List.of(effect));
    }

    @Test
    void aSyncWithoutNewsCostsNothing() {
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            log.sync();
            var before = store.syncs();
            log.sync();
            log.append(new LogRecord.Begin(SetPosition.id(2), 0));
            log.sync();
            assertThat(store.syncs()).isEqualTo(before);
        }
    }

    @Test
    void transactionsAreNumberedDensely() {
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            Logs.append(log, Logs.prepared(Logs.transaction(2), "x"));
            Logs.append(log, Samples.schemaChange("3"));
            Logs.append(log, Logs.transaction(4));
            log.append(new LogRecord.CommitPrepared(SetPosition.id(5), "x", 0));
            log.sync();
            assertThat(log.lastSequence()).isEqualTo(4);
        }
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(6));
            log.sync();

            assertThat(log.lastSequence()).isEqualTo(5);
            assertThat(log.changes()).isEqualTo(4);
            assertThat(sequences(Logs.read(log, Logs.START))).containsExactly(1L, 3L, 4L, 5L);
            assertThat(sequences(Logs.read(log, SetPosition.of(1, 4)))).containsExactly(4L, 5L);
        }
    }

    private static List<Long> sequences(List<LogRecord> records) {
        return records.stream()
                .filter(LogRecord.Begin.class::isInstance)
                .map(record -> ((LogRecord.Begin) record).sequence())
                .toList();
    }

    @Test
    void aReaderCanBeginInEverySegmentAndLeavesOutWhatTheLowWaterMarkIncludes() {
        var all = new ArrayList<LogRecord>();
        try (var log = Logs.open(store)) {
            for (var number = 1; number <= 60; number++) {
                var transaction = Logs.largeTransaction(number, number % 20 == 0 ? 150 : 8);
                all.addAll(transaction);
                Logs.append(log, transaction);
                log.sync();
            }
            assertThat(Logs.segments(store)).isGreaterThan(6);

            for (var lowWater = 0; lowWater <= 60; lowWater++) {
                var expected = Logs.from(all, lowWater + 1);
                assertThat(Logs.plain(Logs.read(log, SetPosition.upTo(lowWater))))
                        .isEqualTo(expected);
            }
        }
        try (var log = Logs.open(store)) {
            for (var gap = 1; gap <= 60; gap++) {
                var lowWater = SetPosition.upTo(60);
                lowWater.numbers().clear(gap);
                var expected =
                        Logs.from(all, gap)
                                .subList(
                                        0,
                                        Logs.from(all, gap).size()
                                                - Logs.from(all, gap + 1).size());
                assertThat(Logs.plain(Logs.read(log, lowWater))).isEqualTo(expected);
            }
        }
    }

    @Test
    void layoutsAreOneInstanceOverSegmentsAndRestarts() {
        for (var run = 0; run < 3; run++) {
            try (var log = Logs.open(store)) {
                for (var i = 1; i <= 100; i++) {
                    Logs.append(log, Logs.largeTransaction(run * 100 + i, 2));
                    log.sync();
                }
            }
        }
        try (var log = Logs.open(store)) {
            var tables =
                    Logs.read(log, Logs.START).stream()
                            .filter(LogRecord.Rows.class::isInstance)
                            .map(record ->
                                    System.identityHashCode(((LogRecord.Rows) record).table()))
                            .distinct();
            assertThat(tables).hasSize(1);
        }
    }

    @Test
    void anAbandonedTransactionNeverWas() {
        var large = Logs.largeTransaction(2, 200);
        try (var log = Logs.open(store);
                var reader = log.reader(Logs.START)) {
            Logs.append(log, Logs.transaction(1));
            Logs.append(log, Logs.transaction(2).subList(0, 2));
            log.abandon();
            assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
            Logs.append(log, large.subList(0, 199));
            assertThat(Logs.segments(store)).isGreaterThan(2);
            log.abandon();
            log.abandon();
            assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
            assertThat(Logs.segments(store)).isEqualTo(1);
            Logs.append(log, Logs.transaction(2));
            log.sync();
            Logs.append(log, Logs.largeTransaction(3, 200));
            log.sync();

            var expected = new ArrayList<>(Logs.transaction(1));
            expected.addAll(Logs.transaction(2));
            expected.addAll(Logs.largeTransaction(3, 200));
            assertThat(Logs.plain(Logs.read(reader))).isEqualTo(expected);
            assertThat(Logs.plain(Logs.read(log, Logs.START))).isEqualTo(expected);
            assertThat(log.changes()).isEqualTo(202);
        }
    }

    @Test
    void recordsInAWrongOrderAreRefusedAndNotTaken() {
        try (var log = Logs.open(store)) {
            var begin = new LogRecord.Begin(SetPosition.id(1), 0);
            var commit = new LogRecord.Commit(SetPosition.id(1));
            for (var record :
                    List.of(
                            commit,
                            Samples.insert(1, "x"),
                            new LogRecord.Prepare(SetPosition.id(1), "x"))) {
                refused(log, record);
            }
            log.append(begin);
            for (var record :
                    List.of(
                            begin,
                            new LogRecord.Commit(SetPosition.id(2)),
                            Samples.schemaChange("1"),
                            new LogRecord.Admitted(Samples.LINES),
                            new LogRecord.Progress(SetPosition.of(), 0),
                            new LogRecord.RollbackPrepared(SetPosition.id(1), "x"),
                            new LogRecord.CommitPrepared(SetPosition.id(1), "x", 0))) {
                refused(log, record);
            }
            log.append(commit);
            log.sync();
            assertThat(Logs.plain(Logs.read(log, Logs.START))).containsExactly(begin, commit);
        }
    }

    private static void refused(ChangeLog log, LogRecord record) {
        assertThatThrownBy(() -> log.append(record)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReaderKnowsItsPlaceAndWhatLiesAhead() {
        try (var log = Logs.open(store);
                var reader = log.reader(Logs.START)) {
            for (var i = 1; i <= 100; i++) {
                Logs.append(log, Logs.largeTransaction(i, 2));
            }
            log.sync();
            assertThat(reader.bytesAhead()).isBetween(150_000L, 300_000L);
            assertThat(log.bytes()).isBetween(150_000L, 300_000L);
            reader.next();
            assertThat(reader.position()).isEqualTo(SetPosition.upTo(0));
            for (var i = 0; i < 3; i++) {
                reader.next();
            }
            assertThat(reader.position()).isEqualTo(SetPosition.upTo(1));
            assertThat(reader.sequence()).isEqualTo(1);
            Logs.read(reader);
            assertThat(reader.bytesAhead()).isZero();
            assertThat(reader.position()).isEqualTo(SetPosition.upTo(100));
        }
    }

    @Test
    void schemaChangesOfATableAreFoundBetweenTwoPositions() {
        try (var log = Logs.open(store)) {
            for (var i = 1; i <= 100; i += 2) {
                Logs.append(log, Logs.largeTransaction(i, 3));
                log.append(Samples.schemaChange(Integer.toString(i + 1)));
                log.sync();
            }
            assertThat(Logs.segments(store)).isGreaterThan(2);

            var found =
                    log.schemaChanges(
                            Samples.LINES.name(), SetPosition.upTo(50), SetPosition.upTo(60));
            assertThat(found)
                    .extracting(change -> change.id().text())
                    .containsExactly("52", "54", "56", "58", "60");
            assertThat(found.getFirst()).isEqualTo(Samples.schemaChange("52"));
            var renamedTo = new ferry.engine.model.TableName("a", "b");
            assertThat(log.schemaChanges(renamedTo, Logs.START, SetPosition.upTo(3))).hasSize(1);
            var other = new ferry.engine.model.TableName("a", "c");
            assertThat(log.schemaChanges(other, Logs.START, SetPosition.upTo(100))).isEmpty();
        }
    }

    @Test
    void changedKeysAreThoseBeforeAndAfterEachChangeOfTheTable() {
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            log.append(new LogRecord.Begin(SetPosition.id(2), 0));
            log.append(
                    new LogRecord.Rows(
                            Samples.ORDERS,
                            List.of(
                                    new Change.Update(Samples.order(7, "a"), Samples.order(8, "a")),
                                    new Change.Delete(Samples.order(9, "b")))));
            log.append(
                    new LogRecord.Rows(
                            Samples.LINES, List.of(new Change.Insert(Row.ofText("77")))));
            log.append(new LogRecord.Commit(SetPosition.id(2)));
            Logs.append(log, Logs.prepared(Logs.transaction(3), "x"));
            log.sync();

            var keys = new ArrayList<Row>();
            log.changedKeys(
                    Samples.ORDERS.name(), SetPosition.upTo(1), log.lastSequence(), keys::add);
            assertThat(keys).containsExactly(Row.ofText("7"), Row.ofText("8"), Row.ofText("9"));

            keys.clear();
            log.changedKeys(Samples.ORDERS.name(), SetPosition.upTo(1), 1, keys::add);
            assertThat(keys).as("behind the sequence that was asked for").isEmpty();
        }
    }

    @Test
    void aReaderOfSomeTablesLeavesOutTheRowsOfOthers() {
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            log.sync();
            try (var reader = log.reader(Logs.START, Set.of(Samples.LINES.name()))) {
                assertThat(Logs.read(reader))
                        .hasSize(2)
                        .noneMatch(LogRecord.Rows.class::isInstance);
            }
        }
    }

    @Test
    void anErasedLogBeginsAnewWhereItIsTold() {
        try (var log = Logs.open(store)) {
            for (var i = 1; i <= 100; i++) {
                Logs.append(log, Logs.largeTransaction(i, 2));
            }
            log.sync();
        }
        ChangeLog.erase(store);
        assertThat(store.list()).isEmpty();
        try (var log =
                ChangeLog.open(store, Logs.SMALL, SetPosition::parse, SetPosition.upTo(50))) {
            assertThat(log.position()).isEqualTo(SetPosition.upTo(50));
            assertThat(log.lastSequence()).isZero();
            Logs.assertProblem(ProblemCode.LOG_LIMIT, () -> log.reader(SetPosition.upTo(49)));
        }
    }
}
