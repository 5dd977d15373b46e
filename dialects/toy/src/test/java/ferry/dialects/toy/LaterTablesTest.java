package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.ErrorSettings;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tables that come when the project is on its way, and find their place in the target taken. The
/// tables of all databases go to one.
class LaterTablesTest {
    private static final TableName OTHER = new TableName("other", "t");
    private static final String CREATE_OTHER =
            "create table other.t (id int(32) not null, primary (id))";

    private final Passage passage = new Passage();

    @BeforeEach
    void aTableThatIsFollowed() {
        passage.selects = _ -> true;
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        passage.start();
        passage.drive(passage::follows);
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void aLaterTableDoesNotTakeTheEmptyTargetOfAnother() {
        passage.source.execute(CREATE_OTHER);
        insertOther("7");

        assertThatStopped(() -> passage.drive(passage::follows), "shop.t is that table already");
        assertThat(passage.copied("t")).isEmpty();

        passage.start();
        assertThatStopped(() -> passage.drive(passage::follows), "shop.t is that table already");
        assertThat(passage.copied("t")).isEmpty();
    }

    @Test
    void aTableThatWasSetAsideForItIsNotInTheWayOfTheOther() {
        passage.close();
        passage.settings = passage.settings.with(ErrorSettings.TABLE_ERRORS, "aside");
        passage.start();
        passage.source.execute(CREATE_OTHER);
        passage.drive(passage::follows);
        assertThat(passage.pipeline().tablesAside()).isTrue();

        passage.source.execute("drop table shop.t");
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        passage.insert(passage.source, "t", "1");
        passage.drive(passage::follows);

        assertThat(passage.copied("t")).containsExactly(Row.ofText("1"));
    }

    @Test
    void aLaterTableWaitsUntilTheOneBeforeItIsGone() {
        passage.source.execute(CREATE_OTHER);
        insertOther("7");
        passage.source.execute("drop table shop.t");

        passage.drive(passage::follows);

        assertThat(passage.copied("t")).containsExactly(Row.ofText("7"));
    }

    @Test
    void aLaterTableTakesThePlaceOfOneThatIsGone() {
        passage.source.execute("drop table shop.t");
        passage.source.execute(CREATE_OTHER);
        insertOther("7");

        passage.drive(passage::follows);

        assertThat(passage.copied("t")).containsExactly(Row.ofText("7"));
    }

    @Test
    void aTableKeepsItsPlaceUnderAnotherName() {
        passage.insert(passage.source, "t", "1");
        passage.source.execute("rename table shop.t to other.t");
        insertOther("7");

        passage.drive(passage::follows);

        assertThat(passage.copied("t")).containsExactly(Row.ofText("1"), Row.ofText("7"));
    }

    @Test
    void aLaterTableDoesNotLoseTheValuesOfAColumnThatItsTargetLacks() {
        passage.target.execute("create table copy.late (id int(32) not null, primary (id))");
        passage.source.execute(
                "create table shop.late (id int(32) not null, a int(16), primary (id))");
        passage.insert(passage.source, "late", "1", "5");

        assertThatStopped(() -> passage.drive(passage::follows), "copy.late", "lacks columns", "a");
        assertThat(passage.copied("late")).isEmpty();

        passage.target.execute("drop table copy.late");
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("late")).containsExactly(Row.ofText("1", "5"));
    }

    private static void assertThatStopped(ThrowingCallable work, String... told) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ProblemCode.SCHEMA_OBJECT);
                            assertThat(e.problem().toString()).contains(told);
                        });
    }

    private void insertOther(String... values) {
        var transaction = passage.source.begin(false);
        transaction.insert(OTHER, Row.ofText(values));
        transaction.commit();
    }
}
