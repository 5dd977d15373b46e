package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A table's definition while the actions of an ALTER TABLE are applied to it, one by one. An
/// action that is not among the plain ones makes the outcome unknown: the result is empty, and the
/// table is read and loaded again. Columns that are defined anew are read by
/// [ColumnDefinitionReader]; what becomes of the keys is in [AlteredKeys]. Immutable.
final class TableAlteration {
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "ALGORITHM",
                    "LOCK",
                    "FORCE",
                    "ENABLE",
                    "DISABLE",
                    "AUTO_INCREMENT",
                    "WITH",
                    "WITHOUT");

    private final Table table;
    private final MySqlDdl.Types types;

    TableAlteration(Table table, MySqlDdl.Types types) {
        this.table = table;
        this.types = types;
    }

    Table table() {
        return table;
    }

    /// Whether an action gives old rows values that another server would not compute alike.
    static boolean recomputes(SqlTokens action) {
        var adds = action.stands("ADD") || action.stands("MODIFY") || action.stands("CHANGE");
        return adds
                && (action.holds("AUTO_INCREMENT")
                        || action.holds("UUID")
                        || action.holds("CURRENT_TIMESTAMP")
                        || action.holds("NOW")
                        || action.holds("LOCALTIME")
                        || action.holds("LOCALTIMESTAMP")
                        || action.holds("SERIAL")
                        || action.holds("RAND"));
    }

    /// The table behind one action; empty if it is not one of the plain ones.
    Optional<TableAlteration> after(SqlTokens action) {
        try {
            return apply(action).filter(_ -> action.atEnd());
        } catch (IllegalArgumentException notPlain) {
            return Optional.empty();
        }
    }

    private Optional<TableAlteration> apply(SqlTokens in) {
        if (in.accept("ADD")) {
            return add(in);
        }
        if (in.accept("DROP")) {
            return drop(in);
        }
        if (in.accept("MODIFY")) {
            in.accept("COLUMN");
            return replaced(in, in.name(), Optional.empty());
        }
        if (in.accept("CHANGE")) {
            in.accept("COLUMN");
            var old = in.name();
            return replaced(in, old, Optional.of(in.name()));
        }
        if (in.accept("ALTER")) {
            return alterColumn(in);
        }
        if (in.accept("RENAME", "COLUMN")) {
            var old = in.name();
            in.expect("TO");
            return renamedColumn(old, in.name());
        }
        if (in.accept("RENAME", "INDEX") || in.accept("RENAME", "KEY")) {
            var old = in.name();
            in.expect("TO");
            return withKeys(keys().renamed(old, in.name()));
        }
        if (in.accept("COMMENT")) {
            in.accept("=");
            var options = new LinkedHashMap<>(table.options());
            options.put("comment", in.string());
            return with(table.columns(), table.keys(), table.foreignKeys(), options);
        }
        if (in.accept("ENGINE")) {
            in.accept("=");
            var same = in.name().equalsIgnoreCase(table.options().getOrDefault("engine", ""));
            return same ? Optional.of(this) : Optional.empty();
        }
        if (WITHOUT_EFFECT.contains(in.next().upper())) {
            while (!in.atEnd()) {
                in.next();
            }
            return Optional.of(this);
        }
        return Optional.empty();
    }

    private Optional<TableAlteration> with(
            List<Column> columns,
            List<Key> keys,
            List<ForeignKey> foreignKeys,
            Map<String, String> options) {
        return Optional.of(
                new TableAlteration(
                        new Table(
                                table.name(),
                                columns,
                                keys,
                                foreignKeys,
                                options,
                                table.partitioning()),
                        types));
    }

    private Optional<TableAlteration> with(List<Column> columns, List<Key> keys) {
        return with(columns, keys, table.foreignKeys(), table.options());
    }

    private Optional<TableAlteration> withKeys(Optional<List<Key>> keys) {
        return keys.flatMap(known -> with(table.columns(), known));
    }

    private AlteredKeys keys() {
        return new AlteredKeys(table);
    }

    // ---- adding

    private Optional<TableAlteration> add(SqlTokens in) {
        if (in.accept("PRIMARY", "KEY")) {
            return withKeys(keys().withPrimary(in));
        }
        if (in.accept("UNIQUE")) {
            in.acceptAny("KEY", "INDEX");
            return withKeys(keys().with(in, keyName(in), true));
        }
        if (in.acceptAny("INDEX", "KEY")) {
            return withKeys(keys().with(in, keyName(in), false));
        }
        if (in.stands("CONSTRAINT")
                || in.stands("FOREIGN")
                || in.stands("FULLTEXT")
                || in.stands("SPATIAL")
                || in.stands("CHECK")
                || in.stands("PARTITION")
                || in.stands("PERIOD")
                || in.stands("SYSTEM")
                || in.stands("VECTOR")) {
            // names and keys that the server makes up, or what rows do not show
            return Optional.empty();
        }
        in.accept("COLUMN");
        if (in.stands("IF") || in.stands("(")) {
            return Optional.empty();
        }
        var name = in.name();
        return find(name).isPresent()
                ? Optional.empty()
                : definition(in, name)
                        .flatMap(column -> placed(column, in, table.columns().size()));
    }

    private static Optional<String> keyName(SqlTokens in) {
        return in.stands("(") ? Optional.empty() : Optional.of(in.name());
    }

    /// For CREATE INDEX, whose columns stand next in `in`.
    Optional<Table> withKey(SqlTokens in, Optional<String> name, boolean unique) {
        try {
            return withKeys(keys().with(in, name, unique))
                    .filter(_ -> in.atEnd())
                    .map(TableAlteration::table);
        } catch (IllegalArgumentException notPlain) {
            return Optional.empty();
        }
    }

    // ---- dropping

    private Optional<TableAlteration> drop(SqlTokens in) {
        if (in.accept("PRIMARY", "KEY")) {
            return withoutKey("PRIMARY");
        }
        if (in.acceptAny("INDEX", "KEY")) {
            return in.stands("IF") ? Optional.empty() : withoutKey(in.name());
        }
        if (in.accept("FOREIGN", "KEY")) {
            return in.stands("IF") ? Optional.empty() : withoutForeignKey(in.name());
        }
        if (in.stands("CONSTRAINT")
                || in.stands("CHECK")
                || in.stands("PARTITION")
                || in.stands("SYSTEM")
                || in.stands("PERIOD")) {
            return Optional.empty();
        }
        in.accept("COLUMN");
        return in.stands("IF") ? Optional.empty() : withoutColumn(in.name());
    }

    Optional<TableAlteration> withoutKey(String name) {
        return withKeys(keys().without(name));
    }

    private Optional<TableAlteration> withoutForeignKey(String name) {
        var left =
                table.foreignKeys().stream()
                        .filter(key -> !key.name().equalsIgnoreCase(name))
                        .toList();
        return left.size() == table.foreignKeys().size()
                ? Optional.empty()
                : with(table.columns(), table.keys(), left, table.options());
    }

    private Optional<TableAlteration> withoutColumn(String name) {
        if (find(name).isEmpty() || dependent(name)) {
            return Optional.empty();
        }
        var columns =
                table.columns().stream()
                        .filter(column -> !column.name().equalsIgnoreCase(name))
                        .toList();
        return keys().withoutColumn(name).flatMap(keys -> with(columns, keys));
    }

    /// True when expressions may mention the column: those are not read here.
    private boolean dependent(String name) {
        return table.partitioning().isPresent()
                || table.columns().stream().anyMatch(column -> column.generatedSql().isPresent())
                || table.keys().stream()
                        .flatMap(key -> key.parts().stream())
                        .anyMatch(part -> part.expression().isPresent())
                || table.options().keySet().stream().anyMatch(option -> option.contains("check"))
                || table.foreignKeys().stream()
                        .anyMatch(key -> key.columns().stream().anyMatch(name::equalsIgnoreCase));
    }

    // ---- columns

    private Optional<Column> find(String name) {
        return find(table, name);
    }

    /// A column by its name, as servers compare names.
    static Optional<Column> find(Table table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private Optional<TableAlteration> renamedColumn(String old, String name) {
        var column = find(old);
        return column.isEmpty() || dependent(old) || find(name).isPresent()
                ? Optional.empty()
                : withColumn(column.get(), renamed(column.get(), name));
    }

    private static Column renamed(Column column, String name) {
        return new Column(
                name,
                column.type(),
                column.nativeType(),
                column.nullable(),
                column.defaultSql(),
                column.onUpdateSql(),
                column.autoIncrement(),
                column.generation(),
                column.generatedSql(),
                column.invisible(),
                column.comment());
    }

    private Optional<TableAlteration> withColumn(Column old, Column now) {
        var columns = table.columns().stream().map(column -> column == old ? now : column).toList();
        return with(columns, keys().withColumn(old, now));
    }

    private Optional<TableAlteration> alterColumn(SqlTokens in) {
        in.accept("COLUMN");
        var column = find(in.name());
        if (column.isEmpty()) {
            return Optional.empty();
        }
        var old = column.get();
        if (in.accept("DROP", "DEFAULT")) {
            return withColumn(old, withDefault(old, Optional.empty()));
        }
        in.expect("SET");
        in.expect("DEFAULT");
        return ColumnDefinitionReader.defaultSql(in, old.nativeType())
                .flatMap(value -> withColumn(old, withDefault(old, value)));
    }

    private static Column withDefault(Column column, Optional<String> value) {
        return new Column(
                column.name(),
                column.type(),
                column.nativeType(),
                column.nullable(),
                value,
                column.onUpdateSql(),
                column.autoIncrement(),
                column.generation(),
                column.generatedSql(),
                column.invisible(),
                column.comment());
    }

    private Optional<TableAlteration> replaced(
            SqlTokens in, String name, Optional<String> newName) {
        var old = find(name);
        if (old.isEmpty() || old.get().generation() != Column.Generation.NONE || dependent(name)) {
            return Optional.empty();
        }
        var now = definition(in, newName.orElse(old.get().name()));
        if (now.isEmpty() || !in.atEnd()) {
            return Optional.empty(); // a new place among the columns too
        }
        if (now.get().nullable() && keys().primaryHolds(old.get())) {
            // the key makes the column NOT NULL, and 5.6 invents a default for it
            return Optional.empty();
        }
        return withColumn(old.get(), now.get());
    }

    private Optional<Column> definition(SqlTokens in, String name) {
        return new ColumnDefinitionReader(types, table.options()).read(in, name);
    }

    private Optional<TableAlteration> placed(Column column, SqlTokens in, int last) {
        var place = last;
        if (in.accept("FIRST")) {
            place = 0;
        } else if (in.accept("AFTER")) {
            var before = find(in.name());
            if (before.isEmpty()) {
                return Optional.empty();
            }
            place = table.columns().indexOf(before.get()) + 1;
        }
        var columns = new ArrayList<>(table.columns());
        columns.add(place, column);
        return with(columns, table.keys());
    }
}
