package ferry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.Role;
import ferry.engine.model.Change;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// What the engine relies on at a source.
public abstract class SourceContract extends LabTest {
    @Test
    void everyEndpointTypeDeclaresItsAbilities() {
        assertThat(dialect().endpointTypes())
                .isNotEmpty()
                .contains(lab.source().type(), lab.target().type());
        dialect()
                .endpointTypes()
                .forEach(type -> assertThat(dialect().abilities(type)).isNotNull());
        assertThat(dialect().name()).isNotBlank();
    }

    @Test
    void aLogThatIsNotDeclaredIsRefused() {
        assumeTrue(!can(Ability.LOG), "has a log");
        try (var snapshot = source()) {
            var position = snapshot.committed();

            Assertions.assertThatThrownBy(() -> log(position).close())
                    .isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void aPositionIsTheSameAfterARoundTripThroughText() {
        var sample = keyed();
        createAtSource(sample);
        insertAtSource(sample);
        try (var snapshot = source()) {
            for (var position : List.of(snapshot.committed(), snapshot.logEnd())) {
                var again = dialect().position(position.text());

                assertThat(again.text()).isEqualTo(position.text()).hasSizeLessThan(4096);
                assertThat(again.covers(position)).isTrue();
                assertThat(position.covers(again)).isTrue();
            }
        }
    }

    @Test
    void positionsGrowWithTheLogAndIncludeExactlyWhatWasCommitted() {
        assumeTrue(can(Ability.LOG), "has no log");
        var sample = keyed();
        var table = createAtSource(sample);
        try (var snapshot = source();
                var log = log(snapshot.committed())) {
            log.admit(table);
            var before = snapshot.logEnd();
            insertAtSource(sample);
            var id = ((LogEvent.Commit) nextTransactionWithRows(log).getLast()).id();
            var end = snapshot.logEnd();

            assertThat(before.includes(id)).isFalse();
            assertThat(end.includes(id)).isTrue();
            assertThat(end.covers(before)).isTrue();
            assertThat(before.covers(end)).isFalse();
            assertThat(before.plus(id).includes(id)).isTrue();
            assertThat(before.plus(id).covers(before)).isTrue();
            assertThat(end.covers(before.plus(id))).isTrue();
        }
    }

    @Test
    void whatCommittedIncludesIsVisibleToTheNextRead() {
        var sample = keyed();
        var table = createAtSource(sample);
        insertAtSource(sample);
        try (var snapshot = source()) {
            var rows = new ArrayList<Row>();
            snapshot.read(table, KeyRange.ALL, rows::addAll);

            assertThat(rows).containsExactlyInAnyOrderElementsOf(sample.rows());
        }
    }

    /// Whether readBy covers readAt may be unknown, since servers tell them by two clocks; what
    /// each says about a transaction must be right.
    @Test
    void aReadTellsWhatItHasSeenAndWhatItHasNot() {
        assumeTrue(can(Ability.LOG), "has no log");
        var sample = keyed();
        var table = createAtSource(sample);
        try (var snapshot = source();
                var log = log(snapshot.committed())) {
            log.admit(table);
            lab.commit(sample.table(), List.of(new Change.Insert(sample.rows().get(0))));
            var before = ((LogEvent.Commit) nextTransactionWithRows(log).getLast()).id();

            var span = snapshot.read(table, KeyRange.ALL, _ -> {});
            lab.commit(sample.table(), List.of(new Change.Insert(sample.rows().get(1))));
            var behind = ((LogEvent.Commit) nextTransactionWithRows(log).getLast()).id();

            assertThat(span.readBy().includes(before)).isTrue();
            assertThat(span.readBy().includes(behind)).isFalse();
            assertThat(span.readAt().includes(behind)).isFalse();
        }
    }

    @Test
    void keyAfterCutsATableIntoGaplessRangesThatHoldItsRowsInOrder() {
        var sample = keyed();
        var table = createAtSource(sample);
        insertAtSource(sample);
        try (var snapshot = source()) {
            var all = read(snapshot, table, KeyRange.ALL);
            var pieces = new ArrayList<Row>();
            var after = Optional.<Row>empty();
            do {
                var upTo = snapshot.keyAfter(table, after, 2);
                var piece = read(snapshot, table, new KeyRange(after, upTo));
                if (upTo.isPresent()) {
                    assertThat(piece).hasSize(2);
                    assertThat(key(table, piece.getLast())).isEqualTo(upTo.get());
                } else {
                    assertThat(piece).hasSizeLessThan(2);
                }
                pieces.addAll(piece);
                after = upTo;
            } while (after.isPresent());

            assertThat(pieces).isEqualTo(all);
        }
    }

    @Test
    void theToldKeyOrderIsTheServersOrder() {
        for (var sample : lab.samples()) {
            if (sample.table().rowKey().isEmpty()) {
                continue;
            }
            var table = createAtSource(sample);
            insertAtSource(sample);
            var order = dialect().keyOrder(table);
            if (order.isPresent()) {
                try (var snapshot = source()) {
                    var keys =
                            read(snapshot, table, KeyRange.ALL).stream()
                                    .map(row -> key(table, row))
                                    .toList();

                    assertThat(keys).as(table.name().toString()).isSortedAccordingTo(order.get());
                }
            }
        }
    }

    @Test
    void rowsByKeyAreFoundAndMissingOnesLeftOut() {
        var sample = keyed();
        var table = createAtSource(sample);
        var there = sample.rows().subList(0, 3);
        lab.commit(sample.table(), there.stream().<Change>map(Change.Insert::new).toList());
        try (var snapshot = source()) {
            var keys = sample.rows().stream().map(row -> key(table, row)).toList();

            assertThat(snapshot.rows(table, keys)).containsExactlyInAnyOrderElementsOf(there);
            assertThat(snapshot.rows(table, List.of())).isEmpty();
        }
    }

    @Test
    void emptinessAndSizeAreTold() {
        var sample = keyed();
        var table = createAtSource(sample);
        try (var snapshot = source();
                var catalog = dialect().catalog(lab.source(), Role.SOURCE, lab.settings())) {
            assertThat(snapshot.isEmpty(table)).isTrue();

            insertAtSource(sample);

            assertThat(snapshot.isEmpty(table)).isFalse();
            assertThat(catalog.size(table).rows()).isNotNegative();
            assertThat(catalog.size(table).rowBytes()).isPositive();
            var gone = table.withName(new TableName(table.name().database(), "gone"));
            assertThat(catalog.size(gone)).isEqualTo(new Catalog.Size(0, 1));
            assertThat(catalog.tables()).contains(table.name()).isSorted();
            assertThat(catalog.serverIdentity()).isNotBlank().isEqualTo(catalog.serverIdentity());
            assertThat(snapshot.serverIdentity())
                    .as("who is asked in another way must not seem to be another server")
                    .hasValue(catalog.serverIdentity());
        }
    }

    @Test
    void aTableWithoutAKeyIsReadAtOneExactPositionOrRefused() {
        var sample = keyless();
        var table = createAtSource(sample);
        insertAtSource(sample);
        try (var snapshot = source()) {
            // Without a log there is nothing that a read must be exact with.
            if (!can(Ability.EXACT_SNAPSHOT) && can(Ability.LOG)) {
                Assertions.assertThatThrownBy(() -> readExactly(snapshot, table))
                        .isInstanceOf(ProblemException.class);
                return;
            }
            var rows = new ArrayList<Row>();
            var span = snapshot.readExactly(table, rows::addAll);

            assertThat(rows).containsExactlyInAnyOrderElementsOf(sample.rows());
            assertThat(span.readAt().text()).isEqualTo(span.readBy().text());
        }
    }

    @Test
    void behindAnExactReadTheLogHoldsExactlyTheRest() {
        assumeTrue(
                can(Ability.LOG) && can(Ability.EXACT_SNAPSHOT), "has no log or no exact snapshot");
        var sample = keyless();
        var table = createAtSource(sample);
        var first = sample.rows().getFirst();
        var last = sample.rows().getLast();
        lab.commit(sample.table(), List.of(new Change.Insert(first)));
        try (var snapshot = source()) {
            var span = snapshot.readExactly(table, _ -> {});
            lab.commit(sample.table(), List.of(new Change.Insert(last)));
            try (var log = log(span.readAt())) {
                log.admit(table);

                assertThat(changes(nextTransactionWithRows(log)))
                        .containsExactly(new Change.Insert(last));
            }
        }
    }

    @Test
    void theLogTellsTransactionsWholeAndInOrderAndOnlyAdmittedTables() {
        assumeTrue(can(Ability.LOG), "has no log");
        var admitted = keyed();
        var other = keyless();
        var table = createAtSource(admitted);
        createAtSource(other);
        try (var snapshot = source();
                var log = log(snapshot.committed())) {
            log.admit(table);
            insertAtSource(other);
            insertAtSource(admitted);
            var first = admitted.rows().getFirst();
            lab.commit(admitted.table(), List.of(new Change.Delete(first)));

            var inserted = nextTransactionWithRows(log);
            var deleted = nextTransactionWithRows(log);

            assertThat(changes(inserted))
                    .containsExactlyElementsOf(
                            admitted.rows().stream().<Change>map(Change.Insert::new).toList());
            assertThat(inserted.stream().filter(event -> event instanceof LogEvent.Begin))
                    .isNotEmpty();
            assertThat(changes(deleted)).containsExactly(new Change.Delete(first));
        }
    }

    @Test
    void aForgottenTableIsNoLongerDelivered() {
        assumeTrue(can(Ability.LOG), "has no log");
        var forgotten = keyed();
        var kept = keyless();
        var table = createAtSource(forgotten);
        var keptTable = createAtSource(kept);
        try (var snapshot = source();
                var log = log(snapshot.committed())) {
            log.admit(table);
            log.admit(keptTable);
            log.forget(table.name());
            insertAtSource(forgotten);
            insertAtSource(kept);

            assertThat(changes(nextTransactionWithRows(log)))
                    .containsExactlyElementsOf(
                            kept.rows().stream().<Change>map(Change.Insert::new).toList());
        }
    }

    @Test
    void aReaderOpenedBehindATransactionGoesOnWithTheNext() {
        assumeTrue(can(Ability.LOG), "has no log");
        var sample = keyed();
        var table = createAtSource(sample);
        try (var snapshot = source()) {
            var start = snapshot.committed();
            lab.commit(sample.table(), List.of(new Change.Insert(sample.rows().get(0))));
            lab.commit(sample.table(), List.of(new Change.Insert(sample.rows().get(1))));
            var read = start;
            try (var log = log(start)) {
                log.admit(table);
                while (true) {
                    var events = readUntil(log, event -> event instanceof LogEvent.Commit);
                    read = read.plus(((LogEvent.Commit) events.getLast()).id());
                    if (!changes(events).isEmpty()) {
                        break;
                    }
                }
            }
            try (var log = log(dialect().position(read.text()))) {
                log.admit(table);

                assertThat(changes(nextTransactionWithRows(log)))
                        .containsExactly(new Change.Insert(sample.rows().get(1)));
            }
        }
    }

    @Test
    void anIdleLogTellsItsProgress() {
        assumeTrue(can(Ability.LOG), "has no log");
        var sample = keyed();
        createAtSource(sample);
        try (var snapshot = source();
                var log = log(snapshot.committed())) {
            insertAtSource(sample);
            var end = snapshot.logEnd();

            var events =
                    readUntil(
                            log,
                            event ->
                                    event instanceof LogEvent.Progress progress
                                            && progress.position().covers(end));

            assertThat(changes(events)).as("no table is admitted").isEmpty();
        }
    }

    @Test
    void aSchemaChangeComesInItsPlaceWithTheLayoutBehindIt() {
        assumeTrue(can(Ability.LOG), "has no log");
        var sample = keyed();
        var table = createAtSource(sample);
        try (var snapshot = source();
                var log = log(snapshot.committed())) {
            log.admit(table);
            insertAtSource(sample);
            lab.addColumn(sample.table());
            var layout = definition(table.name());

            var events = readUntil(log, event -> event instanceof LogEvent.SchemaChange);

            assertThat(changes(events)).hasSize(sample.rows().size());
            var change = (LogEvent.SchemaChange) events.getLast();
            assertThat(change.statement()).isNotBlank();
            assertThat(change.effects())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            SchemaEffect.Altered.class,
                            effect -> {
                                assertThat(effect.table()).isEqualTo(table.name());
                                assertThat(effect.after())
                                        .hasValueSatisfying(after -> {
                                            assertThat(after.carried())
                                                    .hasSize(table.carried().size() + 1);
                                            assertThat(after.columns())
                                                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields(
                                                            "nativeType") // a statement's, not the
                                                    // dictionary's
                                                    .isEqualTo(layout.columns());
                                        });
                            });
        }
    }

    @Test
    void checksumsSeeEveryDifferenceInARange() {
        assumeTrue(can(Ability.CHECKSUM), "has no checksums");
        var sample = keyed();
        var table = createAtSource(sample);
        insertAtSource(sample);
        try (var snapshot = source()) {
            var all = read(snapshot, table, KeyRange.ALL);
            var middle = Optional.of(key(table, all.get(1)));
            var lower = new KeyRange(Optional.empty(), middle);
            var upper = new KeyRange(middle, Optional.empty());
            var before = snapshot.checksum(table, table, KeyRange.ALL);
            var lowerBefore = snapshot.checksum(table, table, lower);
            var upperBefore = snapshot.checksum(table, table, upper);
            var bucketsBefore = snapshot.checksums(table, table, 4);

            lab.commit(sample.table(), List.of(new Change.Delete(all.getLast())));

            assertThat(before.rows()).isEqualTo(all.size());
            assertThat(lowerBefore.rows()).isEqualTo(2);
            assertThat(snapshot.checksum(table, table, KeyRange.ALL)).isNotEqualTo(before);
            assertThat(snapshot.checksum(table, table, lower)).isEqualTo(lowerBefore);
            assertThat(snapshot.checksum(table, table, upper)).isNotEqualTo(upperBefore);
            assertThat(bucketsBefore.values().stream().mapToLong(checksum -> checksum.rows()).sum())
                    .isEqualTo(all.size());
            assertThat(snapshot.checksums(table, table, 4)).isNotEqualTo(bucketsBefore);
        }
    }

    @Test
    void bucketsHoldEachRowOnce() {
        for (var sample : List.of(keyed(), keyless())) {
            var table = createAtSource(sample);
            insertAtSource(sample);
            try (var snapshot = source()) {
                var checksums = snapshot.checksums(table, table, 3);
                var rows = new ArrayList<Row>();
                for (var bucket = 0; bucket < 3; bucket++) {
                    var inBucket = new ArrayList<Row>();
                    snapshot.readBucket(table, table, 3, bucket, inBucket::addAll);
                    assertThat(checksums.containsKey(bucket) ? checksums.get(bucket).rows() : 0)
                            .isEqualTo(inBucket.size());
                    rows.addAll(inBucket);
                }

                assertThat(rows).containsExactlyInAnyOrderElementsOf(sample.rows());
            }
        }
    }
}
