package ferry.engine.dialect;

import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.List;

/// Changes that a [Writer] makes to rows of one table, in their order.
///
/// @param source the source's table they come from; problems concern it
/// @param target the table whose rows they change
/// @param mode how they meet the rows that are there
/// @param changes rows in the target's canonical form
public record TableChanges(TableName source, Table target, Mode mode, List<Change> changes) {
    /// Changes of a table that has the same name at both ends.
    public static TableChanges of(Table target, Mode mode, List<Change> changes) {
        return new TableChanges(target.name(), target, mode, changes);
    }

    public int size() {
        return changes.size();
    }
}
