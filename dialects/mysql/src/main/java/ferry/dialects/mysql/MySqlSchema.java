package ferry.dialects.mysql;

import ferry.engine.dialect.SchemaPlan;
import ferry.engine.dialect.SchemaPlan.KeyBuild;
import ferry.engine.dialect.SchemaPlan.Loss;
import ferry.engine.model.Column;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Plans how a table of any member of the family is created on one server. What the server has is
/// spelled as the source spells it; what it lacks is replaced by the nearest thing and reported.
final class MySqlSchema {
    /// Keeps an AUTO_INCREMENT column allowed until its unique key is built at the end of the
    /// window.
    static final String AUTO_INCREMENT_KEY = "ferry_auto_increment";

    private static final Set<String> ROW_FORMATS =
            Set.of("DYNAMIC", "COMPACT", "REDUNDANT", "COMPRESSED");

    private final MySqlServer target;
    private final Map<TableName, TableName> names;
    private final CreateTextWriter writer;

    /// `names` maps every migrated source table to its name here: a foreign key is created only to
    /// one of them.
    MySqlSchema(MySqlServer target, Map<TableName, TableName> names) {
        this.target = target;
        this.names = Map.copyOf(names);
        writer = new CreateTextWriter(target);
    }

    SchemaPlan plan(Table source, TableName wanted) {
        var losses = new ArrayList<Loss>();
        refuseVersioned(source);
        var name = spelled(wanted);
        if (!name.equals(wanted)) {
            losses.add(
                    new Loss(
                            "table " + wanted,
                            "names are kept in lower case here: it becomes " + name,
                            false));
        }
        var columns = new ColumnPlan(target, source, losses).columns();
        var keys = new KeyPlan(target, source, columns, losses).keys();
        var foreignKeys = foreignKeys(source, losses);
        var options = options(source, losses);
        var table =
                new Table(
                        name,
                        columns,
                        keys,
                        foreignKeys,
                        options,
                        PartitionPlan.of(target, source, losses));
        return statements(source, table, losses);
    }

    private static void refuseVersioned(Table source) {
        if (source.options().containsKey("system_versioning")
                || source.options().containsKey("period")) {
            throw ProblemException.of(
                    ProblemCode.TYPE_NOT_SUPPORTED,
                    "Table " + source.name() + " is versioned",
                    "tables with system versioning or periods cannot be carried",
                    "Exclude the table, or drop its versioning at the source");
        }
    }

    /// A name as the target keeps it.
    TableName spelled(TableName wanted) {
        return target.lowerCaseTableNames() == 1
                ? new TableName(
                        wanted.database().toLowerCase(Locale.ROOT),
                        wanted.table().toLowerCase(Locale.ROOT))
                : wanted;
    }

    private SchemaPlan statements(Table source, Table table, List<Loss> losses) {
        var later = table.secondaryUniqueKeys();
        var now = new ArrayList<>(table.keys());
        now.removeAll(later);
        var standIn = autoIncrementKey(table, now);
        standIn.ifPresent(now::add);
        // The stand-in goes with the first unique key that makes it needless; if there is none it
        // stays.
        var ends =
                standIn.flatMap(key ->
                        later.stream().filter(unique -> leads(unique, first(key))).findFirst());
        var built = table;
        if (standIn.isPresent() && ends.isEmpty()) {
            losses.add(
                    new Loss(
                            "table " + source.name(),
                            "InnoDB wants a key on the AUTO_INCREMENT column: "
                                    + AUTO_INCREMENT_KEY
                                    + " is added",
                            false));
            built = withKey(table, standIn.get());
        }
        var behindLoad = behindLoad(table, now);
        var first = new ArrayList<>(now);
        first.removeAll(behindLoad);
        var atWindowEnd =
                later.stream()
                        .map(key ->
                                new KeyBuild(
                                        key.name(),
                                        writer.addKey(table.name(), key)
                                                + (ends.equals(Optional.of(key))
                                                        ? ", DROP KEY "
                                                                + MySqlSql.quote(AUTO_INCREMENT_KEY)
                                                        : "")))
                        .toList();
        var afterAll =
                table.foreignKeys().stream()
                        .map(key ->
                                new KeyBuild(key.name(), writer.addForeignKey(table.name(), key)))
                        .toList();
        reportVectorKeys(source, losses);
        return new SchemaPlan(
                built,
                create(table, first),
                create(table, now),
                behindLoad.stream()
                        .map(key -> new KeyBuild(key.name(), writer.addKey(table.name(), key)))
                        .toList(),
                atWindowEnd,
                afterAll,
                losses);
    }

    private List<String> create(Table table, List<Key> keys) {
        return List.of(
                "CREATE DATABASE IF NOT EXISTS " + MySqlSql.quote(table.name().database()),
                writer.create(table, keys));
    }

    /// The keys that are built when all rows are there: those that no other statement needs before.
    private List<Key> behindLoad(Table table, List<Key> keys) {
        return keys.stream()
                .filter(key -> key.kind() == Key.Kind.PLAIN)
                .filter(key -> !target.version().isOceanBase() || canAdd(table, key))
                .filter(key ->
                        table.columns().stream()
                                .filter(Column::autoIncrement)
                                .noneMatch(counter -> leads(key, counter.name())))
                .toList();
    }

    /// Whether OceanBase adds the key to a table as it makes it with one: its ALTER TABLE forgets
    /// that a key is invisible, and builds rows by SQL in which a backtick of a name ends the name.
    private static boolean canAdd(Table table, Key key) {
        var names =
                Stream.concat(
                        Stream.of(table.name().database(), table.name().table(), key.name()),
                        table.columns().stream().map(Column::name));
        return key.options().filter(options -> options.contains("INVISIBLE")).isEmpty()
                && names.noneMatch(name -> name.contains("`"));
    }

    private static Table withKey(Table table, Key key) {
        var keys = new ArrayList<>(table.keys());
        keys.add(key);
        return new Table(
                table.name(),
                table.columns(),
                keys,
                table.foreignKeys(),
                table.options(),
                table.partitioning());
    }

    private static void reportVectorKeys(Table source, List<Loss> losses) {
        source.options().keySet().stream()
                .filter(option -> option.startsWith("vector key "))
                .sorted()
                .forEach(option ->
                        losses.add(
                                new Loss(
                                        option + " of " + source.name(),
                                        "vector keys are left out",
                                        false)));
    }

    /// InnoDB demands that an AUTO_INCREMENT column leads a key. If its only such key is built
    /// later, or the source's engine did not demand it, a plain key stands in.
    private Optional<Key> autoIncrementKey(Table table, List<Key> now) {
        if (target.version().isOceanBase()) {
            return Optional.empty();
        }
        return table.columns().stream()
                .filter(Column::autoIncrement)
                .map(Column::name)
                .filter(column -> now.stream().noneMatch(key -> leads(key, column)))
                .map(column ->
                        new Key(
                                AUTO_INCREMENT_KEY,
                                Key.Kind.PLAIN,
                                List.of(Key.Part.column(column)),
                                Optional.empty()))
                .findFirst();
    }

    private static boolean leads(Key key, String column) {
        return first(key).equals(column);
    }

    private static String first(Key key) {
        return key.parts().getFirst().column();
    }

    private List<ForeignKey> foreignKeys(Table source, List<Loss> losses) {
        var keys = new ArrayList<ForeignKey>();
        for (var key : source.foreignKeys()) {
            var object = "foreign key " + key.name() + " of " + source.name();
            var parent = names.get(key.parent());
            if (parent == null) {
                losses.add(
                        new Loss(
                                object,
                                "its parent " + key.parent() + " is not migrated: it is left out",
                                false));
            } else {
                keys.add(
                        new ForeignKey(
                                key.name(),
                                key.columns(),
                                spelled(parent),
                                key.parentColumns(),
                                key.onDelete(),
                                key.onUpdate()));
            }
        }
        return keys;
    }

    // Options

    private Map<String, String> options(Table source, List<Loss> losses) {
        var options = new LinkedHashMap<String, String>();
        var collation =
                new CollationMap(target)
                        .of(
                                source.options().getOrDefault("charset", "utf8mb4"),
                                source.options().getOrDefault("collation", "utf8mb4_general_ci"));
        options.put("charset", collation.charset());
        options.put("collation", collation.collation());
        if (!target.version().isOceanBase()) {
            options.put("engine", "InnoDB");
        }
        for (var option :
                source.options().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            option(source, option.getKey(), option.getValue(), options, losses);
        }
        return options;
    }

    private void option(
            Table source,
            String name,
            String value,
            Map<String, String> options,
            List<Loss> losses) {
        var object = "table " + source.name();
        switch (name) {
            case "charset", "collation" -> {}
            case "comment", "auto_increment" -> options.put(name, value);
            case "engine" -> {
                if (!value.equalsIgnoreCase("InnoDB")) {
                    losses.add(
                            new Loss(
                                    object,
                                    "the engine "
                                            + value
                                            + " becomes "
                                            + (target.version().isOceanBase()
                                                    ? "OceanBase's own"
                                                    : "InnoDB"),
                                    false));
                }
            }
            default -> {
                if (name.startsWith("check ") || name.startsWith("column check ")) {
                    check(source, name, value, options, losses);
                } else if (keepsOption(name, value)) {
                    options.put(name, value);
                } else if (!name.startsWith("vector key ")) {
                    losses.add(
                            new Loss(
                                    object,
                                    "the option " + name + " = " + value + " is left out",
                                    false));
                }
            }
        }
    }

    private boolean keepsOption(String name, String value) {
        if (target.version().isOceanBase()) {
            return false;
        }
        return switch (name) {
            case "row_format" -> ROW_FORMATS.contains(value.toUpperCase(Locale.ROOT));
            case "compression" -> target.version().mySql(5, 7, 8);
            default -> CreateTextWriter.PLAIN_OPTIONS.containsKey(name);
        };
    }

    private void check(
            Table source,
            String name,
            String value,
            Map<String, String> options,
            List<Loss> losses) {
        var object = name.substring(name.indexOf("check ")) + " of " + source.name();
        if (!target.version().checks()) {
            losses.add(
                    new Loss(
                            object,
                            "CHECK constraints do not exist here: " + value + " is left out",
                            false));
        } else if (value.endsWith(" NOT ENFORCED") && target.version().isMariaDb()) {
            losses.add(
                    new Loss(
                            object,
                            "a CHECK that is not enforced does not exist here: "
                                    + value
                                    + " is left out",
                            false));
        } else if (name.startsWith("column check ") && !target.version().isMariaDb()) {
            options.put(
                    "check unnamed_" + name.substring("column check ".length()),
                    expression(source, value));
        } else {
            options.put(name, expression(source, value));
        }
    }

    private String expression(Table source, String text) {
        return new ColumnPlan(target, source, new ArrayList<>()).introduced(text);
    }
}
