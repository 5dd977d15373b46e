package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.List;
import java.util.stream.IntStream;

/// The empty text that is no member of its ENUM: what a server without strict mode made of a value
/// that it refused (number 0). A strict session cannot write it, and a session that is not strict
/// may change other values without a word (the OceanBase kernel warns of nothing). So such a row is
/// first written with a member in its place, strictly, and then that one column is set to 0.
///
/// Where a column takes part in a unique key, the member in its place could meet another row: there
/// the value is refused.
final class OddMembers {
    private final List<Column> columns;
    private final int[] places;

    private OddMembers(List<Column> columns, int[] places) {
        this.columns = columns;
        this.places = places;
    }

    static OddMembers of(Table table) {
        var columns = table.carried();
        return new OddMembers(
                columns,
                IntStream.range(0, columns.size())
                        .filter(i -> canBeOdd(columns.get(i)) && !isUnique(table, columns.get(i)))
                        .toArray());
    }

    private static boolean canBeOdd(Column column) {
        return column.type() instanceof DataType.Enumeration(var members, _, _)
                && !members.contains("");
    }

    private static boolean isUnique(Table table, Column column) {
        return table.keys().stream()
                .filter(key -> key.kind().unique())
                .flatMap(key -> key.parts().stream())
                .map(Key.Part::column)
                .anyMatch(column.name()::equalsIgnoreCase);
    }

    boolean in(Row row) {
        for (var place : places) {
            if (isOdd(row, place)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOdd(Row row, int place) {
        return row.isPresent(place) && row.length(place) == 0;
    }

    /// The row with the first member in the place of each odd one.
    Row replaced(Row row) {
        var built = new Row.Builder(row.size());
        var next = 0;
        for (var i = 0; i < row.size(); i++) {
            var mine = next < places.length && places[next] == i;
            next += mine ? 1 : 0;
            if (mine
                    && isOdd(row, i)
                    && columns.get(i).type()
                            instanceof DataType.Enumeration(var members, var charset, _)) {
                built.add(MySqlCharsets.encode(members.getFirst(), charset));
            } else {
                built.add(row, i);
            }
        }
        return built.build();
    }
}
