package ferry.engine.changelog;

import ferry.engine.model.Change;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Position;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.util.List;
import java.util.Map;

/// What capture appends to a [ChangeLog] and a [ChangeLogReader] delivers. A closed list.
///
/// Appended in the source's log order: `Begin, Rows*, Commit`; `Begin, Rows*, Prepare` and later
/// `CommitPrepared` or `RollbackPrepared` (XA); `SchemaChange`, `Admitted` and `Progress` between
/// transactions only.
///
/// Delivered: the same, but an XA group comes as `Begin, Rows*, Commit` under the id and at the
/// place of its XA COMMIT. At its own place there is a bare [Prepare], whose rows are not
/// delivered. [CommitPrepared] is never delivered.
public sealed interface LogRecord {
    /// A transaction begins. The log numbers transactions itself: `sequence` is 0 when it is
    /// appended; delivered, it is dense over all transactions and schema changes of this log.
    record Begin(long sequence, TransactionId id, long micros) implements LogRecord {
        public Begin(TransactionId id, long micros) {
            this(0, id, micros);
        }
    }

    /// Changes of one table. The log writes the table's layout before the first rows that need it,
    /// so append the same [Table] instance again and again: it is recognised quickest. A reader
    /// delivers one instance for as long as the layout is the same. At most a few megabytes each.
    record Rows(Table table, List<Change> changes) implements LogRecord {
        public Rows {
            changes = changes instanceof CodedChanges ? changes : List.copyOf(changes);
        }
    }

    record Commit(TransactionId id) implements LogRecord {}

    /// Ends an XA group: it is durable at the source but not committed.
    record Prepare(TransactionId id, String xid) implements LogRecord {}

    /// Commits the group that was prepared under `xid`; its position is this one's.
    record CommitPrepared(TransactionId id, String xid, long micros) implements LogRecord {}

    /// Drops the group that was prepared under `xid`.
    record RollbackPrepared(TransactionId id, String xid) implements LogRecord {}

    /// A statement that changed definitions; the fields are those of the dialect's event.
    record SchemaChange(
            TransactionId id,
            long micros,
            String statement,
            String database,
            Map<String, String> session,
            List<SchemaEffect> effects)
            implements LogRecord {
        public SchemaChange {
            session = Map.copyOf(session);
            effects = List.copyOf(effects);
        }

        /// True when an effect concerns this table, under its old or its new name.
        public boolean touches(TableName table) {
            return effects.stream()
                    .anyMatch(effect ->
                            effect.table().equals(table)
                                    || effect instanceof SchemaEffect.Renamed renamed
                                            && renamed.to().equals(table));
        }
    }

    /// From here on the rows of this table are captured, under this layout. A reader may deliver
    /// one that lies before its low-water mark.
    record Admitted(Table table) implements LogRecord {}

    /// The source's log was read up to here, whatever it held. `micros` is the source's time of the
    /// last event seen, 0 if unknown.
    record Progress(Position position, long micros) implements LogRecord {}
}
