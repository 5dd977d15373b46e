package ferry.engine.dialect;

import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TransactionId;
import java.util.List;
import java.util.Map;

/// What a [LogReader] delivers, in commit order: `Begin, Rows*, Commit`; `Begin, Rows*, Prepare`
/// and later `CommitPrepared` or `RollbackPrepared` (XA); `SchemaChange` between transactions;
/// `Progress` now and then. A closed list.
public sealed interface LogEvent {
    /// A transaction begins. `micros` is the source's commit time in microseconds since the epoch
    /// (or the best it tells).
    record Begin(TransactionId id, long micros) implements LogEvent {}

    /// Changes of one table, all under the layout with which the table was admitted (or its
    /// successor after a SchemaChange). A transaction of any size comes in many of these, each at
    /// most a few megabytes. They may be [ferry.engine.model.CodedChanges].
    record Rows(Table layout, List<Change> changes) implements LogEvent {}

    record Commit(TransactionId id) implements LogEvent {}

    /// Ends an XA group: it is durable at the source but not committed.
    record Prepare(TransactionId id, String xid) implements LogEvent {}

    /// Commits the group that was prepared under `xid`; its position is this one's.
    record CommitPrepared(TransactionId id, String xid, long micros) implements LogEvent {}

    record RollbackPrepared(TransactionId id, String xid) implements LogEvent {}

    /// A statement that changed definitions. `database` is its default database and `session` the
    /// state that it ran under.
    record SchemaChange(
            TransactionId id,
            long micros,
            String statement,
            String database,
            Map<String, String> session,
            List<SchemaEffect> effects)
            implements LogEvent {
        public SchemaChange {
            session = Map.copyOf(session);
            effects = List.copyOf(effects);
        }
    }

    /// The log was read up to here, whatever it held. Also delivered when nothing came for the
    /// asked time. `micros` is the source's time of the last event seen, 0 if unknown.
    record Progress(Position position, long micros) implements LogEvent {}
}
