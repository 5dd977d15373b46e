package ferry.engine.dialect;

import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.time.Duration;
import java.util.Optional;

/// Reads a source's log in commit order. It delivers the rows of admitted tables only, and the
/// schema changes of all tables that are admitted or that `watch` names. What it does not know it
/// refuses with a problem; it never skips silently.
public interface LogReader extends AutoCloseable {
    /// The server whose log it is, as [Catalog#serverIdentity()] tells it; empty if it cannot be
    /// told.
    default Optional<String> serverIdentity() {
        return Optional.empty();
    }

    /// From the next event on, rows of this table are delivered, decoded by this layout. Replaces
    /// an earlier layout of the same name.
    void admit(Table layout);

    /// Rows of this table are no longer delivered.
    void forget(TableName table);

    /// Asks for a sign at a place: when everything up to it was read, that is told, by a
    /// transaction's end or by Progress, before anything behind it is decoded. A reader may pass
    /// over transactions that concern no admitted table without a word; a table that is admitted at
    /// an exact place would miss its rows in them. One that tells every transaction, and every
    /// place between two that it ever told or that a snapshot tells, needs nothing here.
    default void tellAt(Position place) {}

    /// True when nothing behind the last event was read yet: a table that is admitted now misses no
    /// row behind that event. A reader that holds the beginning of a transaction, of which it may
    /// have dropped rows already, says false.
    default boolean betweenTransactions() {
        return true;
    }

    /// The next event; [LogEvent.Progress] if none came for `wait`. After a SchemaChange whose
    /// effect holds a new layout for an admitted table, rows are decoded by the new one; if a
    /// table's new layout is unknown, dropped or renamed away, its rows are no longer delivered
    /// until it is admitted again.
    LogEvent next(Duration wait);

    @Override
    void close();
}
