package ferry.engine.model;

/// What a transaction did to one row.
public sealed interface Change {
    record Insert(Row after) implements Change {}

    record Update(Row before, Row after) implements Change {}

    record Delete(Row before) implements Change {}
}
