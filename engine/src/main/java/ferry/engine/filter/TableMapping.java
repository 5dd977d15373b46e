package ferry.engine.filter;

import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;

/// What moves of one table of the source, and to where: its name in the target, and the condition
/// that rows must meet, as it was written; empty for all rows.
public record TableMapping(TableName source, TableName target, Optional<String> where) {
    /// All rows.
    public static TableMapping of(TableName source, TableName target) {
        return new TableMapping(source, target, Optional.empty());
    }

    public TableMapping withTarget(TableName name) {
        return new TableMapping(source, name, where);
    }

    /// True if the condition means the same of both definitions of the table; false also where it
    /// does not fit one of them.
    public boolean seesAlike(Table one, Table other) {
        try {
            return view(one).where().equals(view(other).where());
        } catch (ProblemException unfit) {
            return false;
        }
    }

    /// The table as this mapping lets it be seen. Throws a problem of the table if the condition
    /// does not fit its columns.
    public Table view(Table table) {
        if (where.isEmpty()) {
            return table;
        }
        try {
            return table.withWhere(Optional.of(ConditionReader.read(where.get(), table)));
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(
                            ProblemCode.ROW_CONDITION,
                            "the row condition of %s cannot be used: %s"
                                    .formatted(source, where.get()),
                            String.valueOf(e.getMessage()),
                            "correct it under objects.where; a project that has begun keeps the conditions with which it began, and is begun anew after 'ferry reset'")
                    .concerning(source);
        }
    }
}
