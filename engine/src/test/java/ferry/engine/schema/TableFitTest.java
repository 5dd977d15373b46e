package ferry.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.schema.TableFit.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TableFitTest {
    private static final Column ID = column("id", new DataType.Int(32, false), false);
    private static final Column V = column("v", text(20, "ci"), true);
    private static final Table WANTED = table(List.of(ID, V), Key.primary("id"));

    private static Column column(String name, DataType type, boolean nullable) {
        return Column.of(name, type, type.toString(), nullable);
    }

    private static DataType text(long length, String collation) {
        return new DataType.Text("utf8mb4", "utf8mb4_" + collation, length, false);
    }

    private static Table table(List<Column> columns, Key... keys) {
        return Table.of(new TableName("shop", "t"), columns, List.of(keys));
    }

    @Test
    void theSameTableIsTheSame() {
        assertThat(TableFit.of(WANTED, WANTED)).isEqualTo(new TableFit(Verdict.SAME, List.of()));
    }

    @Test
    void theGravestDifferenceDecidesAndComesFirst() {
        var existing =
                table(
                        List.of(
                                ID,
                                column("more", text(9, "ci"), true),
                                column("v", text(10, "ci"), true)),
                        Key.primary("id"));

        var fit = TableFit.of(WANTED, existing);

        assertThat(fit.verdict()).isEqualTo(Verdict.NARROWER);
        assertThat(fit.differences()).hasSize(2);
        assertThat(fit.differences().getFirst()).startsWith("column v is");
        assertThat(fit.differences().getLast()).isEqualTo("column more is not of the source");
    }

    static Stream<Arguments> tables() {
        var more = column("more", text(9, "ci"), true);
        var needed = column("more", text(9, "ci"), false);
        return Stream.of(
                Arguments.of(table(List.of(ID), Key.primary("id")), Verdict.NARROWER),
                Arguments.of(table(List.of(ID, V, more), Key.primary("id")), Verdict.WIDER),
                Arguments.of(table(List.of(ID, V, needed), Key.primary("id")), Verdict.NARROWER),
                Arguments.of(table(List.of(ID, V)), Verdict.DIFFERENT),
                Arguments.of(
                        table(List.of(ID, V), Key.primary("id"), Key.unique("u", "v")),
                        Verdict.NARROWER),
                Arguments.of(
                        table(List.of(ID, column("v", text(20, "ci"), false)), Key.primary("id")),
                        Verdict.NARROWER));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void whatATableMeansForRows(Table existing, Verdict verdict) {
        assertThat(TableFit.of(WANTED, existing).verdict()).isEqualTo(verdict);
    }

    static Stream<Arguments> types() {
        var members = new DataType.Enumeration(List.of("a", "b"), "utf8mb4", "c");
        return Stream.of(
                Arguments.of(integer(32, false), integer(64, false), Verdict.WIDER),
                Arguments.of(integer(32, false), integer(64, true), Verdict.NARROWER),
                Arguments.of(integer(32, true), integer(64, false), Verdict.WIDER),
                Arguments.of(integer(32, true), integer(32, false), Verdict.NARROWER),
                Arguments.of(decimal(10, 2), decimal(12, 4), Verdict.WIDER),
                Arguments.of(decimal(10, 2), decimal(10, 4), Verdict.NARROWER),
                Arguments.of(text(20, "ci"), text(20, "bin"), Verdict.DIFFERENT),
                Arguments.of(text(20, "ci"), text(30, "ci"), Verdict.WIDER),
                Arguments.of(
                        text(20, "ci"),
                        new DataType.Text("latin1", "latin1_bin", 20, false),
                        Verdict.NARROWER),
                Arguments.of(members, enumeration("a", "b", "c"), Verdict.WIDER),
                Arguments.of(members, enumeration("b", "a"), Verdict.DIFFERENT),
                Arguments.of(members, enumeration("a"), Verdict.NARROWER),
                Arguments.of(new DataType.DateTime(3), new DataType.DateTime(0), Verdict.NARROWER),
                Arguments.of(integer(32, false), text(20, "ci"), Verdict.NARROWER));
    }

    private static DataType enumeration(String... members) {
        return new DataType.Enumeration(List.of(members), "utf8mb4", "c");
    }

    private static DataType integer(int bits, boolean unsigned) {
        return new DataType.Int(bits, unsigned);
    }

    private static DataType decimal(int precision, int scale) {
        return new DataType.Decimal(precision, scale, false);
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatATypeMeansForValuesOfAnother(DataType wanted, DataType existing, Verdict verdict) {
        assertThat(TypeFit.of(wanted, existing)).isEqualTo(verdict);
    }
}
