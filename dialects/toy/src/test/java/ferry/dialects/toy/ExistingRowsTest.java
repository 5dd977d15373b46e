package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.model.Row;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rows that were in the target before, and stay.
class ExistingRowsTest extends ApartHistories {
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
}
