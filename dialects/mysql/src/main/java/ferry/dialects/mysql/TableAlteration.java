package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A table's definition while the actions of an ALTER TABLE are applied to it, one by one. An
/// action that is not among the plain ones makes the outcome unknown: the result is empty, and the
/// table is read and loaded again. Immutable.
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
    private static final Map<String, String> ALIASES =
            Map.of(
                    "integer",
                    "int",
                    "numeric",
                    "decimal",
                    "dec",
                    "decimal",
                    "character",
                    "char",
                    "bool",
                    "tinyint(1)",
                    "boolean",
                    "tinyint(1)");

    /// Types whose full spelling says everything, with the length that is meant when none is
    /// written.
    private static final Map<String, String> PLAIN_TYPES =
            Map.ofEntries(
                    Map.entry("tinyint", ""),
                    Map.entry("smallint", ""),
                    Map.entry("mediumint", ""),
                    Map.entry("int", ""),
                    Map.entry("bigint", ""),
                    Map.entry("decimal", "(10,0)"),
                    Map.entry("double", ""),
                    Map.entry("char", "(1)"),
                    Map.entry("varchar", ""),
                    Map.entry("binary", "(1)"),
                    Map.entry("varbinary", ""),
                    Map.entry("tinytext", ""),
                    Map.entry("text", ""),
                    Map.entry("mediumtext", ""),
                    Map.entry("longtext", ""),
                    Map.entry("tinyblob", ""),
                    Map.entry("blob", ""),
                    Map.entry("mediumblob", ""),
                    Map.entry("longblob", ""),
                    Map.entry("date", ""),
                    Map.entry("time", ""),
                    Map.entry("datetime", ""),
                    Map.entry("bit", "(1)"),
                    Map.entry("enum", ""),
                    Map.entry("set", ""));

    private static final Set<String> TEXTS =
            Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set");
    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final Set<String> NEVER_IN_PARENTHESES =
            Set.of(
                    "tinytext",
                    "text",
                    "mediumtext",
                    "longtext",
                    "tinyblob",
                    "blob",
                    "mediumblob",
                    "longblob",
                    "double");

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
            return renamedKey(old, in.name());
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

    // ---- keys

    private Optional<TableAlteration> add(SqlTokens in) {
        if (in.accept("PRIMARY", "KEY")) {
            return withKey(
                    parts(in)
                            .map(parts ->
                                    new Key("PRIMARY", Key.Kind.PRIMARY, parts, Optional.empty())));
        }
        if (in.accept("UNIQUE")) {
            in.acceptAny("KEY", "INDEX");
            return withKey(key(in, keyName(in), true));
        }
        if (in.acceptAny("INDEX", "KEY")) {
            return withKey(key(in, keyName(in), false));
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
            return Optional
                    .empty(); // names and keys that the server makes up, or what rows do not show
        }
        in.accept("COLUMN");
        if (in.stands("IF") || in.stands("(")) {
            return Optional.empty();
        }
        var name = in.name();
        return find(name).isPresent()
                ? Optional.empty()
                : column(in, name, Optional.empty())
                        .flatMap(column -> placed(column, in, table.columns().size()));
    }

    private static Optional<String> keyName(SqlTokens in) {
        return in.stands("(") ? Optional.empty() : Optional.of(in.name());
    }

    /// For CREATE INDEX, whose columns stand next in `in`.
    Optional<Table> withKey(SqlTokens in, Optional<String> name, boolean unique) {
        try {
            return withKey(key(in, name, unique))
                    .filter(_ -> in.atEnd())
                    .map(TableAlteration::table);
        } catch (IllegalArgumentException notPlain) {
            return Optional.empty();
        }
    }

    private Optional<Key> key(SqlTokens in, Optional<String> name, boolean unique) {
        return parts(in)
                .map(parts ->
                        new Key(
                                name.orElseGet(() -> freeName(parts.getFirst().column())),
                                unique ? Key.Kind.UNIQUE : Key.Kind.PLAIN,
                                parts,
                                Optional.empty()));
    }

    private Optional<List<Key.Part>> parts(SqlTokens in) {
        var parts = new ArrayList<Key.Part>();
        in.expect("(");
        do {
            if (in.stands("(")) {
                return Optional
                        .empty(); // an expression, which the dictionary prints in its own way
            }
            var column = find(in.name());
            if (column.isEmpty()) {
                return Optional.empty();
            }
            if (in.accept("(")) {
                return Optional
                        .empty(); // a prefix, which the server leaves out if it is the whole column
            }
            if (in.stands("DESC")) {
                return Optional.empty(); // ignored before 8.0
            }
            in.accept("ASC");
            parts.add(Key.Part.column(column.get().name()));
        } while (in.accept(","));
        in.expect(")");
        return Optional.of(parts);
    }

    /// The name that the server gives to a key without one: its first column's, with a number if
    /// that is taken.
    private String freeName(String column) {
        for (var number = 1; ; number++) {
            var name = number == 1 ? column : column + "_" + number;
            if (key(name).isEmpty() && !name.equalsIgnoreCase("PRIMARY")) {
                return name;
            }
        }
    }

    private Optional<Key> key(String name) {
        return table.keys().stream().filter(key -> key.name().equalsIgnoreCase(name)).findFirst();
    }

    /// The dictionary lists the primary key first, then unique keys, then the others; unique keys
    /// without NULL come before those with.
    private Optional<TableAlteration> withKey(Optional<Key> added) {
        if (added.isEmpty() || key(added.get().name()).isPresent()) {
            return Optional.empty();
        }
        var key = added.get();
        if (key.kind() == Key.Kind.PRIMARY
                && key.parts().stream()
                        .anyMatch(part -> find(part.column()).map(Column::nullable).orElse(true))) {
            return Optional
                    .empty(); // it makes the column NOT NULL, and 5.6 invents a default for it
        }
        var keys = new ArrayList<>(table.keys());
        keys.add(place(key, keys), key);
        return with(table.columns(), keys);
    }

    private int place(Key added, List<Key> keys) {
        for (var i = 0; i < keys.size(); i++) {
            if (rank(keys.get(i)) > rank(added)) {
                return i;
            }
        }
        return keys.size();
    }

    private int rank(Key key) {
        return switch (key.kind()) {
            case PRIMARY -> 0;
            case UNIQUE ->
                    key.parts().stream()
                                    .noneMatch(part ->
                                            find(part.column()).map(Column::nullable).orElse(true))
                            ? 1
                            : 2;
            case PLAIN -> 3;
            case FULLTEXT -> 4;
            case SPATIAL -> 3;
        };
    }

    Optional<TableAlteration> withoutKey(String name) {
        var found = key(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return with(
                table.columns(), table.keys().stream().filter(key -> key != found.get()).toList());
    }

    private Optional<TableAlteration> renamedKey(String old, String name) {
        if (key(old).isEmpty()) {
            return Optional.empty();
        }
        return with(
                table.columns(),
                table.keys().stream()
                        .map(key ->
                                key.name().equalsIgnoreCase(old)
                                        ? new Key(name, key.kind(), key.parts(), key.options())
                                        : key)
                        .toList());
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

    private Optional<TableAlteration> withoutForeignKey(String name) {
        var left =
                table.foreignKeys().stream()
                        .filter(key -> !key.name().equalsIgnoreCase(name))
                        .toList();
        return left.size() == table.foreignKeys().size()
                ? Optional.empty()
                : with(table.columns(), table.keys(), left, table.options());
    }

    /// A column leaves all its keys too, and a key that has no column left goes.
    private Optional<TableAlteration> withoutColumn(String name) {
        if (find(name).isEmpty() || dependent(name)) {
            return Optional.empty();
        }
        var keys = new ArrayList<Key>();
        for (var key : table.keys()) {
            var parts =
                    key.parts().stream()
                            .filter(part -> !part.column().equalsIgnoreCase(name))
                            .toList();
            if (parts.size() < key.parts().size() && key.kind().unique()) {
                return Optional
                        .empty(); // fewer columns may no longer be unique, and the server's rules
                // differ
            }
            if (!parts.isEmpty()) {
                keys.add(new Key(key.name(), key.kind(), parts, key.options()));
            }
        }
        return with(
                table.columns().stream()
                        .filter(column -> !column.name().equalsIgnoreCase(name))
                        .toList(),
                keys);
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
        var keys =
                table.keys().stream()
                        .map(key ->
                                new Key(
                                        key.name(),
                                        key.kind(),
                                        key.parts().stream()
                                                .map(part -> renamed(part, old, now))
                                                .toList(),
                                        key.options()))
                        .toList();
        return with(columns, keys);
    }

    private static Key.Part renamed(Key.Part part, Column old, Column now) {
        return part.column().equals(old.name())
                ? new Key.Part(
                        now.name(), part.prefixLength(), part.descending(), part.expression())
                : part;
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
        return literal(in, head(old.nativeType()))
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

    /// A default that the dictionary prints as it was written: text of a text column, whole numbers
    /// of an integer column, NULL.
    private static Optional<Optional<String>> literal(SqlTokens in, String type) {
        if (in.accept("NULL")) {
            return Optional.of(Optional.empty());
        }
        if (TEXTS.contains(type) && in.standsString()) {
            return Optional.of(Optional.of(SqlScanner.print(in.string())));
        }
        if (INTEGERS.contains(type)) {
            var sign = in.accept("-") ? "-" : "";
            if (in.standsNumber()) {
                return Optional.of(Optional.of(SqlScanner.print(sign + in.number())));
            }
        }
        return Optional.empty();
    }

    private static String head(String nativeType) {
        var end = 0;
        while (end < nativeType.length() && Character.isLetter(nativeType.charAt(end))) {
            end++;
        }
        return nativeType.substring(0, end);
    }

    private Optional<TableAlteration> replaced(
            SqlTokens in, String name, Optional<String> newName) {
        var old = find(name);
        if (old.isEmpty() || old.get().generation() != Column.Generation.NONE || dependent(name)) {
            return Optional.empty();
        }
        var now = column(in, newName.orElse(old.get().name()), old);
        if (now.isEmpty() || !in.atEnd()) {
            return Optional.empty(); // a new place among the columns too
        }
        return withColumn(old.get(), now.get());
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

    /// A column's definition, up to its place. `old` is the column that it replaces.
    private Optional<Column> column(SqlTokens in, String name, Optional<Column> old) {
        var word = in.name().toLowerCase(Locale.ROOT);
        var spelled = ALIASES.getOrDefault(word, word);
        var type = head(spelled);
        if (!PLAIN_TYPES.containsKey(type)) {
            return Optional.empty();
        }
        var length = length(in, type, spelled);
        if (length.isEmpty()) {
            return Optional.empty();
        }
        var nativeType = new StringBuilder(spelled).append(length.get());
        if (in.accept("UNSIGNED")) {
            nativeType.append(" unsigned");
        }
        var nullable = true;
        Optional<String> charset = Optional.empty();
        Optional<String> collation = Optional.empty();
        Optional<String> defaultSql = Optional.empty();
        var comment = "";
        while (!in.atEnd() && !in.stands("FIRST") && !in.stands("AFTER")) {
            if (in.accept("NOT", "NULL")) {
                nullable = false;
            } else if (in.accept("NULL")) {
                nullable = true;
            } else if (in.accept("CHARACTER", "SET") || in.accept("CHARSET")) {
                charset = Optional.of(in.name().toLowerCase(Locale.ROOT));
            } else if (in.accept("COLLATE")) {
                collation = Optional.of(in.name().toLowerCase(Locale.ROOT));
            } else if (in.accept("COMMENT")) {
                comment = in.string();
            } else if (in.accept("DEFAULT")) {
                var value = literal(in, type);
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                defaultSql = value.get();
            } else {
                return Optional.empty();
            }
        }
        if (TEXTS.contains(type)) {
            if (charset.isPresent() != collation.isPresent()) {
                return Optional.empty(); // the other follows from the server's defaults
            }
            charset = charset.or(() -> Optional.ofNullable(table.options().get("charset")));
            collation = collation.or(() -> Optional.ofNullable(table.options().get("collation")));
            if (charset.isEmpty() || collation.isEmpty()) {
                return Optional.empty();
            }
        }
        var inPrimaryKey =
                old.map(Column::name)
                        .filter(replaced ->
                                key("PRIMARY")
                                        .map(key ->
                                                key.parts().stream()
                                                        .anyMatch(part ->
                                                                part.column().equals(replaced)))
                                        .orElse(false));
        if (nullable && inPrimaryKey.isPresent()) {
            return Optional.empty(); // as above
        }
        var canBeNull = nullable;
        var defaultText = defaultSql;
        var commentText = comment;
        return types.parse(nativeType.toString(), charset, collation)
                .map(dataType ->
                        new Column(
                                name,
                                dataType,
                                nativeType.toString(),
                                canBeNull,
                                defaultText,
                                Optional.empty(),
                                false,
                                Column.Generation.NONE,
                                Optional.empty(),
                                false,
                                commentText));
    }

    /// What stands in parentheses behind a type, as the dictionary prints it; empty if that cannot
    /// be told.
    private static Optional<String> length(SqlTokens in, String type, String spelled) {
        if (!in.accept("(")) {
            var needed = Set.of("varchar", "varbinary", "enum", "set").contains(type);
            return needed
                    ? Optional.empty()
                    : Optional.of(spelled.contains("(") ? "" : PLAIN_TYPES.get(type));
        }
        if (spelled.contains("(") || NEVER_IN_PARENTHESES.contains(type)) {
            return Optional.empty();
        }
        var text = new StringBuilder("(");
        do {
            text.append(text.length() > 1 ? "," : "");
            text.append(
                    in.standsString()
                            ? SqlScanner.print(in.string())
                            : Integer.toString(in.number()));
        } while (in.accept(","));
        in.expect(")");
        if (type.equals("decimal") && text.indexOf(",") < 0) {
            text.append(",0");
        }
        return Optional.of(text.append(")").toString());
    }
}
