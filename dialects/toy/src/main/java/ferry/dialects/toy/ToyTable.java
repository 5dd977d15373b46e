package ferry.dialects.toy;

import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One table's rows, those of open transactions included, by a hidden number, and its unique
/// indexes. Every change of rows goes through [#put] and [#remove]; the owner of locks and undo is
/// [ToyTransaction].
final class ToyTable {
    final long id;
    private Table definition;
    private final List<Key> uniqueKeys;
    private long nextRow;
    private final TreeMap<Long, Row> rows = new TreeMap<>();
    private List<Row> inOrder; // null while it must be sorted again
    private final Map<String, Map<Row, Long>> indexes =
            new HashMap<>(); // by key name, then by normal form

    ToyTable(long id, Table definition) {
        this.id = id;
        this.definition = definition;
        this.uniqueKeys = definition.keys().stream().filter(key -> key.kind().unique()).toList();
        uniqueKeys().forEach(key -> indexes.put(key.name(), new HashMap<>()));
    }

    Table definition() {
        return definition;
    }

    List<Key> uniqueKeys() {
        return uniqueKeys;
    }

    long newRow() {
        return nextRow++;
    }

    Optional<Row> row(long number) {
        return Optional.ofNullable(rows.get(number));
    }

    /// All rows by number, to look at.
    SortedMap<Long, Row> rows() {
        return Collections.unmodifiableSortedMap(rows);
    }

    /// The same in the order of the row key, or in the order of insertion.
    List<Row> inOrder() {
        if (inOrder == null) {
            inOrder = sorted(definition, rows);
        }
        return inOrder;
    }

    TreeMap<Long, Row> copy() {
        return new TreeMap<>(rows);
    }

    /// The row that has these values in a unique key.
    Optional<Long> find(Key key, Row normal) {
        return Optional.ofNullable(indexes.get(key.name()).get(normal));
    }

    /// The first row that is equal byte by byte.
    Optional<Long> findEqual(Row row) {
        for (var entry : rows.entrySet()) {
            if (entry.getValue().equals(row)) {
                return Optional.of(entry.getKey());
            }
        }
        return Optional.empty();
    }

    /// The row with the row key of `row`; without a row key the row that is equal.
    Optional<Long> findRow(Row row) {
        var key = definition.rowKey();
        return key.isPresent()
                ? find(key.get(), Toy.normal(definition, key.get(), row))
                : findEqual(row);
    }

    /// Puts a row in place of the one with this number; throws ROW_EXISTS if another row has one of
    /// its unique keys.
    void put(long number, Row row) {
        for (var key : uniqueKeys()) {
            var normal = Toy.normal(definition, key, row);
            var other = Toy.complete(normal) ? indexes.get(key.name()).get(normal) : null;
            if (other != null && other != number) {
                throw Toy.problem(
                        ProblemCode.ROW_EXISTS,
                        "a row of " + definition.name() + " exists",
                        "another row has its values in key " + key.name());
            }
        }
        remove(number);
        inOrder = null;
        rows.put(number, row);
        for (var key : uniqueKeys()) {
            var normal = Toy.normal(definition, key, row);
            if (Toy.complete(normal)) {
                indexes.get(key.name()).put(normal, number);
            }
        }
    }

    void remove(long number) {
        var row = rows.remove(number);
        if (row != null) {
            inOrder = null;
            for (var key : uniqueKeys) {
                indexes.get(key.name()).remove(Toy.normal(definition, key, row), number);
            }
        }
    }

    /// Gives the table another definition and its rows the columns of it; throws and changes
    /// nothing if a row does not fit.
    ToyTable altered(long newId, Table after) {
        var result = new ToyTable(newId, after);
        for (var row : rows.values()) {
            var number = result.newRow();
            var built = new Row.Builder(after.carried().size());
            for (var column : after.carried()) {
                var index = definition.indexOf(column.name());
                if (index >= 0) {
                    built.add(row, index);
                } else if (column.autoIncrement()) {
                    // As a real server: in the order in which the rows happen to lie, which is
                    // another one elsewhere.
                    built.add(
                            String.valueOf(number + 1)
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
                } else {
                    addDefault(built, column.defaultSql());
                }
            }
            var converted = built.build();
            Toy.check(after, converted);
            result.put(number, converted);
        }
        return result;
    }

    static void addDefault(Row.Builder row, Optional<String> defaultSql) {
        if (defaultSql.isEmpty() || defaultSql.get().equals("null")) {
            row.addNull();
        } else {
            var text = defaultSql.get();
            var value =
                    text.startsWith("'")
                            ? text.substring(1, text.length() - 1).replace("''", "'")
                            : text;
            row.add(value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    void rename(TableName name) {
        definition = definition.withName(name);
    }

    /// Rows in the order of the row key, or in the order of insertion.
    static List<Row> sorted(Table table, SortedMap<Long, Row> rows) {
        var key = table.rowKey();
        return key.isEmpty()
                ? List.copyOf(rows.values())
                : sorted(rows.values(), table.rowKeyIndexes(), Toy.order(table, key.get()));
    }

    /// Rows in this order of their keys, which stand at these places.
    static List<Row> sorted(Collection<Row> rows, int[] keyPlaces, Comparator<Row> order) {
        record Keyed(Row key, Row row) {}
        var keyed = new ArrayList<Keyed>(rows.size());
        for (var row : rows) {
            keyed.add(new Keyed(row.project(keyPlaces), row));
        }
        keyed.sort((one, other) -> order.compare(one.key, other.key));
        var list = new ArrayList<Row>(keyed.size());
        keyed.forEach(each -> list.add(each.row));
        return List.copyOf(list);
    }
}
