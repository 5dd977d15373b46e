package ferry.engine.dialect;

import ferry.engine.model.Row;

/// Turns rows of one table into rows of its counterpart. Throws a problem with code VALUE_REFUSED
/// for a value that has no counterpart.
@FunctionalInterface
public interface RowTranslation {
    RowTranslation SAME = row -> row;

    Row translate(Row row);
}
