package ferry.engine.filter;

import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// Which source tables a project moves, their names in the target, and which of their rows and
/// columns. A table is selected when an include rule matches it and no exclude rule does. Its
/// target name comes from the most exact wish: a rename of the table, a rule with `=`, a rename of
/// its database; otherwise it keeps its name.
public record ObjectRules(
        List<ObjectRule> include,
        List<ObjectRule> exclude,
        List<Rename> renames,
        List<RowRule> rows,
        List<ColumnRule> columns) {
    public ObjectRules {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        renames = List.copyOf(renames);
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        for (var rule : exclude) {
            if (rule.target().isPresent()) {
                throw new IllegalArgumentException(
                        "the exclude rule '" + rule + "' names a target; only include rules may");
            }
        }
        var from = new HashSet<>();
        for (var rename : renames) {
            var isNew =
                    switch (rename) {
                        case Rename.OfTable table -> from.add(table.from());
                        case Rename.OfDatabase database -> from.add(database.from());
                    };
            if (!isNew) {
                throw new IllegalArgumentException(
                        "'" + rename + "' renames what another line renames already");
            }
            if (rename instanceof Rename.OfTable(var table, var _)) {
                refuseSecondTarget(include, table);
            }
        }
    }

    /// All rows and columns of the tables.
    public ObjectRules(List<ObjectRule> include, List<ObjectRule> exclude, List<Rename> renames) {
        this(include, exclude, renames, List.of(), List.of());
    }

    /// All tables of these databases, under their own names.
    public static ObjectRules all(String... databases) {
        return new ObjectRules(
                List.of(databases).stream()
                        .map(name -> ObjectRule.parse("`" + name.replace("`", "``") + "`.*"))
                        .toList(),
                List.of(),
                List.of());
    }

    /// Reads rules as a project file writes them; throws IllegalArgumentException with a sentence
    /// for the operator.
    public static ObjectRules parse(
            List<String> include, List<String> exclude, List<Rename> renames) {
        return new ObjectRules(
                include.stream().map(ObjectRule::parse).toList(),
                exclude.stream().map(ObjectRule::parse).toList(),
                renames);
    }

    public boolean selects(TableName table) {
        return matches(include, table) && !matches(exclude, table);
    }

    /// The table's name in the target; empty if it is not selected. A table created later is judged
    /// in the same way.
    public Optional<TableName> target(TableName table) {
        return selects(table) ? Optional.of(targets(table).getFirst()) : Optional.empty();
    }

    /// What moves of the table, and to where; empty if it is not selected.
    public Optional<TableMapping> mapping(TableName table) {
        return target(table).map(target -> mapping(table, target));
    }

    private TableMapping mapping(TableName table, TableName target) {
        return new TableMapping(
                table,
                target,
                rows(table).stream().findFirst().map(RowRule::condition),
                columns(table).stream().findFirst().map(ColumnRule::columns));
    }

    private List<RowRule> rows(TableName table) {
        return rows.stream().filter(rule -> rule.matches(table)).toList();
    }

    private List<ColumnRule> columns(TableName table) {
        return columns.stream().filter(rule -> rule.matches(table)).toList();
    }

    /// The same with the lines that decided: the first include rule that matches, the rename that
    /// gives the name, and the exclude rule.
    public Decision decide(TableName table) {
        var included = first(include, table);
        var excluded = first(exclude, table);
        if (included.isEmpty()) {
            return new Decision(table, Optional.empty(), "no include rule matches");
        }
        if (excluded.isPresent()) {
            return new Decision(table, Optional.empty(), "exclude " + excluded.get());
        }
        var target = targets(table).getFirst();
        var naming =
                renames.stream()
                        .filter(rename -> rename.target(table).equals(Optional.of(target)))
                        .map(rename -> ", rename " + rename)
                        .findFirst();
        return new Decision(
                table, Optional.of(target), "include " + included.get() + naming.orElse(""));
    }

    private static Optional<ObjectRule> first(List<ObjectRule> rules, TableName table) {
        return rules.stream().filter(rule -> rule.matches(table)).findFirst();
    }

    /// Judges all tables of a source at once. `targetFoldsCase` is true when the target does not
    /// tell names apart by letter case (`lower_case_table_names` other than 0).
    public Selection select(Collection<TableName> tables, boolean targetFoldsCase) {
        var mappings = new TreeMap<TableName, TableMapping>();
        var taken = new TreeMap<TableName, TableName>();
        var conflicts = new ArrayList<String>();
        var unclear = new ArrayList<String>();
        for (var table : tables.stream().sorted().filter(this::selects).toList()) {
            var targets = targets(table);
            if (targets.size() > 1) {
                conflicts.add(
                        "%s matches rules with different targets: %s and %s"
                                .formatted(table, targets.get(0), targets.get(1)));
            }
            var target = targets.getFirst();
            var other = taken.putIfAbsent(targetFoldsCase ? folded(target) : target, table);
            if (other != null) {
                conflicts.add(
                        "%s and %s would both become %s in the target"
                                .formatted(other, table, target));
            }
            var conditions = rows(table);
            if (conditions.size() > 1) {
                unclear.add(
                        "%s has two row conditions: '%s' and '%s'"
                                .formatted(table, conditions.get(0), conditions.get(1)));
            }
            var choices = columns(table);
            if (choices.size() > 1) {
                unclear.add(
                        "%s has two choices of columns: '%s' and '%s'"
                                .formatted(table, choices.get(0), choices.get(1)));
            }
            mappings.put(table, mapping(table, target));
        }
        var idle = new ArrayList<String>();
        include.stream()
                .filter(rule -> tables.stream().noneMatch(rule::matches))
                .forEach(rule ->
                        idle.add("the include rule '" + rule + "' matches no table of the source"));
        renames.stream()
                .filter(rename ->
                        mappings.keySet().stream()
                                .noneMatch(table -> rename.target(table).isPresent()))
                .forEach(rename ->
                        idle.add("the rename '" + rename + "' concerns no selected table"));
        rows.stream()
                .filter(rule -> mappings.keySet().stream().noneMatch(rule::matches))
                .forEach(rule ->
                        idle.add("the row condition '" + rule + "' concerns no selected table"));
        columns.stream()
                .filter(rule -> mappings.keySet().stream().noneMatch(rule::matches))
                .forEach(rule -> idle.add("the columns '" + rule + "' concern no selected table"));
        return new Selection(mappings, conflicts, unclear, idle);
    }

    private List<TableName> targets(TableName table) {
        var ofTable = renamed(table, Rename.OfTable.class);
        if (ofTable.isPresent()) {
            return List.of(ofTable.orElseThrow());
        }
        var byRule =
                include.stream()
                        .filter(rule -> rule.matches(table))
                        .flatMap(rule -> rule.target().stream())
                        .distinct()
                        .toList();
        return byRule.isEmpty()
                ? List.of(renamed(table, Rename.OfDatabase.class).orElse(table))
                : byRule;
    }

    private Optional<TableName> renamed(TableName table, Class<? extends Rename> kind) {
        return renames.stream()
                .filter(kind::isInstance)
                .flatMap(rename -> rename.target(table).stream())
                .findFirst();
    }

    private static void refuseSecondTarget(List<ObjectRule> include, TableName table) {
        include.stream()
                .filter(rule -> rule.target().isPresent() && rule.matches(table))
                .findFirst()
                .ifPresent(rule -> {
                    throw new IllegalArgumentException(
                            "%s gets a target from the rule '%s' and from a rename; keep one of them"
                                    .formatted(table, rule));
                });
    }

    private static boolean matches(List<ObjectRule> rules, TableName table) {
        return first(rules, table).isPresent();
    }

    private static TableName folded(TableName name) {
        return new TableName(
                name.database().toLowerCase(Locale.ROOT), name.table().toLowerCase(Locale.ROOT));
    }
}
