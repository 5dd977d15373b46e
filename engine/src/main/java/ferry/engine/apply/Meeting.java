package ferry.engine.apply;

import ferry.engine.model.TableName;

/// A place in the target where transactions meet; `key` and `values` empty where it has none. The
/// values are those of a key, shown as reports of differences show them, and not for logs.
public record Meeting(Kind kind, TableName table, String key, String values) {
    /// What is claimed there.
    public enum Kind {
        /// One row.
        ROW,
        /// One value of a further unique key.
        VALUE,
        /// A unique key as a whole, because equality of its values cannot be told.
        KEY,
        /// A table as a whole: it has no key, or is replayed with its unique keys in place.
        TABLE
    }

    /// For people.
    public String text() {
        return switch (kind) {
            case ROW -> "row " + values + " of " + table;
            case VALUE -> "value " + values + " of key " + key + " of " + table;
            case KEY -> "key " + key + " of " + table + " as a whole";
            case TABLE -> "table " + table + " as a whole";
        };
    }
}
