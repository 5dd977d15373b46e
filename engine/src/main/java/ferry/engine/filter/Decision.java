package ferry.engine.filter;

import ferry.engine.model.TableName;
import java.util.Optional;

/// What the object rules say of one table of the source: its name in the target, if it moves, and
/// the lines of the rules that decided, for the operator.
public record Decision(TableName table, Optional<TableName> target, String by) {
    public boolean moves() {
        return target.isPresent();
    }
}
