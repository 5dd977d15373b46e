package ferry.dialects.toy;

import ferry.engine.model.Column;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A statement that changes definitions. A closed list: [ToyParser] refuses everything else.
sealed interface ToyStatement {
    /// The statement in the toy's SQL; parsing it gives an equal statement.
    String sql();

    /// What it does to tables; `layouts` are the layouts that the caller knows before the
    /// statement.
    List<SchemaEffect> effects(Map<TableName, Table> layouts);

    /// A statement that changes the definition of one table and keeps its rows.
    sealed interface Alter extends ToyStatement {
        TableName table();

        /// The definition behind the statement; throws a problem if it does not fit.
        Table apply(Table before);

        /// True when old rows get values that another server would not give them.
        default boolean recomputes() {
            return false;
        }

        @Override
        default List<SchemaEffect> effects(Map<TableName, Table> layouts) {
            return List.of(
                    new SchemaEffect.Altered(table(), follow(layouts.get(table())), recomputes()));
        }

        private Optional<Table> follow(Table before) {
            try {
                return Optional.ofNullable(before).map(this::apply);
            } catch (ProblemException _) {
                return Optional
                        .empty(); // it does not fit the caller's layout, which is then of another
                // time
            }
        }
    }

    record Create(Table table, boolean ifNotExists) implements ToyStatement {
        @Override
        public String sql() {
            var parts = new ArrayList<String>();
            table.columns().forEach(column -> parts.add(columnSql(column)));
            table.keys().forEach(key -> parts.add(keySql(key)));
            table.foreignKeys().forEach(key -> parts.add(foreignKeySql(key)));
            return "create table "
                    + (ifNotExists ? "if not exists " : "")
                    + table.name()
                    + " ("
                    + String.join(", ", parts)
                    + ")";
        }

        @Override
        public List<SchemaEffect> effects(Map<TableName, Table> layouts) {
            return List.of(new SchemaEffect.Created(table.name()));
        }
    }

    record Drop(TableName table, boolean ifExists) implements ToyStatement {
        @Override
        public String sql() {
            return "drop table " + (ifExists ? "if exists " : "") + table;
        }

        @Override
        public List<SchemaEffect> effects(Map<TableName, Table> layouts) {
            return List.of(new SchemaEffect.Dropped(table));
        }
    }

    record Truncate(TableName table) implements ToyStatement {
        @Override
        public String sql() {
            return "truncate table " + table;
        }

        @Override
        public List<SchemaEffect> effects(Map<TableName, Table> layouts) {
            return List.of(new SchemaEffect.Truncated(table));
        }
    }

    /// Renames one after the other: `a to x, b to a, x to b` swaps a and b.
    record Rename(List<Pair> pairs) implements ToyStatement {
        public Rename {
            pairs = List.copyOf(pairs);
        }

        record Pair(TableName from, TableName to) {}

        @Override
        public String sql() {
            return "rename table "
                    + pairs.stream()
                            .map(pair -> pair.from + " to " + pair.to)
                            .collect(Collectors.joining(", "));
        }

        @Override
        public List<SchemaEffect> effects(Map<TableName, Table> layouts) {
            return pairs.stream()
                    .<SchemaEffect>map(pair -> new SchemaEffect.Renamed(pair.from, pair.to))
                    .toList();
        }
    }

    record AddColumn(TableName table, Column column) implements Alter {
        @Override
        public String sql() {
            return "alter table " + table + " add column " + columnSql(column);
        }

        @Override
        public Table apply(Table before) {
            if (before.indexOf(column.name()) >= 0) {
                throw refused(sql(), "there is a column of this name");
            }
            return with(
                    before, plus(before.columns(), column), before.keys(), before.foreignKeys());
        }

        @Override
        public boolean recomputes() {
            return column.autoIncrement();
        }
    }

    record DropColumn(TableName table, String column) implements Alter {
        @Override
        public String sql() {
            return "alter table " + table + " drop column " + column;
        }

        @Override
        public Table apply(Table before) {
            if (before.indexOf(column) < 0 || before.columns().size() == 1) {
                throw refused(sql(), "there is no such column, or no other");
            }
            var used =
                    before.keys().stream()
                                    .flatMap(key -> key.parts().stream())
                                    .anyMatch(part -> part.column().equals(column))
                            || before.foreignKeys().stream()
                                    .anyMatch(key -> key.columns().contains(column));
            if (used) {
                throw refused(sql(), "a key needs the column");
            }
            var columns =
                    before.columns().stream().filter(own -> !own.name().equals(column)).toList();
            return with(before, columns, before.keys(), before.foreignKeys());
        }
    }

    record AddKey(TableName table, Key key) implements Alter {
        @Override
        public String sql() {
            return "alter table " + table + " add " + keySql(key);
        }

        @Override
        public Table apply(Table before) {
            if (before.keys().stream().anyMatch(own -> own.name().equals(key.name()))) {
                throw refused(sql(), "there is a key of this name");
            }
            if (key.parts().stream().anyMatch(part -> before.indexOf(part.column()) < 0)) {
                throw refused(sql(), "there is no such column");
            }
            return with(before, before.columns(), plus(before.keys(), key), before.foreignKeys());
        }
    }

    record DropKey(TableName table, String key) implements Alter {
        @Override
        public String sql() {
            return "alter table " + table + " drop key " + key;
        }

        @Override
        public Table apply(Table before) {
            var keys = before.keys().stream().filter(own -> !own.name().equals(key)).toList();
            if (keys.size() == before.keys().size()) {
                throw refused(sql(), "there is no such key");
            }
            return with(before, before.columns(), keys, before.foreignKeys());
        }
    }

    record AddForeignKey(TableName table, ForeignKey key) implements Alter {
        @Override
        public String sql() {
            return "alter table " + table + " add " + foreignKeySql(key);
        }

        @Override
        public Table apply(Table before) {
            if (before.foreignKeys().stream().anyMatch(own -> own.name().equals(key.name()))) {
                throw refused(sql(), "there is a foreign key of this name");
            }
            return with(before, before.columns(), before.keys(), plus(before.foreignKeys(), key));
        }
    }

    /// Several actions of one statement, one after the other and all or nothing.
    record AlterAll(TableName table, List<Alter> actions) implements Alter {
        public AlterAll {
            actions = List.copyOf(actions);
        }

        @Override
        public String sql() {
            var start = "alter table " + table + " ";
            return start
                    + actions.stream()
                            .map(action -> action.sql().substring(start.length()))
                            .collect(Collectors.joining(", "));
        }

        @Override
        public Table apply(Table before) {
            var after = before;
            for (var action : actions) {
                after = action.apply(after);
            }
            return after;
        }

        @Override
        public boolean recomputes() {
            return actions.stream().anyMatch(Alter::recomputes);
        }
    }

    private static RuntimeException refused(String sql, String why) {
        return Toy.problem(ProblemCode.TARGET_STATEMENT, "the statement was refused: " + sql, why);
    }

    private static <T> List<T> plus(List<T> list, T element) {
        var all = new ArrayList<>(list);
        all.add(element);
        return all;
    }

    private static Table with(
            Table table, List<Column> columns, List<Key> keys, List<ForeignKey> foreignKeys) {
        return new Table(
                table.name(), columns, keys, foreignKeys, table.options(), table.partitioning());
    }

    private static String columnSql(Column column) {
        return column.name()
                + " "
                + column.nativeType()
                + (column.nullable() ? "" : " not null")
                + column.defaultSql().map(text -> " default " + text).orElse("")
                + (column.autoIncrement() ? " serial" : "");
    }

    private static String keySql(Key key) {
        var columns = key.parts().stream().map(Key.Part::column).collect(Collectors.joining(", "));
        return switch (key.kind()) {
                    case PRIMARY -> "primary";
                    case UNIQUE -> "unique " + key.name();
                    case PLAIN -> "plain " + key.name();
                    case FULLTEXT, SPATIAL ->
                            throw new IllegalStateException("the toy has no key " + key);
                }
                + " ("
                + columns
                + ")";
    }

    private static String foreignKeySql(ForeignKey key) {
        return "foreign "
                + key.name()
                + " ("
                + String.join(", ", key.columns())
                + ") references "
                + key.parent()
                + " ("
                + String.join(", ", key.parentColumns())
                + ")"
                + (key.cascades() ? " cascade" : "");
    }
}
