package ferry.engine.model;

import java.util.Optional;

/// What a schema change did to one table. Effects of one statement stand in their order.
public sealed interface SchemaEffect {
    TableName table();

    record Created(TableName table) implements SchemaEffect {}

    record Dropped(TableName table) implements SchemaEffect {}

    record Renamed(TableName table, TableName to) implements SchemaEffect {}

    record Truncated(TableName table) implements SchemaEffect {}

    /// `after` is the layout behind the statement if it follows exactly from the layout before;
    /// otherwise empty: the table must then be read and loaded again. `recomputes` is true when the
    /// statement gave old rows values that a replay elsewhere would not give (AUTO_INCREMENT,
    /// UUID(), CURRENT_TIMESTAMP).
    record Altered(TableName table, Optional<Table> after, boolean recomputes)
            implements SchemaEffect {}
}
