package ferry.engine.changelog;

import ferry.engine.model.Position;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;

/// What a change log holds in the source's own form: only the source's dialect can read it.
@FunctionalInterface
public interface SourceForms {
    /// Makes a position again from its text.
    Position position(String text);

    /// Makes a code again from its description; see [RowCode].
    default RowCode rowCode(Table layout, byte[] description) {
        throw new IllegalArgumentException("this source writes no coded changes");
    }
}
