package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.filter.ColumnChoice;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Columns that move by choice, where definitions and names change.
class ChosenColumnsTest {
    private final Passage passage = new Passage();

    @BeforeEach
    void aTableOfWhichSomeColumnsMove() {
        passage.columns =
                name ->
                        Optional.of(ColumnChoice.parse("*, -secret, a=b"))
                                .filter(_ -> name.table().startsWith("t"));
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), secret int(16), primary (id))");
        passage.insert(passage.source, "t", "1", "7", "70");
        passage.start();
        passage.drive(passage::follows);
        assertThat(passage.copied("t")).containsExactly(Row.ofText("1", "7"));
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void changesFollowUnderTheNewName() {
        passage.insert(passage.source, "t", "2", "8", "80");
        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(Row.ofText("1", "7"), Row.ofText("2", "8"));
    }

    @Test
    void aColumnThatStaysMayGo() {
        passage.source.execute("alter table shop.t drop column secret");
        passage.insert(passage.source, "t", "2", "8");
        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(Row.ofText("1", "7"), Row.ofText("2", "8"));
    }

    /// Whatever took its values along may be a column that moves.
    @Test
    void nothingIsLoadedAgainWhileAColumnThatStaysIsGone() {
        passage.source.execute("alter table shop.t drop column secret");
        passage.source.execute("alter table shop.t add column moved int(16) default 70");

        var problem =
                catchThrowableOfType(ProblemException.class, () -> passage.drive(passage::follows));

        assertThat(problem.code()).isEqualTo(ProblemCode.COLUMN_CHOICE);
        assertThat(problem.problem().why()).contains("no column secret any more");
    }

    @Test
    void anotherNameOfTheTableMovesNothingThatWasToStay() {
        passage.source.execute("rename table shop.t to shop.old");
        passage.insert(passage.source, "old", "2", "8", "80");

        var problem =
                catchThrowableOfType(ProblemException.class, () -> passage.drive(passage::follows));

        assertThat(problem.code()).isEqualTo(ProblemCode.COLUMN_CHOICE);
        assertThat(problem.problem().what()).contains("shop.t became shop.old");
    }
}
