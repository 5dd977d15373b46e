package ferry.engine.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The definition of a table as its server's dictionary tells it. Rows of this table follow
/// [#carried()]: one value per column that is not generated, in this order.
///
/// `options` are the dialect's table options by name (`engine`, `charset`, `collation`, `comment`,
/// …); `partitioning` is its whole partition clause in native SQL.
public record Table(
        TableName name,
        List<Column> columns,
        List<Key> keys,
        List<ForeignKey> foreignKeys,
        Map<String, String> options,
        Optional<String> partitioning) {
    public Table {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
        foreignKeys = List.copyOf(foreignKeys);
        options = Map.copyOf(options);
    }

    public static Table of(TableName name, List<Column> columns, List<Key> keys) {
        return new Table(name, columns, keys, List.of(), Map.of(), Optional.empty());
    }

    public Table withName(TableName newName) {
        return new Table(newName, columns, keys, foreignKeys, options, partitioning);
    }

    /// The columns that rows carry, in the order of the values inside a [Row].
    public List<Column> carried() {
        return columns.stream().filter(Column::carried).toList();
    }

    /// The place of a column inside a [Row], or -1 when rows do not carry it.
    public int indexOf(String column) {
        var carried = carried();
        for (var i = 0; i < carried.size(); i++) {
            if (carried.get(i).name().equalsIgnoreCase(column)) {
                return i;
            }
        }
        return -1;
    }

    /// The key by which a row is addressed: the primary key, otherwise the first unique key whose
    /// columns are all whole, carried and NOT NULL. Empty: a table without a key.
    public Optional<Key> rowKey() {
        var unique = new ArrayList<Key>();
        keys.stream().filter(key -> key.kind() == Key.Kind.PRIMARY).forEach(unique::add);
        keys.stream().filter(key -> key.kind() == Key.Kind.UNIQUE).forEach(unique::add);
        return unique.stream().filter(this::addresses).findFirst();
    }

    /// The places of the row key's columns inside a [Row], in key order; empty for a table without
    /// a key.
    public int[] rowKeyIndexes() {
        return rowKey().stream()
                .flatMap(key -> key.parts().stream())
                .mapToInt(part -> indexOf(part.column()))
                .toArray();
    }

    /// The unique keys besides the row key; a change may be refused or evict another row because of
    /// them.
    public List<Key> secondaryUniqueKeys() {
        var rowKey = rowKey();
        return keys.stream()
                .filter(key -> key.kind().unique() && !rowKey.equals(Optional.of(key)))
                .toList();
    }

    private boolean addresses(Key key) {
        var carriedNotNull = new HashSet<String>();
        for (var column : columns) {
            if (column.carried() && !column.nullable()) {
                carriedNotNull.add(column.name());
            }
        }
        return key.parts().stream()
                .allMatch(part -> part.whole() && carriedNotNull.contains(part.column()));
    }
}
