package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.Key;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Conditions on the row key of one table. Rows hold the key's values, in the key's order.
///
/// A comparison of several columns is written out with OR, because servers find no range in `(a, b)
/// > (1, 2)`. Literals have the column's own character set and leave the collation to the column,
/// > so that the index is used.
final class MySqlKeys {
    private final Key key;
    private final List<Column> columns;

    private MySqlKeys(Key key, List<Column> columns) {
        this.key = key;
        this.columns = columns;
    }

    static MySqlKeys of(Table table) {
        var key =
                table.rowKey()
                        .orElseThrow(() -> new IllegalStateException(table.name() + " has no key"));
        var carried = table.carried();
        var columns = new ArrayList<Column>();
        for (var index : table.rowKeyIndexes()) {
            columns.add(carried.get(index));
        }
        return new MySqlKeys(key, List.copyOf(columns));
    }

    List<Column> columns() {
        return columns;
    }

    String columnList() {
        return MySqlSql.quoteAll(columns.stream().map(Column::name).toList());
    }

    /// The table with the key's index forced: a range that is read in key order from another index
    /// would be sorted on disk first.
    String forced(Table table) {
        return MySqlSql.quote(table.name()) + " FORCE INDEX (" + MySqlSql.quote(key.name()) + ")";
    }

    /// `a = 1 AND b = 2`.
    String equal(Row row) {
        return prefix(row, columns.size() - 1) + compare(columns.size() - 1, "=", row);
    }

    /// The column by which keys of the same prefix differ.
    Column last() {
        return columns.getLast();
    }

    /// The same in groups whose keys differ in the last column only.
    <T> List<List<T>> byPrefix(List<T> keyed, Function<T, Row> key) {
        if (columns.size() == 1) {
            return List.of(keyed);
        }
        var places = IntStream.range(0, columns.size() - 1).toArray();
        var groups = new LinkedHashMap<Row, List<T>>();
        for (var one : keyed) {
            var prefix = key.apply(one).project(places);
            groups.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(one);
        }
        return List.copyOf(groups.values());
    }

    /// One of these keys: `a = 1 AND b IN (2, 3) OR a = 4 AND b IN (5)`.
    String anyOf(List<Row> rows) {
        return byPrefix(rows, Function.identity()).stream()
                .map(this::lastOf)
                .collect(Collectors.joining(" OR "));
    }

    /// All columns but the last one, of a key of several: `a = 1 AND b = 2`.
    String equalPrefix(Row row) {
        var last = columns.size() - 2;
        return prefix(row, last) + compare(last, "=", row);
    }

    /// One of these keys, which differ in the last column only.
    private String lastOf(List<Row> rows) {
        var place = columns.size() - 1;
        return prefix(rows.getFirst(), place)
                + MySqlSql.quote(last().name())
                + rows.stream()
                        .map(row -> literal(place, row))
                        .collect(Collectors.joining(", ", " IN (", ")"));
    }

    /// What must be true of a key inside a range; nothing for the range of all keys.
    List<String> inside(KeyRange range) {
        var conditions = new ArrayList<String>();
        range.after().ifPresent(after -> conditions.add(above(after)));
        range.upTo().ifPresent(upTo -> conditions.add(notAbove(upTo)));
        return conditions;
    }

    /// `(a > 1 OR a = 1 AND b > 2)`.
    private String above(Row row) {
        return expanded(row, ">", ">");
    }

    /// `(a < 1 OR a = 1 AND b <= 2)`.
    private String notAbove(Row row) {
        return expanded(row, "<", "<=");
    }

    private String expanded(Row row, String operator, String lastOperator) {
        var alternatives = new ArrayList<String>();
        for (var i = 0; i < columns.size(); i++) {
            alternatives.add(
                    prefix(row, i)
                            + compare(i, i == columns.size() - 1 ? lastOperator : operator, row));
        }
        return alternatives.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String prefix(Row row, int columnCount) {
        var text = new StringBuilder();
        for (var i = 0; i < columnCount; i++) {
            text.append(compare(i, "=", row)).append(" AND ");
        }
        return text.toString();
    }

    private String compare(int column, String operator, Row row) {
        return MySqlSql.quote(columns.get(column).name())
                + " "
                + operator
                + " "
                + literal(column, row);
    }

    private String literal(int column, Row row) {
        return MySqlLiterals.key(columns.get(column).type(), row.bytes(column));
    }
}
