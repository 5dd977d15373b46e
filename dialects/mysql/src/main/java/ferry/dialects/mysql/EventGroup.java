package ferry.dialects.mysql;

import ferry.dialects.mysql.GtidEvent.Alter;
import ferry.engine.dialect.LogEvent;
import ferry.engine.model.TransactionId;
import java.util.Optional;

/// One group of the log's events: what lies between two points where the position may stand. Only
/// [EventGroups] changes it.
final class EventGroup {
    final LoggedTransaction transaction;
    final long micros;
    final boolean known; // the position includes it already
    final Alter alter;
    Optional<String> xid;
    boolean begun; // BEGIN was seen
    boolean told;
    boolean holdsRows;
    Optional<LogEvent.SchemaChange> schemaChange = Optional.empty();
    private TransactionId id;

    EventGroup(
            LoggedTransaction transaction,
            long micros,
            boolean known,
            Optional<GtidEvent.MariaDb> mariaDb) {
        this.transaction = transaction;
        this.micros = micros;
        this.known = known;
        this.alter = mariaDb.map(GtidEvent.MariaDb::alter).orElse(Alter.WHOLE);
        this.xid = mariaDb.flatMap(GtidEvent.MariaDb::preparedXid);
        this.begun = mariaDb.map(gtid -> !gtid.standalone()).orElse(false);
    }

    /// Made when it is first told; most groups are told of at their beginning and at their end.
    TransactionId id() {
        if (id == null) {
            id = transaction.id();
        }
        return id;
    }
}
