package ferry.engine.filter;

import ferry.engine.model.Condition;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// What moves of one table of the source, and to where: its name in the target, the condition that
/// rows must meet, as it was written, empty for all rows, and the columns, empty for all under
/// their own names.
public record TableMapping(
        TableName source,
        TableName target,
        Optional<String> where,
        Optional<ColumnChoice> columns) {
    /// All rows and columns.
    public static TableMapping of(TableName source, TableName target) {
        return new TableMapping(source, target, Optional.empty(), Optional.empty());
    }

    public TableMapping withTarget(TableName name) {
        return new TableMapping(source, name, where, columns);
    }

    /// True if the condition means the same of both definitions of the table; false also where it
    /// does not fit one of them.
    public boolean meansAlike(Table one, Table other) {
        try {
            return condition(one).equals(condition(other));
        } catch (ProblemException unfit) {
            return false;
        }
    }

    /// True if nothing of what moves of the table tells both definitions apart.
    public boolean seesAlike(Table one, Table other) {
        try {
            return shown(one).equals(shown(other)) && condition(one).equals(condition(other));
        } catch (ProblemException unfit) {
            return false;
        }
    }

    private Table shown(Table table) {
        return view(table).alone().withoutCounter();
    }

    /// The table as this mapping lets it be seen. Throws a problem of the table if the condition or
    /// the choice of columns does not fit it.
    public Table view(Table table) {
        var condition = condition(table);
        if (columns.isPresent()) {
            return fitting(() -> ColumnView.of(columns.get(), table, condition));
        }
        return condition.isEmpty() ? table : table.withWhere(condition);
    }

    /// What of a view of this mapping is missing, though nobody left it out by name, each as `key
    /// k`.
    public List<String> leftOut(Table view) {
        return columns.map(choice -> ColumnView.leftOut(choice, view)).orElse(List.of());
    }

    /// The view with foreign keys that refer to columns of their parents by the names that these
    /// have in the target; without those whose parent's columns do not all move. `mappings` knows
    /// every table that moves.
    public static Table withParents(
            Table view, Function<TableName, Optional<TableMapping>> mappings) {
        return view.withForeignKeys(
                view.foreignKeys().stream()
                        .flatMap(key -> withParent(key, mappings.apply(key.parent())).stream())
                        .toList());
    }

    private static Optional<ForeignKey> withParent(ForeignKey key, Optional<TableMapping> parent) {
        var choice = parent.flatMap(TableMapping::columns);
        if (choice.isEmpty()) {
            return Optional.of(key);
        }
        var names = key.parentColumns().stream().map(choice.get()::nameOf).toList();
        return names.stream().allMatch(Optional::isPresent)
                ? Optional.of(
                        key.withParentColumns(names.stream().map(Optional::orElseThrow).toList()))
                : Optional.empty();
    }

    /// The names in the target of a layout's columns, at their places in logged rows. Throws a
    /// problem of the table if the choice of columns does not fit it.
    Table inLog(Table layout) {
        return columns.map(choice -> fitting(() -> ColumnView.inLog(choice, layout)))
                .orElse(layout);
    }

    /// True if a statement names a column that moves of this table, or one that its condition
    /// names: between two definitions that look alike another column may have taken its name.
    public boolean isNamedIn(String statement, Table table) {
        var words = SqlWords.of(statement);
        return where.map(SqlWords::of).stream().flatMap(Set::stream).anyMatch(words::contains)
                || columns.isPresent()
                        && view(table).underOwnNames().columns().stream()
                                .map(column -> SqlWords.lower(column.name()))
                                .anyMatch(words::contains);
    }

    /// Throws a problem of the table if a column is gone that was not to move while others that
    /// nobody named do: it may be there under another name.
    public void requireLeft(Table table) {
        var gone = columns.map(choice -> choice.gone(table)).orElse(List.of());
        if (!gone.isEmpty()) {
            throw unfit(
                    "it has no column %s any more, and one that has its values by now would move"
                            .formatted(String.join(", ", gone)));
        }
    }

    /// Throws a problem of the table if columns are named that it has not: a slip of the pen must
    /// not let move what was to stay. Only for tables that begin: later a column may go.
    public void requireColumns(Table table) {
        var unknown = columns.map(choice -> choice.unknown(table)).orElse(List.of());
        if (!unknown.isEmpty()) {
            throw unfit("it has no column " + String.join(", ", unknown));
        }
    }

    private Optional<Condition> condition(Table table) {
        try {
            return where.map(text -> ConditionReader.read(text, table));
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(
                            ProblemCode.ROW_CONDITION,
                            "the row condition of %s cannot be used: %s"
                                    .formatted(source, where.orElseThrow()),
                            String.valueOf(e.getMessage()),
                            "correct it under objects.where; a project that has begun keeps the conditions with which it began, and is begun anew after 'ferry reset'")
                    .concerning(source);
        }
    }

    private Table fitting(Supplier<Table> view) {
        try {
            return view.get();
        } catch (IllegalArgumentException e) {
            throw unfit(String.valueOf(e.getMessage()));
        }
    }

    private ProblemException unfit(String why) {
        return ProblemException.of(
                        ProblemCode.COLUMN_CHOICE,
                        "the columns of %s cannot be chosen so: %s"
                                .formatted(source, columns.orElseThrow()),
                        why,
                        "correct them under objects.columns; a project that has begun keeps the columns with which it began, and is begun anew after 'ferry reset'")
                .concerning(source);
    }
}
