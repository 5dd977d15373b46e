package ferry.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TextDecoder;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RowFilterTest {
    private static final TableName NAME = new TableName("shop", "t");
    private static final Table TABLE =
            Table.of(
                    NAME,
                    List.of(
                            Column.of("id", new DataType.Int(32, false), "int", false),
                            Column.of("v", new DataType.Int(32, false), "int", true),
                            Column.of(
                                    "w",
                                    new DataType.Text("utf8mb4", "utf8mb4_bin", 40, false),
                                    "varchar(10)",
                                    true)),
                    List.of(Key.primary("id")));
    private static final Row IN = Row.ofText("1", "5", "a");
    private static final Row ALSO_IN = Row.ofText("1", "6", "a");
    private static final Row OUT = Row.ofText("1", "-5", "a");
    private static final Row UNKNOWN = Row.ofText("1", null, "a");

    @Test
    void anUpdateOverTheBorderIsAnInsertOrADelete() {
        assertThat(
                        moved(
                                new Change.Insert(IN),
                                new Change.Insert(OUT),
                                new Change.Update(IN, ALSO_IN),
                                new Change.Update(OUT, IN),
                                new Change.Update(IN, UNKNOWN),
                                new Change.Update(OUT, UNKNOWN),
                                new Change.Delete(UNKNOWN),
                                new Change.Delete(IN)))
                .containsExactly(
                        new Change.Insert(IN),
                        new Change.Update(IN, ALSO_IN),
                        new Change.Insert(IN),
                        new Change.Delete(IN),
                        new Change.Delete(IN));
    }

    @Test
    void withoutAConditionEverythingMoves() {
        var changes = List.<Change>of(new Change.Insert(OUT));
        var all = LoggedTable.of(TableMapping.of(NAME, NAME), TABLE, TextDecoder.UTF_8);

        assertThat(all.moved(changes)).isSameAs(changes);
    }

    @Test
    void aTextThatIsNoneDecidesNothing() {
        var broken = Row.of("1".getBytes(), "1".getBytes(), new byte[] {(byte) 0xff});

        var problem =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> changes("w = 'a'").moved(List.of(new Change.Insert(broken))));

        assertThat(problem.code()).isEqualTo(ProblemCode.ROW_CONDITION);
        assertThat(problem.table()).contains(NAME);
        assertThat(problem.problem().why()).contains("column w");
    }

    @Test
    void aConditionThatDoesNotFitIsAProblemOfItsTable() {
        var problem = catchThrowableOfType(ProblemException.class, () -> changes("x > 1"));

        assertThat(problem.code()).isEqualTo(ProblemCode.ROW_CONDITION);
        assertThat(problem.problem().why()).contains("'x' is no column of shop.t");
    }

    private static List<Change> moved(Change... changes) {
        return changes("v > 0").moved(List.of(changes));
    }

    private static LoggedTable changes(String where) {
        return LoggedTable.of(
                new TableMapping(NAME, NAME, Optional.of(where), Optional.empty()),
                TABLE,
                TextDecoder.UTF_8);
    }
}
