package ferry.dialects.mysql;

import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.List;

/// What a change asks of the target, by the mode in which it is applied. Steps of one kind that
/// follow each other may share a statement.
sealed interface RowStep {
    /// A row that must not be there.
    record Insert(Row row) implements RowStep {}

    /// A row that takes the place of whatever has its keys.
    record Replace(Row row) implements RowStep {}

    /// A row that may be there.
    record Remove(Row key) implements RowStep {}

    /// A row that must be there.
    record Delete(Row row) implements RowStep {}

    /// A row that must be there under its old key.
    record Update(Row before, Row after) implements RowStep {}

    static List<RowStep> of(List<Change> changes, Writer.Mode mode, MySqlStatements statements) {
        var steps = new ArrayList<RowStep>();
        for (var change : changes) {
            switch (mode) {
                case STRICT -> steps.add(strict(change));
                case WINDOW -> window(change, statements, steps);
            }
        }
        return steps;
    }

    private static RowStep strict(Change change) {
        return switch (change) {
            case Change.Insert(var after) -> new Insert(after);
            case Change.Update(var before, var after) -> new Update(before, after);
            case Change.Delete(var before) -> new Delete(before);
        };
    }

    private static void window(Change change, MySqlStatements statements, List<RowStep> steps) {
        switch (change) {
            case Change.Insert(var after) -> steps.add(new Replace(after));
            case Change.Update(var before, var after) -> {
                var key = statements.key(before);
                if (!key.equals(statements.key(after))) {
                    steps.add(new Remove(key));
                }
                steps.add(new Replace(after));
            }
            case Change.Delete(var before) -> steps.add(new Remove(statements.key(before)));
        }
    }
}
