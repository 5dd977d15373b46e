package ferry.engine.changelog;

import ferry.engine.model.Table;

/// A table's definition as printable text, as it is stored in the target's bookkeeping.
public final class TableText {
    private TableText() {}

    /// Base64 of the table's binary form.
    public static String encode(Table table) {
        throw new UnsupportedOperationException("not built");
    }

    /// Throws IllegalArgumentException if the text is not a table.
    public static Table decode(String text) {
        throw new UnsupportedOperationException("not built");
    }
}
