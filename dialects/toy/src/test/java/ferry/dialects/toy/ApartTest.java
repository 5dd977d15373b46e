package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.apply.Apply;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.ErrorSettings;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What stands apart from an ordinary migration: rows that stay, tables that are set aside, changes
/// that are recorded or left out. Where something is decided it is decided once, whichever reply of
/// the target is lost, and whether the process dies of it or not.
class ApartTest {
    private static final int REPLIES = 12; // of which each is lost once, behind what is tested

    private Passage passage = new Passage();

    @AfterEach
    void end() {
        passage.close();
    }

    private void tables(String setting, String value) {
        passage.settings =
                Settings.defaults()
                        .with(Settings.LOAD_WORKERS, "2")
                        .with(Settings.LOAD_CHUNK_ROWS, "2")
                        .with(Settings.APPLY_LANES, "2");
        choose(setting, value);
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        passage.source.execute(
                "create table shop.other (id int(32) not null, a int(16), primary (id))");
        for (var id = 1; id <= 4; id++) {
            passage.insert(passage.source, "t", "" + id, "7");
            passage.insert(passage.source, "other", "" + id, "7");
        }
    }

    private void choose(String setting, String value) {
        passage.settings =
                passage.settings.with(
                        Settings.ALL.stream()
                                .filter(known -> known.name().equals(setting))
                                .findFirst()
                                .orElseThrow(),
                        value);
    }

    // Rows that stay

    private void existing() {
        tables("load.existing", "ignore");
        passage.target.execute(
                "create table copy.t (id int(32) not null, a int(16), primary (id))");
        passage.insert(passage.target, "t", "2", "99");
        passage.insert(passage.target, "t", "8", "99");
    }

    @Test
    void rowsStayAndLaterChangesOfTheSourceAreWrittenWhole() {
        existing();
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(row(1, 7), row(2, 99), row(3, 7), row(4, 7), row(8, 99));
        assertThat(passage.pipeline().notices())
                .anySatisfy(notice -> assertThat(notice).contains("1 of 4 rows of the source"));

        update("t", row(2, 7), row(2, 8));
        passage.insert(passage.source, "t", "8", "1");
        delete("t", row(4, 7));
        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(row(1, 7), row(2, 8), row(3, 7), row(8, 1));
    }

    @Test
    void rowsThatStayShowAsDifferencesAndAreNotCorrected() {
        existing();
        passage.until = Until.VERIFIED;
        passage.corrects = true;
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        var certificate = passage.pipeline().certificate().orElseThrow();
        assertThat(certificate.equal()).isFalse();
        assertThat(certificate.differences()).isEqualTo(2);
        assertThat(passage.copied("t")).contains(row(2, 99), row(8, 99));
    }

    @Test
    void aTableWithRowsThatStayIsNotEmptiedForANewLoad() {
        existing();
        passage.start();
        passage.drive(passage::follows);
        passage.source.execute("alter table shop.t drop column a");

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.TARGET_HOLDS_ROWS))
                .hasMessageContaining("cannot be told from those that were loaded");
        assertThat(passage.copied("t")).contains(row(2, 99), row(8, 99));
    }

    @Test
    void aTableThatFerryNeverWroteIsNotEmptiedForANewLoad() {
        for (var onErrors : List.of("stop", "aside")) {
            passage.close();
            passage = new Passage();
            existing();
            choose("load.existing", "stop");
            choose("table.errors", onErrors);
            for (var attempt = 1; attempt <= 3; attempt++) {
                passage.start();
                if (onErrors.equals("stop")) {
                    assertThatThrownBy(() -> passage.drive(passage::follows))
                            .isInstanceOfSatisfying(
                                    ProblemException.class,
                                    e ->
                                            assertThat(e.code())
                                                    .isEqualTo(ProblemCode.TARGET_HOLDS_ROWS));
                } else {
                    passage.drive(passage::follows);
                    assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
                }
                assertThat(passage.copied("t")).containsExactlyInAnyOrder(row(2, 99), row(8, 99));
                order(marks -> marks.table(shop("t")).orElseThrow().anew().entry());
            }

            delete(passage.target, "t", row(2, 99));
            delete(passage.target, "t", row(8, 99));
            passage.start();
            passage.drive(passage::follows);
            assertThat(passage.copied("t")).isEqualTo(rows("t"));
            assertThat(marks().table(shop("t")).orElseThrow().kept()).isFalse();
        }
    }

    @Test
    void aCoarserRowKeyIsRefusedWhereRowsStay() {
        tables("load.existing", "ignore");
        passage.source.execute(
                "create table shop.k (id int(32) not null, a int(16) not null, primary (id, a))");
        passage.insert(passage.source, "k", "1", "1");
        passage.insert(passage.source, "k", "1", "2");
        passage.target.execute(
                "create table copy.k (id int(32) not null, a int(16) not null, primary (id))");
        passage.insert(passage.target, "k", "8", "99");
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("unique keys that the source does not imply");
        assertThat(passage.copied("k")).containsExactly(row(8, 99));
    }

    @Test
    void aTableWithoutAKeyMustBeEmpty() {
        tables("load.existing", "ignore");
        passage.source.execute("create table shop.k (a int(16))");
        passage.target.execute("create table copy.k (a int(16))");
        passage.insert(passage.target, "k", "5");
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("it has no key");
        assertThat(passage.copied("k")).containsExactly(Row.ofText("5"));
    }

    @Test
    void withoutTheSettingRowsThatAreThereStopTheProject() {
        existing();
        choose("load.existing", "stop");
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.TARGET_HOLDS_ROWS));
    }

    // Tables that are set aside

    @Test
    void aTableWhoseChangesFailIsSetAsideAndLoadedAgainLater() {
        eachReplyLost(lose -> {
            tables("table.errors", "aside");
            passage.start();
            passage.drive(passage::follows);
            delete(passage.target, "t", row(2, 7));
            var transaction = passage.source.begin();
            transaction.update(shop("t"), row(2, 7), row(2, 8));
            transaction.update(shop("other"), row(2, 7), row(2, 8));
            transaction.commit();
            update("other", row(3, 7), row(3, 8));
            passage.insert(passage.source, "t", "5", "5");
            lose.run();
            passage.drive(passage::follows);

            assertThat(passage.copied("other")).isEqualTo(rows("other"));
            assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
            assertThat(passage.pipeline().notices())
                    .anySatisfy(notice ->
                            assertThat(notice)
                                    .contains("shop.t is set aside")
                                    .contains("transaction"));

            order(marks -> marks.table(shop("t")).orElseThrow().anew().entry());
            passage.insert(passage.source, "t", "6", "6");
            passage.start();
            passage.drive(passage::follows);
            update("t", row(6, 6), row(6, 7));
            passage.drive(passage::follows);
            assertThat(passage.copied("t")).isEqualTo(rows("t"));
            assertThat(passage.copied("other")).isEqualTo(rows("other"));
        });
    }

    @Test
    void aTableThatCannotBeLoadedIsSetAsideAndTheCertificateSaysSo() {
        tables("table.errors", "aside");
        passage.until = Until.VERIFIED;
        passage.start();
        var met = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.insert")
                            && passage.stands("t")
                            && !met.getAndSet(true)) {
                        for (var id = 1; id <= 4; id++) {
                            passage.insert(passage.target, "t", "" + id, "99");
                        }
                    }
                    return Fate.DELIVERED;
                };
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        assertThat(met).isTrue();
        var certificate = passage.pipeline().certificate().orElseThrow();
        assertThat(certificate.equal()).isFalse();
        assertThat(certificate.aside())
                .singleElement()
                .satisfies(aside -> assertThat(aside.table()).isEqualTo(shop("t")));
        assertThat(certificate.tables())
                .singleElement()
                .satisfies(report -> assertThat(report.equal()).isTrue());
    }

    @Test
    void schemaChangesOfATableThatIsSetAsideConcernNobody() {
        tables("table.errors", "aside");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        update("t", row(2, 7), row(2, 8));
        passage.drive(passage::follows);

        passage.source.execute("alter table shop.t add column b int(16)");
        passage.insert(passage.source, "t", "5", "5", "5");
        passage.insert(passage.source, "other", "5", "5");
        passage.drive(passage::follows);
        passage.move();
        passage.start();
        passage.insert(passage.source, "t", "6", "6", "6");
        passage.insert(passage.source, "other", "6", "6");
        passage.drive(passage::follows);
        assertThat(passage.copied("other")).isEqualTo(rows("other"));

        passage.source.execute("drop table shop.t");
        passage.drive(passage::follows);
        assertThat(marks().table(shop("t"))).isEmpty();
        assertThat(passage.stands("t")).isFalse();
    }

    @Test
    void foreignKeysAreBuiltWhenTheTableThatWasSetAsideIsDropped() {
        tables("table.errors", "aside");
        passage.source.execute(
                "create table shop.child (id int(32) not null, parent int(32), primary (id),"
                        + " foreign to_other (parent) references shop.other (id))");
        passage.target.execute("create table copy.t (id int(32) not null, primary (id))");
        passage.insert(passage.target, "t", "8");
        passage.start();
        passage.drive(passage::follows);
        var child = new TableName("copy", "child");
        assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
        assertThat(passage.target.definition(child).orElseThrow().foreignKeys()).isEmpty();

        passage.source.execute("drop table shop.t");
        passage.drive(passage::follows);
        assertThat(marks().table(shop("t"))).isEmpty();
        assertThat(passage.target.definition(child).orElseThrow().foreignKeys()).hasSize(1);
    }

    @Test
    void soManyTablesAndNoMoreAreSetAside() {
        tables("table.errors", "aside");
        choose(ErrorSettings.TABLE_ERRORS_LIMIT.name(), "1");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        delete(passage.target, "other", row(2, 7));
        update("t", row(2, 7), row(2, 8));
        passage.drive(passage::follows);
        update("other", row(2, 7), row(2, 8));

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("FERRY-3020");
    }

    @Test
    void aLargeTransactionGoesOnWithoutTheTable() {
        tables("table.errors", "aside");
        choose(Settings.APPLY_HELD_BYTES.name(), "1KiB");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        large();
        passage.drive(passage::follows);

        assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
    }

    private void large() {
        var transaction = passage.source.begin();
        for (var id = 10; id < 60; id++) {
            transaction.insert(shop("other"), row(id, 1));
        }
        transaction.update(shop("t"), row(2, 7), row(2, 8));
        for (var id = 60; id < 90; id++) {
            transaction.insert(shop("other"), row(id, 1));
        }
        transaction.commit();
    }

    @Test
    void withoutTheLoadNoTableIsLoadedAgain() {
        tables("table.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        passage.parts = EnumSet.of(Part.SCHEMA, Part.INCREMENTAL);
        order(marks -> marks.table(shop("t")).orElseThrow().anew().entry());
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("cannot be loaded again without the step full");
        assertThat(passage.copied("t")).isEqualTo(rows("t"));

        passage.parts = EnumSet.allOf(Part.class);
        passage.start();
        passage.drive(passage::follows);
        passage.parts = EnumSet.of(Part.SCHEMA, Part.INCREMENTAL);
        passage.start();
        passage.drive(passage::follows);
        passage.source.execute("drop table shop.t");
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        passage.insert(passage.source, "t", "1", "7");

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("the step full is not chosen");
    }

    @Test
    void anotherServerIsRefusedInTheMiddleOfALargeTransactionThatWouldLoseATable() {
        tables("table.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        passage.close();
        large();
        // As a process leaves it that is killed between two parts, inside a window.
        var ends = passage.ends();
        var id = new TransactionId(lastTransaction());
        order(marks -> marks.table(shop("t")).orElseThrow().next(Phase.LOADED).entry());
        begun(Apply.checkpoint(ends).orElseThrow().with(new Checkpoint.Begun(id, 10)));
        passage.sourceDialect = AnotherServer::new;
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.LOG_FOREIGN))
                .hasMessageContaining("in the middle of a large transaction");
        assertThat(marks().table(shop("t")).orElseThrow().phase()).isEqualTo(Phase.LOADED);
    }

    private void begun(Checkpoint checkpoint) {
        var ends = passage.ends();
        long epoch;
        try (var bookkeeping = ends.bookkeeping()) {
            var owner = bookkeeping.owner(ends.project()).orElseThrow();
            epoch = bookkeeping.takeOver(ends.project(), owner.identity(), true).epoch();
        }
        try (var lane = new Lane(ends, Apply.LANE, epoch)) {
            lane.open();
            lane.transaction(checkpoint.text(), _ -> {});
        }
    }

    /// The same server under another identity: it has everything that was captured.
    private static final class AnotherServer extends Delegates.OfDialect {
        AnotherServer(Dialect whole) {
            super(whole);
        }

        @Override
        public Optional<String> continuesNot(
                Endpoint source, Position captured, Settings settings) {
            return Optional.empty();
        }

        @Override
        public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
            return new Delegates.OfCatalog(whole.catalog(endpoint, role, settings)) {
                @Override
                public String serverIdentity() {
                    return "another";
                }
            };
        }
    }

    // Changes that are recorded

    @Test
    void aChangeThatFailsIsRecordedOnceAndSettledByTheRowOfTheSource() {
        eachReplyLost(lose -> {
            tables("apply.row.errors", "record");
            passage.start();
            passage.drive(passage::follows);
            delete(passage.target, "t", row(2, 7));
            passage.insert(passage.target, "t", "5", "99");
            update("t", row(2, 7), row(2, 8));
            passage.insert(passage.source, "t", "5", "5");
            update("t", row(3, 7), row(3, 8));
            update("other", row(3, 7), row(3, 8));
            lose.run();
            passage.drive(passage::follows);

            assertThat(passage.copied("other")).isEqualTo(rows("other"));
            assertThat(passage.copied("t"))
                    .containsExactlyInAnyOrder(row(1, 7), row(3, 8), row(4, 7), row(5, 99));
            assertThat(marks().rowErrors())
                    .extracting(RowError::kind, RowError::keyShown, RowError::times)
                    .containsExactlyInAnyOrder(
                            tuple(RowError.Kind.UPDATE, "id '2'", 1L),
                            tuple(RowError.Kind.INSERT, "id '5'", 1L));

            retry(Set.of());
            assertThat(marks().rowErrors()).isEmpty();
            assertThat(passage.copied("t")).isEqualTo(rows("t"));
        });
    }

    @Test
    void oneErrorIsSettledAloneAndARefusedOneStays() {
        tables("apply.row.errors", "record");
        passage.source.execute(
                "create table shop.u (id int(32) not null, u int(16), primary (id), unique u (u))");
        passage.start();
        passage.drive(passage::follows);
        passage.insert(passage.target, "u", "9", "77");
        passage.insert(passage.source, "u", "1", "77");
        delete(passage.target, "t", row(2, 7));
        update("t", row(2, 7), row(2, 8));
        passage.drive(passage::follows);
        var errors = marks().rowErrors();
        assertThat(errors).hasSize(2);

        retry(
                Set.of(
                        errors.stream()
                                .filter(e -> e.table().equals(shop("t")))
                                .findFirst()
                                .orElseThrow()
                                .id()));
        assertThat(passage.copied("t")).isEqualTo(rows("t"));
        assertThat(marks().rowErrors()).extracting(RowError::table).containsExactly(shop("u"));

        retry(Set.of()); // the stranger's row is still in the way
        assertThat(marks().rowErrors()).hasSize(1);
        delete(passage.target, "u", Row.ofText("9", "77"));
        retry(Set.of());
        assertThat(marks().rowErrors()).isEmpty();
        assertThat(passage.copied("u")).isEqualTo(rows("u"));
    }

    @Test
    void aRowIsSettledByTheLayoutThatApplyHasReached() {
        tables("apply.row.errors", "record");
        passage.start();
        passage.drive(passage::follows);
        for (var table : List.of("t", "other")) {
            delete(passage.target, table, row(2, 7));
            update(table, row(2, 7), row(2, 8));
        }
        passage.drive(passage::follows);
        assertThat(marks().rowErrors()).hasSize(2);

        passage.until = Until.VERIFIED;
        passage.retries = Optional.of(Set.of());
        passage.start();
        passage.drive(() -> marks().rowErrors().size() == 1);
        var left = marks().rowErrors().getFirst().table();
        passage.source.execute("alter table " + left + " add column c int(16) default 0");
        var transaction = passage.source.begin();
        transaction.update(left, Row.ofText("2", "8", "0"), Row.ofText("2", "8", "5"));
        transaction.commit();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        assertThat(passage.copied(left.table())).isEqualTo(rows(left.table()));
        assertThat(marks().rowErrors()).isEmpty();
    }

    @Test
    void aRowThatFailsAgainIsOneErrorAndVerificationKnowsIt() {
        tables("apply.row.errors", "record");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        for (var a = 8; a < 11; a++) {
            update("t", row(2, a - 1), row(2, a));
            passage.drive(passage::follows);
        }

        assertThat(marks().rowErrors())
                .singleElement()
                .satisfies(error -> assertThat(error.times()).isEqualTo(3));
        passage.until = Until.VERIFIED;
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
        var certificate = passage.pipeline().certificate().orElseThrow();
        assertThat(certificate.equal()).isFalse();
        assertThat(certificate.known()).containsEntry(shop("t"), 1L);
    }

    @Test
    void soManyRowsAndNoMoreAreRecorded() {
        tables("apply.row.errors", "record");
        choose(ErrorSettings.APPLY_ROW_ERRORS_LIMIT.name(), "2");
        passage.start();
        passage.drive(passage::follows);
        for (var id = 1; id <= 3; id++) {
            delete(passage.target, "t", row(id, 7));
            update("t", row(id, 7), row(id, 8));
        }

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.ROW_ERRORS));
        assertThat(marks().rowErrors().size()).isLessThanOrEqualTo(2);
    }

    @Test
    void aTableWithoutAKeyStopsTheProject() {
        tables("apply.row.errors", "record");
        passage.source.execute("create table shop.k (a int(16))");
        passage.insert(passage.source, "k", "5");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "k", Row.ofText("5"));
        delete("k", Row.ofText("5"));

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.ROW_MISSING))
                .hasMessageContaining("the delete of a row of shop.k in transaction source:");
    }

    @Test
    void aChangeOfALargeTransactionIsRecordedWithIt() {
        for (var split : List.of("0", "1KiB")) {
            passage.close();
            passage = new Passage();
            tables("apply.row.errors", "record");
            choose(Settings.APPLY_HELD_BYTES.name(), "1KiB");
            choose(Settings.APPLY_SPLIT_BYTES.name(), split);
            passage.start();
            passage.drive(passage::follows);
            delete(passage.target, "t", row(2, 7));
            large();
            passage.drive(passage::follows);

            assertThat(marks().rowErrors()).hasSize(1);
            assertThat(passage.copied("other")).isEqualTo(rows("other"));
            retry(Set.of());
            assertThat(passage.copied("t")).isEqualTo(rows("t"));
        }
    }

    @Test
    void whatStopsTheProjectIsToldWithItsTransaction() {
        tables("apply.row.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        update("other", row(1, 7), row(1, 8));
        update("t", row(2, 7), row(2, 8));
        var id = lastTransaction();
        update("t", row(3, 7), row(3, 8));

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("the update of a row of shop.t in transaction " + id);
    }

    // Transactions that are left out

    @Test
    void oneTransactionIsLeftOutOnce() {
        eachReplyLost(lose -> {
            tables("apply.row.errors", "stop");
            passage.start();
            passage.drive(passage::follows);
            passage.close();
            update("t", row(1, 7), row(1, 8));
            var transaction = passage.source.begin();
            transaction.update(shop("t"), row(2, 7), row(2, 8));
            transaction.insert(shop("t"), row(5, 5));
            transaction.update(shop("other"), row(2, 7), row(2, 8));
            transaction.commit();
            var id = lastTransaction();
            update("t", row(3, 7), row(3, 8));
            order(_ -> SkipOrder.of(id, "me", "now", "a bad batch").entry());
            passage.start();
            lose.run();
            passage.drive(passage::follows);

            assertThat(passage.copied("t"))
                    .containsExactlyInAnyOrder(row(1, 8), row(2, 7), row(3, 8), row(4, 7));
            assertThat(passage.copied("other")).contains(row(2, 7));
            assertThat(marks().skips())
                    .singleElement()
                    .satisfies(order -> {
                        assertThat(order.state()).isEqualTo(SkipOrder.State.DONE);
                        assertThat(order.outcome())
                                .isEqualTo("1 changes of shop.other, 2 changes of shop.t");
                    });
        });
    }

    @Test
    void aValueThatCannotBeTranslatedStopsUntilItsTransactionIsLeftOut() {
        tables("apply.row.errors", "record");
        passage.targetDialect = RefusesNines::new;
        passage.parts = EnumSet.of(Part.SCHEMA, Part.FULL, Part.INCREMENTAL);
        passage.start();
        passage.drive(passage::follows);
        update("t", row(2, 7), row(2, 9));
        var id = lastTransaction();
        update("t", row(3, 7), row(3, 8));
        update("other", row(3, 7), row(3, 8));

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("it was met in transaction " + id);
        order(_ -> SkipOrder.of(id, "me", "now", "a nine").entry());
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(row(1, 7), row(2, 7), row(3, 8), row(4, 7));
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
        assertThat(marks().skips())
                .singleElement()
                .satisfies(order -> assertThat(order.outcome()).isEqualTo("1 changes of shop.t"));
    }

    @Test
    void aTableWithAValueThatCannotBeTranslatedIsSetAside() {
        tables("table.errors", "aside");
        passage.targetDialect = RefusesNines::new;
        passage.start();
        passage.drive(passage::follows);
        update("t", row(2, 7), row(2, 9));
        update("other", row(3, 7), row(3, 8));
        passage.drive(passage::follows);

        assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
    }

    /// A target that has no form of the value 9 for rows of `t`.
    private static final class RefusesNines extends Delegates.OfDialect {
        RefusesNines(Dialect whole) {
            super(whole);
        }

        @Override
        public RowTranslation translation(Table source, Table target) {
            return row -> {
                if (source.name().equals(shop("t")) && row.text(1).equals("9")) {
                    throw ProblemException.of(
                            ProblemCode.VALUE_REFUSED, "no nine", "it has no form here", "none");
                }
                return row;
            };
        }
    }

    @Test
    void aSchemaChangeIsNotLeftOut() {
        tables("apply.row.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        passage.close();
        passage.source.execute("alter table shop.t add column b int(16)");
        var id = lastTransaction();
        order(_ -> SkipOrder.of(id, "me", "now", "why not").entry());
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("t")).isEqualTo(rows("t"));
        assertThat(marks().skips())
                .singleElement()
                .satisfies(order -> assertThat(order.state()).isEqualTo(SkipOrder.State.VOID));
    }

    @Test
    void anOrderForWhatDoesNotComeSaysNoMoreThanIsKnown() {
        tables("apply.row.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        order(_ -> SkipOrder.of("source:1", "me", "now", "why not").entry());
        passage.start();
        passage.drive(() -> {
            passage.sleep(Duration.ofMinutes(1));
            return marks().skips().getFirst().state() == SkipOrder.State.VOID;
        });

        assertThat(marks().skips().getFirst().outcome())
                .isEqualTo("no transaction with this id and with changes of the tables came");
    }

    // What they have in common

    /// Tells a history again and again: once as it is, then so that one reply to a target's commit
    /// is lost behind the moment, another one each time, and the process goes on or dies of it.
    private void eachReplyLost(Consumer<Runnable> history) {
        history.accept(() -> {});
        for (var reply = 1; reply <= REPLIES; reply++) {
            for (var dies : List.of(false, true)) {
                passage.close();
                passage = new Passage();
                var wanted = reply;
                history.accept(() -> lose(wanted, dies));
            }
        }
    }

    private void lose(int reply, boolean dies) {
        var commits = new AtomicInteger();
        var lost = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.commit") && commits.incrementAndGet() == reply) {
                        lost.set(true);
                        return Fate.REPLY_LOST;
                    }
                    return Fate.DELIVERED;
                };
        if (dies) {
            passage.drive(() -> lost.get() || passage.follows());
            passage.line = Line.CALM;
            passage.start();
        }
    }

    private void retry(Set<String> ids) {
        passage.line = Line.CALM;
        passage.until = Until.VERIFIED;
        passage.retries = Optional.of(ids);
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
        assertThat(passage.pipeline().certificate()).isEmpty();
        passage.retries = Optional.empty();
    }

    private Marks marks() {
        var ends = passage.ends();
        var marks = new Marks(ends::position);
        try (var bookkeeping = ends.bookkeeping()) {
            marks.read(bookkeeping, ends.project());
        }
        return marks;
    }

    /// What a command does while nobody works on the project.
    private void order(Function<Marks, Entry> order) {
        passage.close();
        passage.line = Line.CALM;
        var ends = passage.ends();
        long epoch;
        try (var bookkeeping = ends.bookkeeping()) {
            var owner = bookkeeping.owner(ends.project()).orElseThrow();
            epoch = bookkeeping.takeOver(ends.project(), owner.identity(), true).epoch();
        }
        try (var lane = new Lane(ends, "orders", epoch)) {
            lane.open();
            var entry = order.apply(marks());
            lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(entry)));
        }
    }

    private String lastTransaction() {
        try (var snapshot = passage.ends().sourceSnapshot()) {
            var text = snapshot.logEnd().text();
            return "source:" + text.replaceAll(".*[^0-9](\\d+)$", "$1");
        }
    }

    private void update(String table, Row before, Row after) {
        var transaction = passage.source.begin();
        transaction.update(shop(table), before, after);
        transaction.commit();
    }

    private void delete(String table, Row row) {
        delete(passage.source, table, row);
    }

    private void delete(ToyServer server, String table, Row row) {
        var transaction = server.begin();
        transaction.delete(passage.name(server, table), row);
        transaction.commit();
    }

    private List<Row> rows(String table) {
        return passage.source.rows(shop(table));
    }

    private static Row row(int id, int a) {
        return Row.ofText("" + id, "" + a);
    }

    private static TableName shop(String table) {
        return new TableName("shop", table);
    }
}
