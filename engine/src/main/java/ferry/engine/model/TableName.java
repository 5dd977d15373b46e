package ferry.engine.model;

import java.util.Objects;

/// The name of a table as its server spells it: database and table, unquoted.
public record TableName(String database, String table) implements Comparable<TableName> {
    public TableName {
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(table, "table");
    }

    /// Reads `database.table`; what stands behind the first dot is the table. Throws
    /// IllegalArgumentException if one of the two is missing.
    public static TableName parse(String text) {
        var dot = text.indexOf('.');
        if (dot < 1 || dot == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' is no table; write database.table");
        }
        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public int compareTo(TableName other) {
        var byDatabase = database.compareTo(other.database);
        return byDatabase != 0 ? byDatabase : table.compareTo(other.table);
    }

    @Override
    public String toString() {
        return database + "." + table;
    }
}
