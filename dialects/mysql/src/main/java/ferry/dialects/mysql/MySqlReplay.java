package ferry.dialects.mysql;

import static ferry.dialects.mysql.MySqlSql.quote;

import ferry.engine.dialect.LogEvent.SchemaChange;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Follows a schema change of the source in the target, not by its text but by its outcome: the new
/// definition is planned for the target and compared with the one that stands there, and the
/// difference becomes statements. So a change is followed across members of the family, and asking
/// again after a part was done yields the rest. Whatever could give rows other values than the
/// source's is not followed: the table is then loaded again.
final class MySqlReplay {
    private final Map<TableName, TableName> names;
    private final Function<TableName, Optional<Table>> standing;
    private final CreateTextWriter writer;
    private final MySqlSchema schema;

    /// `standing` reads the definition that a table has in the target now.
    MySqlReplay(
            MySqlServer target,
            Map<TableName, TableName> names,
            Function<TableName, Optional<Table>> standing) {
        this.names = Map.copyOf(names);
        this.standing = standing;
        writer = new CreateTextWriter(target);
        schema = new MySqlSchema(target, names);
    }

    Optional<List<String>> statements(SchemaChange change) {
        var statements = new ArrayList<String>();
        for (var effect : change.effects()) {
            var followed = effect(change, effect);
            if (followed.isEmpty()) {
                return Optional.empty();
            }
            statements.addAll(followed.get());
        }
        return Optional.of(statements);
    }

    private Optional<List<String>> effect(SchemaChange change, SchemaEffect effect) {
        var name = Optional.ofNullable(names.get(effect.table())).map(schema::spelled);
        if (effect instanceof SchemaEffect.Renamed(var from, var to)) {
            return renamed(from, to);
        }
        if (name.isEmpty()) {
            return Optional.of(List.of()); // a table that is not migrated
        }
        return switch (effect) {
            case SchemaEffect.Created _ -> Optional.empty();
            case SchemaEffect.Dropped _ ->
                    Optional.of(List.of("DROP TABLE IF EXISTS " + quote(name.get())));
            case SchemaEffect.Truncated _ ->
                    Optional.of(List.of("TRUNCATE TABLE " + quote(name.get())));
            case SchemaEffect.Altered(_, var after, var recomputes)
                    when after.isPresent() && !recomputes ->
                    AlterStatement.parse(change.statement())
                            .flatMap(statement -> altered(statement, after.get(), name.get()));
            case SchemaEffect.Altered _ -> Optional.empty();
            case SchemaEffect.Renamed _ -> throw new IllegalStateException("handled above");
        };
    }

    /// Either name may be unknown here: then a table leaves or enters what is migrated.
    private Optional<List<String>> renamed(TableName from, TableName to) {
        if (!names.containsKey(from) && !names.containsKey(to)) {
            return Optional.of(List.of());
        }
        if (!names.containsKey(from) || !names.containsKey(to)) {
            return Optional.empty();
        }
        return Optional.of(
                List.of(
                        "RENAME TABLE "
                                + quote(schema.spelled(names.get(from)))
                                + " TO "
                                + quote(schema.spelled(names.get(to)))));
    }

    private Optional<List<String>> altered(AlterStatement statement, Table after, TableName name) {
        var there = standing.apply(name);
        if (there.isEmpty()) {
            return Optional.empty();
        }
        var wanted = schema.plan(after, name).table();
        if (!sameBesides(there.get(), wanted)) {
            return Optional.empty();
        }
        var actions = new ArrayList<String>();
        if (!dropKeys(statement, there.get(), wanted, actions)
                || !columns(statement, there.get(), wanted, actions)
                || !addKeys(there.get(), wanted, actions)) {
            return Optional.empty();
        }
        var comment = wanted.options().getOrDefault("comment", "");
        if (!comment.equals(there.get().options().getOrDefault("comment", ""))) {
            actions.add("COMMENT = " + SqlScanner.print(comment));
        }
        return Optional.of(
                actions.stream()
                        .map(action -> "ALTER TABLE " + quote(name) + " " + action)
                        .toList());
    }

    /// Options other than the comment and the counter, checks and partitions must be what they are.
    private static boolean sameBesides(Table there, Table wanted) {
        return options(there).equals(options(wanted))
                && there.partitioning()
                        .map(MySqlReplay::loose)
                        .equals(wanted.partitioning().map(MySqlReplay::loose));
    }

    private static Map<String, Long> options(Table table) {
        var counted = new HashMap<String, Long>();
        table.options()
                .forEach((name, value) -> {
                    if (!name.equals("comment") && !name.equals("auto_increment")) {
                        // The servers name checks themselves that have no name.
                        counted.merge(
                                (name.contains("check ") ? "check" : name) + " = " + loose(value),
                                1L,
                                Long::sum);
                    }
                });
        return counted;
    }

    // Columns

    private boolean columns(
            AlterStatement statement, Table there, Table wanted, List<String> actions) {
        var old = byName(there);
        var now = byName(wanted);
        for (var gone : without(old, now)) {
            if (!statement.dropped().contains(gone)) {
                return false;
            }
            actions.add("DROP COLUMN " + quote(old.get(gone).name()));
        }
        var kept = there.columns().stream().map(MySqlReplay::key).filter(now::containsKey).toList();
        if (!kept.equals(
                wanted.columns().stream()
                        .map(MySqlReplay::key)
                        .filter(old::containsKey)
                        .toList())) {
            return false;
        }
        for (var i = 0; i < wanted.columns().size(); i++) {
            var column = wanted.columns().get(i);
            var before = old.get(key(column));
            if (before == null) {
                if (!statement.added().contains(key(column)) || !isConstant(column)) {
                    return false;
                }
                var place =
                        i == 0 ? " FIRST" : " AFTER " + quote(wanted.columns().get(i - 1).name());
                actions.add("ADD COLUMN " + writer.column(wanted, column) + place);
            } else if (!same(before, column)) {
                if (!keepsValues(before, column)) {
                    return false;
                }
                actions.add("MODIFY COLUMN " + writer.column(wanted, column));
            }
        }
        return true;
    }

    private static Map<String, Column> byName(Table table) {
        var columns = new HashMap<String, Column>();
        table.columns().forEach(column -> columns.put(key(column), column));
        return columns;
    }

    private static String key(Column column) {
        return column.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> without(Map<String, Column> some, Map<String, Column> others) {
        var names = new LinkedHashSet<>(some.keySet());
        names.removeAll(others.keySet());
        return names.stream().sorted().toList();
    }

    /// Old rows get the same value everywhere: NULL or a literal. A literal TIMESTAMP is another
    /// moment in another time zone, and what a NOT NULL column without a default gets is each
    /// server's own choice.
    private static boolean isConstant(Column column) {
        if (!column.carried() || column.autoIncrement()) {
            return false;
        }
        var value = column.defaultSql();
        if (value.isEmpty()) {
            return column.nullable();
        }
        return !value.get().startsWith("(")
                && !value.get().startsWith("CURRENT_TIMESTAMP")
                && !(column.type() instanceof DataType.Timestamp);
    }

    /// True when no value can change by the new definition.
    private static boolean keepsValues(Column before, Column after) {
        if (!before.carried()
                || !after.carried()
                || before.nullable() && !after.nullable()
                || before.autoIncrement() != after.autoIncrement()) {
            return false;
        }
        return switch (after.type()) {
            case DataType.Int(var bits, var unsigned)
                    when before.type() instanceof DataType.Int old ->
                    bits >= old.bits() && unsigned == old.unsigned();
            case DataType.Decimal(var precision, var scale, var unsigned)
                    when before.type() instanceof DataType.Decimal old ->
                    scale == old.scale()
                            && precision >= old.precision()
                            && unsigned == old.unsigned();
            case DataType.Text text when before.type() instanceof DataType.Text old ->
                    text.maxLength() >= old.maxLength()
                            && text.fixed() == old.fixed()
                            && text.charset().equals(old.charset())
                            && text.collation().equals(old.collation());
            case DataType.Bytes bytes when before.type() instanceof DataType.Bytes old ->
                    !bytes.fixed() && !old.fixed() && bytes.maxLength() >= old.maxLength()
                            || bytes.equals(old);
            case DataType.Enumeration(var members, var charset, var collation)
                    when before.type() instanceof DataType.Enumeration old ->
                    begins(members, old.members())
                            && charset.equals(old.charset())
                            && collation.equals(old.collation());
            case DataType.Members(var members, var charset, var collation)
                    when before.type() instanceof DataType.Members old ->
                    begins(members, old.members())
                            && charset.equals(old.charset())
                            && collation.equals(old.collation());
            default ->
                    after.type().equals(before.type())
                            && after.nativeType().equals(before.nativeType());
        };
    }

    private static boolean begins(List<String> members, List<String> old) {
        return members.size() >= old.size() && members.subList(0, old.size()).equals(old);
    }

    // Keys

    /// Only what the statement drops: a key that somebody added in the target stays.
    private static boolean dropKeys(
            AlterStatement statement, Table there, Table wanted, List<String> actions) {
        for (var key : there.foreignKeys()) {
            if (wanted.foreignKeys().stream().noneMatch(other -> same(key, other))
                    && statement.droppedKeys().contains(key.name().toLowerCase(Locale.ROOT))) {
                actions.add("DROP FOREIGN KEY " + quote(key.name()));
            }
        }
        for (var key : there.keys()) {
            var loses =
                    key.parts().stream()
                            .anyMatch(part ->
                                    statement
                                            .dropped()
                                            .contains(part.column().toLowerCase(Locale.ROOT)));
            if ((loses || statement.droppedKeys().contains(key.name().toLowerCase(Locale.ROOT)))
                    && wanted.keys().stream().noneMatch(other -> same(key, other))) {
                // Without its row key a table is addressed in another way: that is a new beginning.
                if (key.kind() == Key.Kind.PRIMARY || there.rowKey().equals(Optional.of(key))) {
                    return false;
                }
                actions.add("DROP KEY " + quote(key.name()));
            }
        }
        return true;
    }

    private boolean addKeys(Table there, Table wanted, List<String> actions) {
        for (var key : wanted.keys()) {
            if (there.keys().stream().noneMatch(other -> same(key, other))) {
                if (key.kind() == Key.Kind.PRIMARY
                        || there.rowKey().isEmpty() && key.kind().unique()) {
                    return false;
                }
                actions.add("ADD " + writer.key(key));
            }
        }
        for (var key : wanted.foreignKeys()) {
            if (there.foreignKeys().stream().noneMatch(other -> same(key, other))) {
                actions.add(writer.foreignKey(key));
            }
        }
        return true;
    }

    private static boolean same(Key one, Key other) {
        return one.name().equalsIgnoreCase(other.name())
                && one.kind() == other.kind()
                && one.options().equals(other.options())
                && loose(one.parts().toString()).equals(loose(other.parts().toString()));
    }

    private static boolean same(Column one, Column other) {
        return one.type().equals(other.type())
                && one.nativeType().equals(other.nativeType())
                && one.nullable() == other.nullable()
                && (one.defaultSql().equals(other.defaultSql())
                        || isExpression(one)
                                && loose(one.defaultSql()).equals(loose(other.defaultSql())))
                && one.onUpdateSql().equals(other.onUpdateSql())
                && one.autoIncrement() == other.autoIncrement()
                && one.generation() == other.generation()
                && loose(one.generatedSql()).equals(loose(other.generatedSql()))
                && one.invisible() == other.invisible()
                && one.comment().equals(other.comment());
    }

    private static boolean isExpression(Column column) {
        return column.defaultSql().filter(value -> value.startsWith("(")).isPresent();
    }

    private static Optional<String> loose(Optional<String> text) {
        return text.map(MySqlReplay::loose);
    }

    private static boolean same(ForeignKey one, ForeignKey other) {
        return one.name().equalsIgnoreCase(other.name())
                && one.toString().equalsIgnoreCase(other.toString());
    }

    /// Members of the family print the same expression with other quotes, blanks, parentheses and
    /// letters.
    private static String loose(String text) {
        return text.replace("_utf8mb4'", "'").replaceAll("[`() ]", "").toLowerCase(Locale.ROOT);
    }
}
