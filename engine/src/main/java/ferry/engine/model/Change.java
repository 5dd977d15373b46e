package ferry.engine.model;

import java.util.List;

/// What a transaction did to one row.
public sealed interface Change {
    record Insert(Row after) implements Change {}

    record Update(Row before, Row after) implements Change {}

    record Delete(Row before) implements Change {}

    /// The row before and after it, as far as it was there.
    default List<Row> rows() {
        return switch (this) {
            case Insert(Row after) -> List.of(after);
            case Update(Row before, Row after) -> List.of(before, after);
            case Delete(Row before) -> List.of(before);
        };
    }
}
