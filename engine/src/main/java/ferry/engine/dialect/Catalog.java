package ferry.engine.dialect;

import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads definitions from a server's dictionary and plans how they look elsewhere.
public interface Catalog extends AutoCloseable {
    /// Base tables outside the system databases, sorted by name; temporary tables and views are not
    /// listed.
    List<TableName> tables();

    /// A table's definition at this moment; empty if there is none.
    Optional<Table> table(TableName name);

    /// The server's identity: it stays the same over restarts and differs between servers
    /// (`server_uuid`).
    String serverIdentity();

    /// Facts that the other end's precheck and planner need, by name (`version`,
    /// `lower_case_table_names`, …).
    Map<String, String> facts();

    /// A name as this server keeps it: two that it keeps alike are the same table.
    default TableName spelled(TableName name) {
        return name;
    }

    /// Target role: how `source` is created here under the name `target`. Never executes anything.
    SchemaPlan plan(Table source, TableName target);

    /// The same with the names of all migrated tables (source to target): only with them can
    /// foreign keys be planned, since their parents have other names here, or are not migrated.
    /// [SchemaPlan#table()] has the name as the target keeps it.
    default SchemaPlan plan(Table source, TableName target, Map<TableName, TableName> names) {
        return plan(source, target);
    }

    /// Target role: the statements that follow a schema change of the source here, on tables that
    /// are outside their window. `names` maps every selected source table to its target name. Empty
    /// if the change cannot be followed exactly: its tables are then loaded again. Never executes
    /// anything.
    Optional<List<String>> replay(LogEvent.SchemaChange change, Map<TableName, TableName> names);

    /// Target role: the statement that drops a table, harmless to repeat.
    String drop(TableName table);

    /// Target role: the statement that empties a table at once and commits by itself, harmless to
    /// repeat.
    String truncate(TableName table);

    /// Target role: the statements that make the server look at the rows of a table, of which it
    /// holds about so many, for its statistics: the first one, or the next where the server refuses
    /// the one before. Each is harmless to repeat and commits by itself. Empty if there is none.
    default List<String> statistics(TableName table, long rows) {
        return List.of();
    }

    /// Target role: the names of keys that [#table] tells although they are not, or not yet: the
    /// server is building them, or is taking them back behind a statement that was cut off. Empty
    /// where a key is there as a whole or not at all.
    default Set<String> unfinishedKeys(TableName table) {
        return Set.of();
    }

    /// Target role: the SQL that makes this change, for an operator to read and run.
    String correction(Table table, Change change);

    /// Estimated rows and average bytes of a row, from the server's statistics; at least 0 and 1,
    /// and just these of a table that is gone or another one by now: whoever reads it finds out.
    Size size(Table table);

    record Size(long rows, long rowBytes) {}

    @Override
    void close();
}
