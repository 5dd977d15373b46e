package ferry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the engine relies on at a target.
public abstract class TargetContract extends LabTest {
    private static final long MANY_ROWS = 1_000_000;

    @Test
    void aTransactionLeavesRowsFactsAndCheckpointTogether() {
        var setup = table(keyed());
        try (var writer = writer();
                var bookkeeping = bookkeeping();
                var target = target()) {
            writer.begin(setup.fence, "first");
            writer.insert(setup.table, setup.rows());
            writer.put(
                    List.of(
                            new Entry("kind", "b", "two"),
                            new Entry("kind", "a", "one"),
                            new Entry("other", "a", "x")));
            writer.checkpoint("second");

            assertThat(target.isEmpty(setup.table)).as("nobody sees it before the commit").isTrue();
            assertThat(bookkeeping.entries(PROJECT, "kind")).isEmpty();

            writer.commit();

            assertThat(rowsAt(target, setup.table))
                    .containsExactlyInAnyOrderElementsOf(setup.rows());
            assertThat(bookkeeping.entries(PROJECT, "kind"))
                    .containsExactly(new Entry("kind", "a", "one"), new Entry("kind", "b", "two"));
            var lane = bookkeeping.lane(PROJECT, LANE, setup.fence.epoch());
            assertThat(lane.checkpoint()).isEqualTo("second");
            assertThat(lane.fence()).isEqualTo(setup.fence.next());
        }
    }

    @Test
    void aRolledBackTransactionLeavesNothing() {
        var setup = table(keyed());
        try (var writer = writer();
                var bookkeeping = bookkeeping();
                var target = target()) {
            writer.begin(setup.fence, "lost");
            writer.insert(setup.table, setup.rows());
            writer.put(List.of(new Entry("kind", "a", "one")));
            writer.rollback();
            writer.rollback(); // harmless without a transaction

            assertThat(target.isEmpty(setup.table)).isTrue();
            assertThat(bookkeeping.entries(PROJECT, "kind")).isEmpty();
            assertThat(bookkeeping.lane(PROJECT, LANE, setup.fence.epoch()).fence())
                    .isEqualTo(setup.fence);

            writer.begin(setup.fence, "");
            writer.commit();
        }
    }

    @Test
    void factsAreReplacedAndRemoved() {
        var fence = fence();
        try (var writer = writer();
                var bookkeeping = bookkeeping()) {
            writer.begin(fence, "");
            writer.put(
                    List.of(
                            new Entry("kind", "a", "one"),
                            new Entry("kind", "b", "x".repeat(100_000))));
            writer.commit();
            writer.begin(fence.next(), "");
            writer.put(
                    List.of(
                            new Entry("kind", "a", "line one\nline 'two'"),
                            new Entry("kind", "b", "")));
            writer.put(List.of(new Entry("kind", "never", "")));
            writer.commit();

            assertThat(bookkeeping.entries(PROJECT, "kind"))
                    .containsExactly(new Entry("kind", "a", "line one\nline 'two'"));
        }
    }

    @Test
    void strictChangesFindExactlyTheRowsTheyMust() {
        var setup = table(keyed());
        var rows = setup.rows();
        var one = rows.get(0);
        var other = rows.get(1);
        setup.run(writer -> setup.apply(writer, new Change.Insert(one)));

        setup.refuse(ProblemCode.ROW_EXISTS, new Change.Insert(one));
        setup.refuse(ProblemCode.ROW_MISSING, new Change.Update(other, other));
        setup.refuse(ProblemCode.ROW_MISSING, new Change.Delete(other));
        setup.run(writer ->
                setup.apply(
                        writer,
                        new Change.Insert(other),
                        new Change.Update(one, one),
                        new Change.Delete(one)));

        assertThat(setup.rowsThere()).containsExactly(other);
    }

    @Test
    void whatATransactionAttemptsInVainLeavesNoTraceAndItGoesOn() {
        var setup = table(keyed());
        var rows = setup.rows();
        var one = rows.get(0);
        var other = rows.get(1);
        setup.run(writer -> {
            setup.apply(writer, new Change.Insert(one));
            var twice = setup.attempt(writer, new Change.Insert(other), new Change.Insert(one));
            assertThat(twice)
                    .hasValueSatisfying(problem ->
                            assertThat(problem.code()).isEqualTo(ProblemCode.ROW_EXISTS));
            var missing = setup.attempt(writer, new Change.Delete(other));
            assertThat(missing)
                    .hasValueSatisfying(problem ->
                            assertThat(problem.code()).isEqualTo(ProblemCode.ROW_MISSING));
            var fits = setup.attempt(writer, new Change.Delete(one), new Change.Insert(other));
            assertThat(fits).isEmpty();
        });

        assertThat(setup.rowsThere()).containsExactly(other);
    }

    @Test
    void changesOfSeveralTablesKeepTheirOrderAndProblemsConcernTheirSource() {
        var keyed = table(keyed());
        var keyless = table(keyless());
        var one = keyed.rows().get(0);
        var other = keyed.rows().get(1);
        var row = keyless.rows().getFirst();
        var changes =
                List.of(
                        keyed.changes("a", new Change.Insert(one)),
                        keyless.changes("b", new Change.Insert(row), new Change.Insert(row)),
                        keyed.changes("a", new Change.Delete(one), new Change.Insert(other)),
                        keyless.changes("b", new Change.Delete(row)),
                        keyed.changes("a", new Change.Delete(other), new Change.Insert(one)));
        keyless.run(writer -> writer.apply(changes)); // the later set-up has the lane

        assertThat(keyed.rowsThere()).containsExactly(one);
        assertThat(keyless.rowsThere()).containsExactly(row);
        try (var writer = writer()) {
            writer.begin(keyless.fence, "");
            assertThatThrownBy(() -> writer.apply(changes))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> {
                                assertThat(problem.code()).isEqualTo(ProblemCode.ROW_EXISTS);
                                assertThat(problem.table()).contains(new TableName("source", "a"));
                            });
            writer.rollback();
        }
        assertThat(keyed.rowsThere()).containsExactly(one);
        assertThat(keyless.rowsThere()).containsExactly(row);
    }

    @Test
    void aProblemBehindOtherTablesChangesConcernsItsOwn() {
        var keyed = table(keyed());
        var keyless = table(keyless());
        var one = keyed.rows().get(0);
        var row = keyless.rows().getFirst();
        keyless.run(writer -> writer.apply(List.of(keyed.changes("a", new Change.Insert(one)))));
        var first = keyless.changes("b", new Change.Insert(row));
        var last = keyless.changes("b", new Change.Delete(row));
        for (var refused :
                List.of(new Change.Insert(one), new Change.Delete(keyed.rows().get(1)))) {
            try (var writer = writer()) {
                writer.begin(keyless.fence, "");
                assertThatThrownBy(() ->
                                writer.apply(List.of(first, keyed.changes("a", refused), last)))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                problem ->
                                        assertThat(problem.table())
                                                .contains(new TableName("source", "a")));
                writer.rollback();
            }
        }
        assertThat(keyless.rowsThere()).isEmpty();
    }

    @Test
    void rowsThatAreThereStayWhereOnlyMissingOnesAreInserted() {
        var setup = table(keyed());
        var rows = setup.rows();
        setup.run(writer -> writer.insert(setup.table, rows.subList(0, 1)));
        var inserted = new ArrayList<Long>();

        setup.run(writer -> inserted.add(writer.insertMissing(setup.table, rows)));
        setup.run(writer -> inserted.add(writer.insertMissing(setup.table, rows)));

        assertThat(inserted).containsExactly(rows.size() - 1L, 0L);
        assertThat(setup.rowsThere()).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void strictChangesOfATableWithoutAKeyMeetExactlyOneRow() {
        var setup = table(keyless());
        var row = setup.rows().getFirst();
        var absent =
                setup.rows().stream().filter(other -> !other.equals(row)).findFirst().orElseThrow();
        setup.run(writer -> writer.insert(setup.table, List.of(row, row, row)));

        setup.run(writer ->
                setup.apply(writer, new Change.Delete(row), new Change.Update(row, absent)));

        assertThat(setup.rowsThere()).containsExactlyInAnyOrder(row, absent);
        setup.run(writer -> setup.apply(writer, new Change.Delete(absent)));
        setup.refuse(ProblemCode.ROW_MISSING, new Change.Delete(absent));
        setup.refuse(ProblemCode.ROW_MISSING, new Change.Update(absent, row));
    }

    @Test
    void insideAWindowTheAfterImageReplacesWhateverHasItsKeys() {
        var setup =
                table(
                        sample(one ->
                                !one.table().secondaryUniqueKeys().isEmpty()
                                        && one.table().rowKey().isPresent()
                                        && one.rows().size() >= 2));
        var one = setup.rows().get(0);
        var other = setup.rows().get(1);
        var unique = setup.table.secondaryUniqueKeys().getFirst();
        var taken =
                with(
                        other,
                        one,
                        unique.parts().stream()
                                .mapToInt(part -> setup.table.indexOf(part.column()))
                                .toArray());

        setup.window(new Change.Insert(one));
        setup.window(new Change.Insert(one)); // again: the same
        assertThat(setup.rowsThere()).containsExactly(one);
        setup.window(new Change.Delete(other)); // not there: nothing
        setup.window(new Change.Insert(taken)); // evicts the row that has its unique value
        assertThat(setup.rowsThere()).containsExactly(taken);
        setup.window(new Change.Update(one, other)); // the row is not there: put there all the same
        assertThat(setup.rowsThere()).containsExactly(other);
        setup.window(new Change.Delete(other));
        assertThat(setup.rowsThere()).isEmpty();
    }

    /// `row` with the values of `donor` at these places.
    private static Row with(Row row, Row donor, int... places) {
        var built = new Row.Builder(row.size());
        for (var i = 0; i < row.size(); i++) {
            var index = i;
            built.add(
                    java.util.Arrays.stream(places).anyMatch(place -> place == index) ? donor : row,
                    i);
        }
        return built.build();
    }

    @Test
    void aValueThatDoesNotFitIsRefusedAndNeverChanged() {
        var fence = fence();
        for (var sample : lab.samples()) {
            if (sample.refused().isEmpty()) {
                continue;
            }
            var table = createAtTarget(fence, createAtSource(sample));
            fence = fence.next();
            for (var row : sample.refused()) {
                try (var writer = writer();
                        var target = target()) {
                    writer.begin(fence, "");
                    var thrown =
                            catchThrowable(() -> {
                                writer.insert(table, List.of(row));
                                writer.commit();
                            });
                    assertThat(thrown)
                            .as("%s takes %s", sample, row)
                            .isInstanceOf(ProblemException.class);
                    assertThat(((ProblemException) thrown).code())
                            .isIn(ProblemCode.VALUE_REFUSED, ProblemCode.ROW_TOO_LARGE);
                    writer.rollback();
                    assertThat(target.isEmpty(table)).isTrue();
                }
            }
        }
        assertThat(lab.samples())
                .as("the corpus has rows that must be refused")
                .anyMatch(sample -> !sample.refused().isEmpty());
    }

    @Test
    void rowsOfATableAreDeletedInsideTheTransactionUpToALimit() {
        for (var sample : List.of(keyed(), keyless())) {
            var setup = table(sample);
            setup.run(writer -> writer.insert(setup.table, setup.rows()));
            try (var writer = writer()) {
                writer.begin(setup.fence, "");
                assertThat(writer.deleteSome(setup.table, MANY_ROWS))
                        .isEqualTo(setup.rows().size());
                writer.rollback();
            }
            assertThat(setup.rowsThere()).hasSameSizeAs(setup.rows());

            setup.run(writer -> assertThat(writer.deleteSome(setup.table, 1)).isEqualTo(1));
            assertThat(setup.rowsThere()).hasSize(setup.rows().size() - 1);

            setup.run(writer -> writer.deleteSome(setup.table, MANY_ROWS));
            assertThat(setup.rowsThere()).isEmpty();
        }
    }

    @Test
    void aWriterWithAnOldVersionOrEpochIsFenced() {
        var setup = table(keyed());
        var fence = setup.fence;
        try (var writer = writer()) {
            writer.begin(fence, "");
            writer.commit();
        }
        try (var writer = writer()) {
            assertRefused(ProblemCode.FENCED, () -> writer.begin(fence, ""));
        }
        try (var writer = writer()) {
            var future = new Fence(PROJECT, LANE, fence.epoch() + 1, fence.version() + 1);
            assertRefused(ProblemCode.FENCED, () -> writer.begin(future, ""));
        }
        try (var writer = writer()) {
            var never = new Fence(PROJECT, "no such lane", fence.epoch(), 0);
            assertRefused(ProblemCode.FENCED, () -> writer.begin(never, ""));
        }
    }

    @Test
    void takingOverEndsTheOldOwnersWork() {
        var setup = table(keyed());
        try (var old = writer();
                var bookkeeping = bookkeeping();
                var target = target()) {
            old.begin(setup.fence, "");
            old.commit(); // its connection is recorded now
            old.begin(setup.fence.next(), "late");
            old.insert(setup.table, setup.rows());

            assertRefused(
                    ProblemCode.OTHER_OWNER, () -> bookkeeping.takeOver(PROJECT, IDENTITY, false));
            var owner = bookkeeping.takeOver(PROJECT, IDENTITY, true);

            assertThat(owner.epoch()).isGreaterThan(setup.fence.epoch());
            assertThat(bookkeeping.owner(PROJECT)).contains(owner);
            assertThatThrownBy(old::commit).isInstanceOf(ProblemException.class);
            assertThat(target.isEmpty(setup.table)).isTrue();
            var lane = bookkeeping.lane(PROJECT, LANE, owner.epoch());
            assertThat(lane.fence())
                    .isEqualTo(new Fence(PROJECT, LANE, owner.epoch(), setup.fence.version() + 1));
            assertRefused(
                    ProblemCode.FENCED, () -> bookkeeping.lane(PROJECT, LANE, setup.fence.epoch()));
            try (var again = writer()) {
                assertRefused(ProblemCode.FENCED, () -> again.begin(setup.fence.next(), ""));
            }
        }
    }

    @Test
    void anOwnerThatLeftIsFollowedWithoutForce() {
        var fence = fence();
        try (var old = writer()) {
            old.begin(fence, "");
            old.commit();
        }
        try (var bookkeeping = bookkeeping()) {
            // A server may need a moment to see that the connection was closed.
            var deadline = java.time.Instant.now().plusSeconds(20);
            while (true) {
                try {
                    assertThat(bookkeeping.takeOver(PROJECT, IDENTITY, false).epoch())
                            .isEqualTo(fence.epoch() + 1);
                    return;
                } catch (ProblemException e) {
                    assertThat(e.code()).isEqualTo(ProblemCode.OTHER_OWNER);
                    assertThat(java.time.Instant.now()).isBefore(deadline);
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void aProjectOfAnotherIdentityIsForeign() {
        fence();
        try (var bookkeeping = bookkeeping()) {
            assertThat(bookkeeping.exists()).isTrue();
            assertThat(bookkeeping.owner("nobody")).isEmpty();
            assertRefused(
                    ProblemCode.TARGET_FOREIGN,
                    () -> bookkeeping.takeOver(PROJECT, "another", true));

            bookkeeping.forget(PROJECT);

            assertThat(bookkeeping.owner(PROJECT)).isEmpty();
            assertThat(bookkeeping.takeOver(PROJECT, "another", true).identity())
                    .isEqualTo("another");
        }
    }

    @Test
    void theLaneTellsWhetherACommitOfUnknownOutcomeHappened() {
        for (var executed : List.of(true, false)) {
            var setup = table(keyed());
            setup.run(writer -> writer.deleteSome(setup.table, MANY_ROWS));
            try (var writer = lab.losingCommits(executed).writer(lab.target(), lab.settings());
                    var bookkeeping = bookkeeping();
                    var target = target()) {
                writer.begin(setup.fence, "unknown");
                writer.insert(setup.table, setup.rows());
                writer.checkpoint("unknown"); // behind rows that were on their way
                var thrown = catchThrowable(writer::commit);

                assertThat(thrown).isInstanceOf(ProblemException.class);
                assertThat(((ProblemException) thrown).code().retryable()).isTrue();
                var lane = bookkeeping.lane(PROJECT, LANE, setup.fence.epoch());
                assertThat(lane.fence()).isEqualTo(executed ? setup.fence.next() : setup.fence);
                assertThat(lane.checkpoint().equals("unknown")).isEqualTo(executed);
                assertThat(target.isEmpty(setup.table)).isEqualTo(!executed);
            }
        }
    }

    @Test
    void aStatementThatCommitsRunsOnARecordedConnectionOnly() {
        var sample = keyed();
        var table = createAtSource(sample);
        var fence = fence();
        try (var writer = writer();
                var catalog = dialect().catalog(lab.target(), Role.TARGET, lab.settings())) {
            var plan = catalog.plan(table, lab.atTarget(table.name()));
            var statement = plan.create();
            var name = plan.table().name();
            assertThatThrownBy(() -> statement.forEach(writer::execute)).isNotNull();
            assertThat(catalog.table(name)).isEmpty();

            writer.begin(fence, "");
            writer.commit();
            statement.forEach(writer::execute);
            statement.forEach(writer::execute); // harmless to repeat
            assertThat(catalog.table(name)).isPresent();
            writer.execute(catalog.truncate(name));
            writer.execute(catalog.truncate(name));
            writer.execute(catalog.drop(name));
            writer.execute(catalog.drop(name));
            assertThat(catalog.table(name)).isEmpty();
        }
    }

    @Test
    void aLaneThatIsReadAgainHasNoOldConnection() {
        var sample = keyed();
        var table = createAtSource(sample);
        var fence = fence();
        try (var lost = writer();
                var bookkeeping = bookkeeping();
                var catalog = dialect().catalog(lab.target(), Role.TARGET, lab.settings())) {
            var plan = catalog.plan(table, lab.atTarget(table.name()));
            var statement = plan.create();
            lost.begin(fence, "");
            lost.commit(); // its connection is recorded now

            assertThat(bookkeeping.lane(PROJECT, LANE, fence.epoch()).fence())
                    .isEqualTo(fence.next());

            assertThatThrownBy(() -> statement.forEach(lost::execute))
                    .isInstanceOf(ProblemException.class);
            assertThat(catalog.table(plan.table().name())).isEmpty();
        }
    }

    /// A sample's table at the target, and the lane that writes to it.
    private final class Setup {
        private final Sample sample;
        private final Table table;
        private Fence fence;

        Setup(Sample sample) {
            this.sample = sample;
            this.fence = fence();
            this.table = createAtTarget(fence, createIfMissing(sample));
            this.fence = fence.next();
        }

        List<Row> rows() {
            return sample.rows();
        }

        List<Row> rowsThere() {
            try (var target = target()) {
                return new ArrayList<>(rowsAt(target, table));
            }
        }

        void run(java.util.function.Consumer<Writer> work) {
            try (var writer = writer()) {
                writer.begin(fence, "");
                work.accept(writer);
                writer.commit();
                fence = fence.next();
            }
        }

        TableChanges changes(String source, Change... changes) {
            return new TableChanges(
                    new TableName("source", source), table, Mode.STRICT, List.of(changes));
        }

        void apply(Writer writer, Change... changes) {
            writer.apply(List.of(changes("a", changes)));
        }

        Optional<ProblemException> attempt(Writer writer, Change... changes) {
            return writer.attempt(changes("a", changes));
        }

        void window(Change change) {
            run(writer ->
                    writer.apply(List.of(TableChanges.of(table, Mode.WINDOW, List.of(change)))));
        }

        void refuse(ProblemCode code, Change change) {
            try (var writer = writer()) {
                writer.begin(fence, "");
                assertRefused(
                        code,
                        () ->
                                writer.apply(
                                        List.of(
                                                TableChanges.of(
                                                        table, Mode.STRICT, List.of(change)))));
                writer.rollback();
            }
        }
    }

    private Table createIfMissing(Sample sample) {
        try (var catalog = dialect().catalog(lab.source(), Role.SOURCE, lab.settings())) {
            var there = catalog.table(sample.table().name());
            return there.isPresent() ? there.get() : createAtSource(sample);
        }
    }

    private Setup table(Sample sample) {
        return new Setup(sample);
    }
}
