package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ferry.engine.apply.Apply;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.ErrorSettings;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.model.Row;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Tables that are loaded again while the others go on.
class LoadedApartTest extends ApartHistories {
    private static final String SERIAL = " add column c int(32) not null serial";
    private static final String NEEDED = " add column needed int(32) not null serial";

    @Test
    void theOthersGoOnWhileATableIsLoadedAgain() {
        tables("table.errors", "stop");
        passage.start();
        passage.drive(passage::follows);

        passage.source.execute("alter table shop.t" + SERIAL);
        passage.insert(passage.source, "other", "5", "5");
        update("other", row(2, 7), row(2, 8));
        driveOthers(() -> passage.copied("other").equals(rows("other")));

        assertThat(mark().isApart()).isTrue();
        assertThat(mark().isLoading()).isTrue();
        assertThat(passage.pipeline().notices())
                .anySatisfy(notice ->
                        assertThat(notice)
                                .contains("shop.t is loaded again while the others go on"));
        requireEnd();
    }

    @Test
    void whatWasLeftOutMeanwhileIsWrittenOnce() {
        eachReplyLost(lose -> {
            tables("table.errors", "stop");
            passage.start();
            passage.drive(passage::follows);
            passage.source.execute("alter table shop.t" + SERIAL);
            passage.drive(this::hasChunk);
            for (var id = 5; id <= 8; id++) {
                passage.insert(passage.source, "t", "" + id, "5", "1");
                passage.insert(passage.source, "other", "" + id, "5");
            }
            driveOthers(() -> passage.copied("other").equals(rows("other")));
            lose.run();
            requireEnd();
        });
    }

    /// Nobody can tell whether a change of such a table was written before.
    @Test
    void soIsWhatWasLeftOutOfATableWithoutAKey() {
        eachReplyLost(lose -> {
            tables("table.errors", "stop");
            passage.source.execute("create table shop.loose (a int(16))");
            passage.insert(passage.source, "loose", "1");
            passage.start();
            passage.drive(passage::follows);
            passage.source.execute("alter table shop.loose" + SERIAL);
            passage.drive(() -> {
                var loose = marks().table(shop("loose")).orElseThrow();
                return loose.isApart() && loose.isAdmitted();
            });
            passage.insert(passage.source, "loose", "1", "1");
            passage.insert(passage.source, "loose", "1", "1");
            lose.run();
            passage.insert(passage.source, "loose", "1", "1");
            passage.drive(passage::follows);

            assertThat(passage.copied("loose")).isEqualTo(rows("loose")).hasSize(4);
        });
    }

    @Test
    void aSchemaChangeOfTheTableWaitsUntilItIsLoaded() {
        tables("table.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        passage.source.execute("alter table shop.t" + SERIAL);
        driveOthers(() -> mark().isApart());

        passage.source.execute("alter table shop.t add column d int(16)");
        passage.insert(passage.source, "other", "5", "5");
        driveOthers(200);
        assertThat(passage.copied("other")).hasSize(4);
        assertThat(passage.loop(Apply.LANE).step()).as("it waits").isEqualTo(Loop.Outcome.IDLE);
        passage.drive(passage::follows);
        assertThat(passage.copied("other")).isEqualTo(rows("other"));

        passage.source.execute("alter table shop.t" + SERIAL.replace("c ", "e "));
        driveOthers(() -> mark().isApart());
        passage.source.execute("drop table shop.t");
        passage.insert(passage.source, "other", "6", "6");
        passage.drive(passage::follows);
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
        assertThat(passage.stands("t")).isFalse();
    }

    @Test
    void aChangeThatFailsThereIsToldWithItsTransactionAndCanBeLeftOut() {
        eachReplyLost(lose -> {
            tables("table.errors", "stop");
            passage.source.execute("create table shop.loose (a int(16))");
            passage.insert(passage.source, "loose", "1");
            passage.start();
            passage.drive(passage::follows);
            passage.source.execute("alter table shop.loose" + SERIAL);
            passage.drive(() -> {
                var marks = marks();
                var loose = marks.table(shop("loose")).orElseThrow();
                return loose.isApart() && !marks.chunks(loose).isEmpty();
            });
            delete(passage.source, "loose", row(1, 1));
            var id = lastTransaction();
            update("other", row(2, 7), row(2, 8));
            driveOthers(() -> passage.copied("other").equals(rows("other")));
            delete(passage.target, "loose", row(1, 1));

            assertThatThrownBy(() -> passage.drive(passage::follows))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("delete of a row of shop.loose in transaction " + id);
            order(_ -> SkipOrder.of(id, "me", "now", "it is gone").entry());
            passage.start();
            lose.run();
            passage.drive(passage::follows);

            assertThat(passage.copied("loose")).isEqualTo(rows("loose")).isEmpty();
            assertThat(marks().skips())
                    .singleElement()
                    .satisfies(order -> {
                        assertThat(order.state()).isEqualTo(SkipOrder.State.DONE);
                        assertThat(order.outcome()).isEqualTo("1 changes of shop.loose");
                    });
        });
    }

    @Test
    void aValueThatCannotBeTranslatedThereIsLeftOutWithItsTransaction() {
        tables("table.errors", "stop");
        choose(Settings.LOAD_CHUNK_ROWS.name(), "10");
        passage.targetDialect = RefusesNines::new;
        passage.parts = EnumSet.of(Part.SCHEMA, Part.FULL, Part.INCREMENTAL);
        passage.start();
        passage.drive(passage::follows);
        passage.source.execute("alter table shop.t" + SERIAL);
        passage.drive(this::hasChunk);
        update("t", Row.ofText("2", "7", "2"), Row.ofText("2", "9", "2"));
        var id = lastTransaction();
        update("other", row(2, 7), row(2, 8));
        while (!passage.copied("other").equals(rows("other"))) {
            stepThoseOfTheLog();
        }

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("it was met in transaction " + id);
        order(_ -> SkipOrder.of(id, "me", "now", "a nine").entry());
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("t")).contains(Row.ofText("2", "7", "2"));
        assertThat(mark().isApart()).isFalse();
        assertThat(marks().skips())
                .singleElement()
                .satisfies(order -> {
                    assertThat(order.state()).isEqualTo(SkipOrder.State.DONE);
                    assertThat(order.outcome()).isEqualTo("1 changes of shop.t");
                });
    }

    @Test
    void aRowThatFailsThereIsRecordedAndTheTableJoinsTheOthers() {
        eachReplyLost(lose -> {
            tables("apply.row.errors", "record");
            leaveOutWhatTheTargetRefuses();
            lose.run();
            passage.drive(passage::follows);

            assertThat(mark().isApart()).isFalse();
            assertThat(passage.copied("other")).isEqualTo(rows("other"));
            assertThat(marks().rowErrors())
                    .extracting(
                            RowError::table, RowError::kind, RowError::keyShown, RowError::times)
                    .containsExactlyInAnyOrder(
                            tuple(shop("t"), RowError.Kind.UPDATE, "id '2'", 2L),
                            tuple(shop("t"), RowError.Kind.INSERT, "id '5'", 1L));

            passage.target.execute("alter table copy.t drop column needed");
            update("t", Row.ofText("3", "7", "3"), Row.ofText("3", "8", "3"));
            passage.drive(passage::follows);
            assertThat(passage.copied("t"))
                    .containsExactly(
                            Row.ofText("1", "7", "1"),
                            Row.ofText("2", "7", "2"),
                            Row.ofText("3", "8", "3"));

            retry(Set.of());
            assertThat(marks().rowErrors()).isEmpty();
            assertThat(passage.copied("t")).isEqualTo(rows("t"));
        });
    }

    @Test
    void soManyRowsAndNoMoreAreRecordedThereAndTheTableWaits() {
        tables("apply.row.errors", "record");
        choose(ErrorSettings.APPLY_ROW_ERRORS_LIMIT.name(), "1");
        leaveOutWhatTheTargetRefuses();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.ROW_ERRORS));
        passage.close();
        assertThat(marks().rowErrors()).isEmpty();
        assertThat(mark().isApart()).isTrue();

        passage.target.execute("alter table copy.t drop column needed");
        passage.start();
        passage.drive(passage::follows);
        assertThat(marks().rowErrors()).isEmpty();
        assertThat(passage.copied("t")).isEqualTo(rows("t"));
    }

    /// Behind the only chunk of `t` the target gets a column that nobody gives a value. Of what
    /// apply then leaves out it takes a delete, and refuses two rows, one of them twice.
    private void leaveOutWhatTheTargetRefuses() {
        choose(Settings.LOAD_CHUNK_ROWS.name(), "10");
        passage.start();
        passage.drive(passage::follows);
        passage.source.execute("alter table shop.t" + SERIAL);
        passage.drive(this::hasChunk);
        passage.target.execute("alter table copy.t" + NEEDED);

        update("t", Row.ofText("2", "7", "2"), Row.ofText("2", "8", "2"));
        var transaction = passage.source.begin();
        transaction.update(shop("t"), Row.ofText("2", "8", "2"), Row.ofText("2", "9", "2"));
        transaction.delete(shop("t"), Row.ofText("4", "7", "4"));
        transaction.insert(shop("t"), Row.ofText("5", "5", "5"));
        transaction.update(shop("other"), row(2, 7), row(2, 8));
        transaction.commit();
        while (!passage.copied("other").equals(rows("other"))) {
            stepThoseOfTheLog();
        }
        assertThat(mark().isApart() && mark().isLoading()).as("it waits for its keys").isTrue();
    }

    @Test
    void theLogIsKeptForIt() {
        bulky();
        loadFirstChunk();
        change("1");

        for (var id = 100; id < 140; id++) {
            passage.insert(passage.source, "other", "" + id, "x".repeat(40_000));
            driveOthers(20);
            passage.sleep(Duration.ofMinutes(1));
        }
        driveOthers(() -> passage.copied("other").equals(rows("other")));
        assertThat(mark().isApart()).isTrue();

        passage.drive(passage::follows);
        assertThat(passage.copied("t")).isEqualTo(rows("t"));
    }

    @Test
    void aVoidLoadNeedsTheLogFromItsAdmissionOnly() {
        bulky();
        passage.source.execute("alter table shop.t" + SERIAL);
        while (marks().table(shop("t")).filter(TableMark::isApart).isEmpty()) {
            stepThoseOfTheLog();
        }
        for (var id = 100; id < 110; id++) { // between where it went apart and its admission
            passage.insert(passage.source, "other", "" + id, "x".repeat(40_000));
            stepThoseOfTheLog();
        }
        passage.drive(this::hasChunk);
        for (var id = 110; id < 120; id++) {
            passage.insert(passage.source, "other", "" + id, "x".repeat(40_000));
            driveOthers(20);
            passage.sleep(Duration.ofMinutes(1));
        }
        var generation = mark().generation();

        passage.source.execute("alter table shop.t add column d int(16)");
        passage.drive(passage::follows);

        assertThat(mark().generation()).isGreaterThan(generation);
        assertThat(passage.copied("t")).isEqualTo(rows("t"));
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
    }

    /// Capture and apply.
    private void stepThoseOfTheLog() {
        for (var round = 0; round < 20; round++) {
            for (var loop : passage.loops()) {
                if (loop.name().equals("capture") || loop.name().startsWith(Apply.LANES)) {
                    passage.step(loop);
                }
            }
        }
    }

    @Test
    void whereTheLogWasLostTheLoadBeginsAnew() {
        bulky();
        loadFirstChunk();
        change("1");
        passage.insert(passage.source, "other", "100", "x");
        driveOthers(() -> passage.copied("other").equals(rows("other")));
        var generation = mark().generation();

        passage.move();
        passage.start();
        passage.drive(passage::follows);

        assertThat(mark().generation()).isEqualTo(generation + 1);
        assertThat(passage.copied("t")).isEqualTo(rows("t"));
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
    }

    private void bulky() {
        passage.settings =
                Settings.defaults()
                        .with(Settings.LOAD_WORKERS, "1")
                        .with(Settings.LOAD_CHUNK_ROWS, "1")
                        .with(Settings.CHANGELOG_SEGMENT_BYTES, "64KiB")
                        .with(Settings.CHANGELOG_RETENTION, "0s")
                        .with(Settings.CHANGELOG_COMPRESS, "false");
        for (var table : new String[] {"t", "other"}) {
            passage.source.execute(
                    "create table shop."
                            + table
                            + " (id int(32) not null, v text(65000), primary (id))");
            passage.insert(passage.source, table, "1", "a");
            passage.insert(passage.source, table, "2", "a");
        }
        passage.start();
        passage.drive(passage::follows);
    }

    private void loadFirstChunk() {
        passage.source.execute("alter table shop.t" + SERIAL);
        passage.drive(this::hasChunk);
        assertThat(mark().isLoading()).isTrue();
    }

    private void change(String id) {
        var transaction = passage.source.begin();
        var before =
                rows("t").stream()
                        .filter(row -> row.shown(0).equals("'" + id + "'"))
                        .findFirst()
                        .orElseThrow();
        transaction.delete(shop("t"), before);
        transaction.commit();
    }

    private boolean hasChunk() {
        var marks = marks();
        return marks.table(shop("t")).filter(mark -> !marks.chunks(mark).isEmpty()).isPresent()
                && mark().isApart();
    }

    private TableMark mark() {
        return marks().table(shop("t")).orElseThrow();
    }

    private void requireEnd() {
        passage.drive(passage::follows);
        update("other", row(1, 7), row(1, 9));
        passage.insert(passage.source, "t", "9", "9", "9");
        passage.drive(passage::follows);
        assertThat(passage.copied("t")).isEqualTo(rows("t"));
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
        assertThat(mark().isApart()).isFalse();
    }

    /// Everybody works but those who load.
    private void driveOthers(BooleanSupplier done) {
        for (var rounds = 0; !done.getAsBoolean(); rounds++) {
            assertThat(rounds).as("rounds").isLessThan(5_000);
            driveOthers(1);
        }
    }

    private void driveOthers(int rounds) {
        for (var round = 0; round < rounds; round++) {
            passage.step(passage.pipeline());
            for (var loop : passage.loops()) {
                if (!loop.name().startsWith("load-")) {
                    passage.step(loop);
                }
            }
        }
    }
}
