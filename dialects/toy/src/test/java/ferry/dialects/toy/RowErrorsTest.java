package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ferry.engine.checkpoint.RowError;
import ferry.engine.config.ErrorSettings;
import ferry.engine.config.Settings;
import ferry.engine.model.Row;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Changes that failed: recorded, and settled.
class RowErrorsTest extends ApartHistories {
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
}
