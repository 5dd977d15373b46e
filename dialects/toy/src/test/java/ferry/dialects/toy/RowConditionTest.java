package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.model.Row;
import ferry.engine.precheck.Precheck;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Conditions that rows must meet, where definitions change and processes come back.
class RowConditionTest {
    private final Passage passage = new Passage();

    @BeforeEach
    void aTableOfWhichSomeRowsMove() {
        passage.where = Optional.of("a > 7");
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        passage.insert(passage.source, "t", "1", "7");
        passage.insert(passage.source, "t", "2", "8");
        passage.start();
        passage.drive(passage::follows);
        assertThat(passage.copied("t")).containsExactly(Row.ofText("2", "8"));
    }

    @AfterEach
    void end() {
        passage.close();
    }

    /// The table was never without its column for long, but what the values were nobody knows.
    @Test
    void aTableIsLoadedAgainWhenTheColumnComesBack() {
        passage.source.execute("alter table shop.t drop column a");
        passage.insert(passage.source, "t", "3");
        passage.source.execute("alter table shop.t add column a int(16) default 9");
        passage.insert(passage.source, "t", "4", "1");

        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(
                        Row.ofText("1", "9"), Row.ofText("2", "9"), Row.ofText("3", "9"));
    }

    @Test
    void aColumnThatIsGoneIsAProblemOfItsTable() {
        passage.source.execute("alter table shop.t drop column a");
        passage.insert(passage.source, "t", "3");

        var problem =
                catchThrowableOfType(ProblemException.class, () -> passage.drive(passage::follows));

        assertThat(problem.code()).isEqualTo(ProblemCode.ROW_CONDITION);
        assertThat(problem.table()).contains(passage.name(passage.source, "t"));
        assertThat(problem).hasMessageContaining("'a' is no column of shop.t");
    }

    /// And with it what is told of the rules that came later.
    @Test
    void aProjectKeepsTheConditionWithWhichItBegan() {
        passage.where = Optional.of("a > 100");
        var findings = new Precheck(passage.ends(), passage::select, true, true).run();
        assertThat(findings)
                .filteredOn(finding -> finding.item().equals("DB_ROW_CONDITION"))
                .extracting(finding -> finding.what())
                .containsExactly(
                        "objects.where says now that rows of shop.t move where a > 100, but this project began with: a > 7");

        passage.start();
        passage.insert(passage.source, "t", "3", "8");
        passage.insert(passage.source, "t", "4", "6");
        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(Row.ofText("2", "8"), Row.ofText("3", "8"));
    }
}
