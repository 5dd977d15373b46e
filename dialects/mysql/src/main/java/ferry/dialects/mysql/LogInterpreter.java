package ferry.dialects.mysql;

import ferry.dialects.mysql.GtidEvent.Alter;
import ferry.engine.dialect.LogEvent;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes [LogEvent]s of raw events: says what each event and statement is to the group it stands in
/// ([EventGroups]), and has rows of admitted tables decoded ([RowEvents]). A closed list of events:
/// what is not on it is a problem. Holds at most the changes of one raw event.
///
/// A transaction without changes of admitted tables is not told; [LogEvent.Progress] before the
/// next one moves the position over it. XA groups are always told, because their commit comes later
/// under their name alone.
final class LogInterpreter {
    private static final Pattern WHOLE_TABLE =
            Pattern.compile("DELETE FROM `([^`]+)`\\.`([^`]+)`(?: /\\*[^*]*\\*/)?");

    private final LogServer server;
    private final SqlText.Server sqlServer;
    private final AdmittedTables tables;
    private final MySqlDdl ddl;
    private final LogCursor cursor;
    private final RowEvents rowEvents;
    private final EventGroups groups;
    private final GtidEvent.Sources sources = new GtidEvent.Sources();

    LogInterpreter(LogServer server, MySqlPosition after, AdmittedTables tables, MySqlDdl ddl) {
        this.server = server;
        this.sqlServer = SqlText.Server.of(server);
        this.tables = tables;
        this.ddl = ddl;
        this.cursor = new LogCursor(server, after);
        this.rowEvents = new RowEvents(tables);
        this.groups = new EventGroups(server, after, cursor, rowEvents);
    }

    Optional<LogEvent> poll() {
        return groups.poll();
    }

    /// Tells Progress as soon as everything up to this place was read.
    void tellAt(MySqlPosition place) {
        groups.tellAt(place);
    }

    /// The group that was opened last.
    Optional<EventGroup> opened() {
        return groups.opened();
    }

    /// True when nothing waits to be told.
    boolean isSilent() {
        return groups.isSilent();
    }

    /// True when what was taken ends with a whole group and all of it was told.
    boolean isBetweenGroups() {
        return !groups.isOpen() && groups.isSilent();
    }

    /// The position, which lies before an open transaction, and the source's time of the last
    /// event.
    LogEvent.Progress progress() {
        return groups.progress();
    }

    /// Takes one event; throws a problem that names it if it cannot be understood.
    void take(RawEvent event) {
        try {
            var start = cursor.move(event, groups.isOpen());
            if (event.seconds() > 0) {
                groups.passed(event.seconds() * 1_000_000);
            }
            interpret(event, start);
            groups.advance();
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            throw LogProblems.event(
                    "An event of the log of " + server.address() + " could not be read",
                    cursor.describe(event) + ": " + e,
                    e);
        }
    }

    private void interpret(RawEvent event, long start) {
        switch (event.type()) {
            case RawEvent.ROTATE -> {
                cursor.rotate(event.read());
                rowEvents.forgetMaps(); // a restarted server counts its table ids anew
            }
            case RawEvent.FORMAT_DESCRIPTION -> FormatDescription.check(event.read());
            case RawEvent.HEARTBEAT, RawEvent.HEARTBEAT_V2 -> groups.heartbeat();
            case RawEvent.GTID ->
                    groups.open(GtidEvent.mySql(event.read(), false, sources), event, start);
            case RawEvent.ANONYMOUS_GTID ->
                    groups.open(GtidEvent.mySql(event.read(), true, sources), event, start);
            case RawEvent.GTID_TAGGED -> groups.open(GtidEvent.tagged(event.body()), event, start);
            case RawEvent.MARIADB_GTID ->
                    groups.open(GtidEvent.mariaDb(event.read(), event.serverId()), event, start);
            case RawEvent.QUERY, RawEvent.MARIADB_QUERY_COMPRESSED -> {
                if (QueryEvent.isBegin(event)) {
                    groups.begin(groups.at(event, start));
                } else {
                    statement(QueryEvent.read(event), event, start);
                }
            }
            case RawEvent.EXECUTE_LOAD_QUERY -> loadData(groups.at(event, start));
            case RawEvent.TABLE_MAP -> tableMap(event);
            case RawEvent.WRITE_ROWS_V1, RawEvent.WRITE_ROWS ->
                    rows(event, RowDecoder.Kind.WRITE, false);
            case RawEvent.UPDATE_ROWS_V1, RawEvent.UPDATE_ROWS ->
                    rows(event, RowDecoder.Kind.UPDATE, false);
            case RawEvent.DELETE_ROWS_V1, RawEvent.DELETE_ROWS ->
                    rows(event, RowDecoder.Kind.DELETE, false);
            case RawEvent.MARIADB_WRITE_ROWS_COMPRESSED_V1,
                    RawEvent.MARIADB_WRITE_ROWS_COMPRESSED ->
                    rows(event, RowDecoder.Kind.WRITE, true);
            case RawEvent.MARIADB_UPDATE_ROWS_COMPRESSED_V1,
                    RawEvent.MARIADB_UPDATE_ROWS_COMPRESSED ->
                    rows(event, RowDecoder.Kind.UPDATE, true);
            case RawEvent.MARIADB_DELETE_ROWS_COMPRESSED_V1,
                    RawEvent.MARIADB_DELETE_ROWS_COMPRESSED ->
                    rows(event, RowDecoder.Kind.DELETE, true);
            case RawEvent.XID -> groups.commit();
            case RawEvent.XA_PREPARE -> xaPrepared(event.read());
            case RawEvent.INCIDENT ->
                    throw LogProblems.incomplete(
                            "The source's log has a gap at " + cursor.describe(event),
                            "the server logged an incident: changes before it may be missing",
                            "load all tables again behind it");
            case RawEvent.PARTIAL_UPDATE_ROWS ->
                    throw LogProblems.incomplete(
                            "The source logs parts of JSON documents, at " + cursor.describe(event),
                            "binlog_row_value_options holds PARTIAL_JSON",
                            "set binlog_row_value_options='' on the source, then start the project anew");
            // Values for a statement that follows, which decides; what the statement loads;
            // comments; group replication's notes.
            case RawEvent.INTVAR,
                    RawEvent.RAND,
                    RawEvent.USER_VAR,
                    RawEvent.BEGIN_LOAD_QUERY,
                    RawEvent.APPEND_BLOCK,
                    RawEvent.DELETE_FILE,
                    RawEvent.STOP,
                    RawEvent.IGNORABLE,
                    RawEvent.ROWS_QUERY,
                    RawEvent.PREVIOUS_GTIDS,
                    RawEvent.TRANSACTION_CONTEXT,
                    RawEvent.VIEW_CHANGE,
                    RawEvent.MARIADB_ANNOTATE_ROWS,
                    RawEvent.MARIADB_BINLOG_CHECKPOINT,
                    RawEvent.MARIADB_GTID_LIST,
                    RawEvent.MARIADB_START_ENCRYPTION -> {}
            default ->
                    throw LogProblems.event(
                            "The source's log holds an unknown event",
                            cursor.describe(event),
                            null);
        }
    }

    private void xaPrepared(EventBytes in) {
        var onePhase = in.u8() != 0;
        if (onePhase) {
            groups.commit();
            return;
        }
        var format = (int) in.u32();
        var globalLength = (int) in.u32();
        var branchLength = (int) in.u32();
        groups.prepare(XaName.of(in.take(globalLength), in.take(branchLength), format));
    }

    // ---- statements

    private void statement(QueryEvent query, RawEvent event, long start) {
        var sqlMode = Long.parseUnsignedLong(query.session().getOrDefault("sql_mode", "0"));
        var tokens =
                StatementKind.withoutSettings(
                        SqlText.tokens(query.statement(), sqlServer, sqlMode));
        var kind = StatementKind.of(tokens);
        var current = groups.at(event, start);
        switch (kind) {
            case BEGIN -> groups.begin(current);
            case COMMIT -> groups.commit();
            case ROLLBACK -> groups.rollback(current);
            case ROLLBACK_TO_SAVEPOINT -> groups.requireNoRows(current);
            case SAVEPOINT, XA_END -> {}
            case XA_START -> groups.xaStart(current, xid(query));
            case XA_PREPARE -> groups.prepare(xid(query));
            case XA_COMMIT_ONE_PHASE -> groups.commit();
            case XA_COMMIT -> groups.commitPrepared(current, xid(query));
            case XA_ROLLBACK -> {
                if (current.begun) {
                    groups.rollback(current);
                } else {
                    groups.rollbackPrepared(current, xid(query));
                }
            }
            case DATA -> {
                if (!current.known) {
                    refuseIfAdmitted(query);
                }
                groups.endStatement(current);
            }
            case NOTHING -> groups.endStatement(current);
            case DEFINITION -> definition(query, tokens, current);
            case UNKNOWN ->
                    throw LogProblems.event(
                            "The source's log holds an unknown statement",
                            cursor.describe(event)
                                    + ": it begins with "
                                    + tokens.getFirst().upper(),
                            null);
        }
    }

    private static String xid(QueryEvent query) {
        return XaName.find(query.statement())
                .orElseThrow(() ->
                        new IllegalArgumentException("no XA name in '" + query.statement() + "'"));
    }

    /// A statement tells its databases, but not what views and triggers changed in them.
    private void refuseIfAdmitted(QueryEvent query) {
        var concerned =
                query.databases()
                        .map(names -> names.stream().anyMatch(tables::hasAny))
                        .orElse(!tables.isEmpty());
        if (concerned && !emptiesAnotherTable(query.statement())) {
            throw statementInPlaceOfRows(query.statement().strip().split("\\s+")[0]);
        }
    }

    /// What servers log for a MEMORY table that a restart emptied.
    private boolean emptiesAnotherTable(String statement) {
        var whole = WHOLE_TABLE.matcher(statement);
        return whole.matches() && !tables.dependOn(new TableName(whole.group(1), whole.group(2)));
    }

    private void loadData(EventGroup current) {
        if (!current.known && !tables.isEmpty()) {
            throw statementInPlaceOfRows("LOAD DATA");
        }
        groups.endStatement(current);
    }

    private ProblemException statementInPlaceOfRows(String word) {
        return LogProblems.incomplete(
                "A statement stands in the log in place of rows, before %s: %s"
                        .formatted(cursor.text(), word),
                "a session ran with another binlog_format than ROW, and it may have changed selected tables",
                "set binlog_format=ROW on the source for all sessions, then load the tables again");
    }

    private void definition(QueryEvent query, List<SqlText.Token> tokens, EventGroup current) {
        var effects =
                current.known || current.alter == Alter.START || current.alter == Alter.ROLLBACK
                        ? List.<SchemaEffect>of()
                        : ddl.effects(query, tokens, tables);
        if (effects.isEmpty()) {
            groups.endStatement(current);
            return;
        }
        groups.schemaChange(
                current,
                new LogEvent.SchemaChange(
                        current.id(),
                        current.micros,
                        query.statement(),
                        query.database(),
                        query.session(),
                        effects));
    }

    // ---- rows

    private void tableMap(RawEvent event) {
        if (!groups.ofRows().known) {
            rowEvents.map(event);
        }
    }

    private void rows(RawEvent event, RowDecoder.Kind kind, boolean compressed) {
        var current = groups.ofRows();
        if (!current.known) {
            rowEvents.rows(event, kind, compressed).ifPresent(rows -> groups.rows(current, rows));
        }
    }
}
