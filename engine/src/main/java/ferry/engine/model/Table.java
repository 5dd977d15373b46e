package ferry.engine.model;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The definition of a table as its server's dictionary tells it. Rows of this table follow
/// [#carried()]: one value per column that is not generated, in this order.
///
/// `options` are the dialect's table options by name (`engine`, `charset`, `collation`, `comment`,
/// …); `partitioning` is its whole partition clause in native SQL. `view` is there if this is not a
/// table as it is at a server, but what a project sees of one: some of its columns, perhaps under
/// other names, and some of its rows. A dictionary never tells one.
public record Table(
        TableName name,
        List<Column> columns,
        List<Key> keys,
        List<ForeignKey> foreignKeys,
        Map<String, String> options,
        Optional<String> partitioning,
        Optional<View> view) {
    public Table {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
        foreignKeys = List.copyOf(foreignKeys);
        options = Map.copyOf(options);
    }

    public Table(
            TableName name,
            List<Column> columns,
            List<Key> keys,
            List<ForeignKey> foreignKeys,
            Map<String, String> options,
            Optional<String> partitioning) {
        this(name, columns, keys, foreignKeys, options, partitioning, Optional.empty());
    }

    public static Table of(TableName name, List<Column> columns, List<Key> keys) {
        return new Table(name, columns, keys, List.of(), Map.of(), Optional.empty());
    }

    /// The same without the next value of its counter, which changes whenever rows are written, and
    /// which some servers count anew when they restart: two readings of one definition are equal.
    public Table withoutCounter() {
        var kept = new HashMap<>(options);
        kept.remove("auto_increment");
        return new Table(name, columns, keys, foreignKeys, kept, partitioning, view);
    }

    public Table withName(TableName newName) {
        return new Table(newName, columns, keys, foreignKeys, options, partitioning, view);
    }

    /// What this view shows of `whole`: its columns are those of this table, which have `names`
    /// there.
    public Table asViewOf(Table whole, List<String> names, Optional<Condition> where) {
        return withView(Optional.of(new View(whole, names, where)));
    }

    /// All columns, of which only some rows are seen.
    public Table withWhere(Optional<Condition> condition) {
        return asViewOf(this, columns.stream().map(Column::name).toList(), condition);
    }

    /// The same definition, of which nothing tells that it is a view.
    public Table alone() {
        return withView(Optional.empty());
    }

    public Table withForeignKeys(List<ForeignKey> keys) {
        return new Table(name, columns, this.keys, keys, options, partitioning, view);
    }

    private Table withView(Optional<View> newView) {
        return new Table(name, columns, keys, foreignKeys, options, partitioning, newView);
    }

    /// The table as it is at its server: this one, unless it is a view.
    public Table whole() {
        return view.map(View::whole).orElse(this);
    }

    /// What rows must meet to be seen; empty for all.
    public Optional<Condition> where() {
        return view.flatMap(View::where);
    }

    /// The same, of which all rows are seen.
    public Table allRows() {
        return where().isEmpty()
                ? this
                : withView(
                        view.map(seen -> new View(seen.whole(), seen.names(), Optional.empty())));
    }

    /// The same columns, keys and rows under the names that its server knows, for statements that
    /// are sent there.
    public Table underOwnNames() {
        var names = view.map(View::names).orElse(List.of());
        var own = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (var i = 0; i < names.size(); i++) {
            own.put(columns.get(i).name(), names.get(i));
        }
        return own.entrySet().stream().allMatch(entry -> entry.getKey().equals(entry.getValue()))
                ? this
                : withColumnNames(own::get);
    }

    /// The same with other names of its columns, of which SQL texts (expressions, partitions) know
    /// nothing.
    public Table withColumnNames(UnaryOperator<String> names) {
        return new Table(
                name,
                columns.stream()
                        .map(column -> column.withName(names.apply(column.name())))
                        .toList(),
                keys.stream().map(key -> key.withColumnNames(names)).toList(),
                foreignKeys.stream().map(key -> key.withColumnNames(names)).toList(),
                options,
                partitioning,
                view);
    }

    /// The columns that rows carry, in the order of the values inside a [Row].
    public List<Column> carried() {
        for (var column : columns) {
            if (!column.carried()) {
                return columns.stream().filter(Column::carried).toList();
            }
        }
        return columns; // nearly always
    }

    /// The place of a column inside a [Row], or -1 when rows do not carry it.
    public int indexOf(String column) {
        var place = 0;
        for (var own : columns) {
            if (own.carried()) {
                if (own.name().equalsIgnoreCase(column)) {
                    return place;
                }
                place++;
            }
        }
        return -1;
    }

    /// The key by which a row is addressed: the primary key, otherwise the first unique key whose
    /// columns are all whole, carried and NOT NULL. Empty: a table without a key.
    public Optional<Key> rowKey() {
        return first(Key.Kind.PRIMARY).or(() -> first(Key.Kind.UNIQUE));
    }

    private Optional<Key> first(Key.Kind kind) {
        for (var key : keys) {
            if (key.kind() == kind && addresses(key)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /// The places of the row key's columns inside a [Row], in key order; empty for a table without
    /// a key.
    public int[] rowKeyIndexes() {
        var parts = rowKey().map(Key::parts).orElse(List.of());
        var places = new int[parts.size()];
        for (var i = 0; i < places.length; i++) {
            places[i] = indexOf(parts.get(i).column());
        }
        return places;
    }

    /// The unique keys besides the row key; a change may be refused or evict another row because of
    /// them.
    public List<Key> secondaryUniqueKeys() {
        var rowKey = rowKey();
        return keys.stream()
                .filter(key -> key.kind().unique() && !rowKey.equals(Optional.of(key)))
                .toList();
    }

    /// The places inside a [Row] of the columns that decide about these keys; empty if one of the
    /// keys is computed from columns that it does not name.
    public Optional<BitSet> secondaryUniqueColumns() {
        var places = new BitSet();
        for (var key : secondaryUniqueKeys()) {
            for (var part : key.parts()) {
                var place = part.expression().isPresent() ? -1 : indexOf(part.column());
                if (place < 0) {
                    return Optional.empty();
                }
                places.set(place);
            }
        }
        return Optional.of(places);
    }

    private boolean addresses(Key key) {
        for (var part : key.parts()) {
            if (!part.whole() || !isCarriedNotNull(part.column())) {
                return false;
            }
        }
        return true;
    }

    private boolean isCarriedNotNull(String name) {
        for (var column : columns) {
            if (column.carried() && !column.nullable() && column.name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
