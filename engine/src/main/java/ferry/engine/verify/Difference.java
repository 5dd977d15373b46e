package ferry.engine.verify;

import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import java.util.Optional;

/// One row on which source and target disagree, both as the target would hold them. `key` is the
/// row's key, or the whole row for a table without one; `count` is then how many such rows are
/// missing (in `expected`) or too many (in `actual`).
public record Difference(
        TableName table, Row key, Optional<Row> expected, Optional<Row> actual, long count) {
    /// OMS's words for the kinds.
    public enum Kind {
        MASTER_ONLY,
        IMAGE_ONLY,
        MISMATCHED
    }

    public Kind kind() {
        if (actual.isEmpty()) {
            return Kind.MASTER_ONLY;
        }
        return expected.isEmpty() ? Kind.IMAGE_ONLY : Kind.MISMATCHED;
    }
}
