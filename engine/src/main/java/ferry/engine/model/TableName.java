package ferry.engine.model;

import java.util.Objects;

/// The name of a table as its server spells it: database and table, unquoted.
public record TableName(String database, String table) implements Comparable<TableName> {
    public TableName {
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(table, "table");
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
