package ferry.dialects.mysql;

import ferry.dialects.mysql.GtidEvent.Alter;
import ferry.engine.dialect.LogEvent;
import ferry.engine.model.Change;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes [LogEvent]s of raw events: finds where transactions begin and end, decodes rows of
/// admitted tables, and keeps the position. A closed list of events: what is not on it is a
/// problem. Holds at most the changes of one raw event.
///
/// A transaction without changes of admitted tables is not told; [LogEvent.Progress] before the
/// next one moves the position over it. XA groups are always told, because their commit comes later
/// under their name alone.
final class LogInterpreter {
    private static final int ROWS_BYTES_MAX = 1 << 20;
    private static final int FILE_BEGIN = 4;
    private static final long HALF = 1L << 31; // of what a 32 bit offset counts
    private static final int STATEMENT_END =
            1; // flag of a row event: its table maps are used no more

    private static final Pattern WHOLE_TABLE =
            Pattern.compile("DELETE FROM `([^`]+)`\\.`([^`]+)`(?: /\\*[^*]*\\*/)?");

    private final LogServer server;
    private final SqlText.Server sqlServer;
    private final AdmittedTables tables;
    private final MySqlDdl ddl;
    private final ArrayDeque<LogEvent> told = new ArrayDeque<>();
    private final Map<Long, Optional<AdmittedTables.Admitted>> mapped = new HashMap<>();
    private final Map<Long, MariaDbGtids.Gtid> lastOfDomain = new HashMap<>();

    private final List<MySqlPosition> asked = new ArrayList<>(); // places at which Progress is told

    private MySqlPosition position;
    private boolean untold; // the position passed transactions that nobody was told about
    private String file;
    private long offset; // the end of the last event, in the file
    private long micros;
    private Optional<Group> group = Optional.empty();

    LogInterpreter(LogServer server, MySqlPosition after, AdmittedTables tables, MySqlDdl ddl) {
        this.server = server;
        this.sqlServer = SqlText.Server.of(server);
        this.tables = tables;
        this.ddl = ddl;
        // Followed by its place, a log says nothing about a set; followed by GTIDs, an earlier
        // place may be another server's.
        this.position =
                server.follow(after).isPresent()
                        ? MySqlPosition.committed(after.gtids().orElseThrow())
                        : new MySqlPosition(after.place(), Optional.empty());
        // Known at once, so that Progress has a place before the first event.
        after.place()
                .filter(place -> place.server().equals(server.identity()))
                .ifPresent(place -> {
                    file = place.file();
                    offset = place.offset();
                });
    }

    /// What lies between two points where the position may stand.
    private static final class Group {
        final LoggedTransaction transaction;
        final long micros;
        final boolean known; // the position includes it already
        final Alter alter;
        final boolean standalone;
        Optional<String> xid;
        boolean begun; // BEGIN was seen
        boolean told;
        boolean holdsRows;
        Optional<LogEvent.SchemaChange> schemaChange = Optional.empty();

        Group(
                LoggedTransaction transaction,
                long micros,
                boolean known,
                Optional<GtidEvent.MariaDb> mariaDb) {
            this.transaction = transaction;
            this.micros = micros;
            this.known = known;
            this.alter = mariaDb.map(GtidEvent.MariaDb::alter).orElse(Alter.WHOLE);
            this.standalone = mariaDb.map(GtidEvent.MariaDb::standalone).orElse(false);
            this.xid = mariaDb.flatMap(GtidEvent.MariaDb::preparedXid);
            this.begun = mariaDb.isPresent() && !standalone;
        }
    }

    Optional<LogEvent> poll() {
        return Optional.ofNullable(told.poll());
    }

    /// Tells Progress as soon as everything up to this place was read.
    void tellAt(MySqlPosition place) {
        asked.add(place);
    }

    /// True when nothing waits to be told.
    boolean isSilent() {
        return told.isEmpty();
    }

    /// True when what was taken ends with a whole group and all of it was told.
    boolean isBetweenGroups() {
        return group.isEmpty() && told.isEmpty();
    }

    /// The position, which lies before an open transaction, and the source's time of the last
    /// event.
    LogEvent.Progress progress() {
        untold = false;
        return new LogEvent.Progress(position, micros);
    }

    /// Takes one event; throws a problem that names it if it cannot be understood.
    void take(RawEvent event) {
        try {
            var start = move(event);
            if (event.seconds() > 0) {
                micros = Math.max(micros, event.seconds() * 1_000_000);
            }
            interpret(event, start);
            advance();
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            throw LogProblems.event(
                    "An event of the log of " + server.address() + " could not be read",
                    describe(event) + ": " + e,
                    e);
        }
    }

    /// Moves the position to the end of the last event, but never back: a log that is opened begins
    /// at or before its position.
    private void advance() {
        if (group.isEmpty() && file != null) {
            var here = LogPlace.of(server.identity(), file, offset);
            if (position.place().map(here::notBefore).orElse(true)) {
                position = position.at(here);
            }
        }
        if (group.isEmpty() && asked.removeIf(position::covers)) {
            told.add(progress());
        }
    }

    /// Returns where the event begins. Offsets in events have 32 bits, files may be longer.
    private long move(RawEvent event) {
        if (event.type() == RawEvent.HEARTBEAT && group.isEmpty()) {
            // It tells where the server reads, behind transactions too that it passed over because
            // we have them.
            var told = event.read();
            if (told.utf8(told.left()).equals(file)) {
                offset = Math.max(offset, extended(event.end()));
            }
        }
        var formatAgain = event.type() == RawEvent.FORMAT_DESCRIPTION && offset > FILE_BEGIN;
        if (event.madeUp()
                || formatAgain
                || event.type() == RawEvent.HEARTBEAT
                || event.type() == RawEvent.HEARTBEAT_V2) {
            return offset;
        }
        offset = extended(event.end());
        return offset - event.length();
    }

    private long extended(long end) {
        var here = offset & ~0xffff_ffffL | end;
        return here < offset - HALF ? here + 2 * HALF : here;
    }

    private String describe(RawEvent event) {
        return "event of type %d before %s:%d".formatted(event.type(), file, offset);
    }

    private void interpret(RawEvent event, long start) {
        switch (event.type()) {
            case RawEvent.ROTATE -> rotate(event);
            case RawEvent.FORMAT_DESCRIPTION -> FormatDescription.check(event.read());
            case RawEvent.HEARTBEAT, RawEvent.HEARTBEAT_V2 -> {
                // The source has nothing more to send: an idle source is not far behind itself.
                if (group.isEmpty()) {
                    micros = Math.max(micros, System.currentTimeMillis() * 1000);
                }
                told.add(progress());
            }
            case RawEvent.GTID -> begin(GtidEvent.mySql(event.read(), false), event, start);
            case RawEvent.ANONYMOUS_GTID ->
                    begin(GtidEvent.mySql(event.read(), true), event, start);
            case RawEvent.GTID_TAGGED -> begin(GtidEvent.tagged(event.body()), event, start);
            case RawEvent.MARIADB_GTID ->
                    begin(GtidEvent.mariaDb(event.read(), event.serverId()), event, start);
            case RawEvent.QUERY, RawEvent.MARIADB_QUERY_COMPRESSED ->
                    statement(QueryEvent.read(event), event, start);
            case RawEvent.EXECUTE_LOAD_QUERY -> loadData(groupAt(event, start));
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
            case RawEvent.XID -> commit();
            case RawEvent.XA_PREPARE -> xaPrepared(event.read());
            case RawEvent.INCIDENT ->
                    throw LogProblems.incomplete(
                            "The source's log has a gap at " + describe(event),
                            "the server logged an incident: changes before it may be missing",
                            "load all tables again behind it");
            case RawEvent.PARTIAL_UPDATE_ROWS ->
                    throw LogProblems.incomplete(
                            "The source logs parts of JSON documents, at " + describe(event),
                            "binlog_row_value_options holds PARTIAL_JSON",
                            "set binlog_row_value_options='' on the source, then start the project anew");
            case RawEvent.TRANSACTION_PAYLOAD ->
                    throw LogProblems.event(
                            "The source compresses transactions in its log, at " + describe(event),
                            "binlog_transaction_compression is ON; this version does not read such transactions",
                            null);
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
                            "The source's log holds an unknown event", describe(event), null);
        }
    }

    private void rotate(RawEvent event) {
        var in = event.read();
        offset = in.i64();
        file = in.utf8(in.left());
        mapped.clear(); // a restarted server counts its table ids anew
    }

    // ---- transactions

    private void begin(GtidEvent gtid, RawEvent event, long start) {
        if (group.isPresent()) {
            throw new IllegalStateException(
                    "a transaction begins inside " + group.get().transaction.id());
        }
        gtid.gtid().filter(_ -> gtid.mariaDb().isPresent()).ifPresent(this::requireGrowing);
        var time = gtid.micros() != 0 ? gtid.micros() : event.seconds() * 1_000_000;
        open(gtid.gtid(), start, time, gtid.mariaDb());
    }

    private Group open(
            Optional<String> gtid, long start, long time, Optional<GtidEvent.MariaDb> mariaDb) {
        if (gtid.isEmpty() && position.gtids().isPresent()) {
            throw LogProblems.event(
                    "A transaction in the log of " + server.address() + " has no GTID",
                    "at " + file + ":" + start + ", though the log is followed by GTIDs",
                    null);
        }
        var transaction = new LoggedTransaction(gtid, LogPlace.of(server.identity(), file, start));
        var opened = new Group(transaction, time, position.includes(transaction), mariaDb);
        micros = Math.max(micros, time);
        group = Optional.of(opened);
        mapped.clear();
        if (opened.xid.isPresent()) {
            tell(opened);
        }
        return opened;
    }

    /// Positions of MariaDB hold the last number of each domain, so numbers must grow.
    private void requireGrowing(String text) {
        var gtid = MariaDbGtids.Gtid.parse(text);
        var last = lastOfDomain.put(gtid.domain(), gtid);
        if (last != null && gtid.notAfter(last)) {
            throw LogProblems.event(
                    "GTIDs in the log of " + server.address() + " do not grow",
                    gtid + " stands behind " + last + "; set gtid_strict_mode=ON",
                    null);
        }
    }

    private Group groupAt(RawEvent event, long start) {
        return group.orElseGet(
                () -> open(Optional.empty(), start, event.seconds() * 1_000_000, Optional.empty()));
    }

    private TransactionId id() {
        return group.orElseThrow().transaction.id();
    }

    /// Tells of a group's beginning before its first change.
    private void tell(Group current) {
        if (current.known || current.told) {
            return;
        }
        tellProgress();
        told.add(new LogEvent.Begin(current.transaction.id(), current.micros));
        current.told = true;
    }

    private void tellProgress() {
        if (untold) {
            told.add(progress());
        }
    }

    private void commit() {
        var current =
                group.orElseThrow(
                        () -> new IllegalStateException("a commit outside of a transaction"));
        if (current.schemaChange.isPresent()) {
            tellChange(current, current.schemaChange.get());
        } else if (current.told) {
            told.add(new LogEvent.Commit(id()));
        }
        end();
    }

    /// The position passes the group.
    private void end() {
        var current = group.orElseThrow();
        if (!current.known) {
            position = position.plus(current.transaction);
            untold |= !current.told;
        }
        group = Optional.empty();
    }

    private void rollback(Group current) {
        if (current.holdsRows) {
            throw LogProblems.incomplete(
                    "The transaction " + id() + " in the log was rolled back",
                    "it also changed tables without transactions, which cannot be told apart from the others",
                    "load the tables again");
        }
        if (current.told) {
            current.xid.ifPresent(xid -> told.add(new LogEvent.RollbackPrepared(id(), xid)));
        }
        end();
    }

    private void xaPrepared(EventBytes in) {
        var onePhase = in.u8() != 0;
        if (onePhase) {
            commit();
            return;
        }
        var format = (int) in.u32();
        var globalLength = (int) in.u32();
        var branchLength = (int) in.u32();
        prepared(XaName.of(in.take(globalLength), in.take(branchLength), format));
    }

    private void prepared(String xid) {
        var current =
                group.orElseThrow(
                        () -> new IllegalStateException("a prepare outside of a transaction"));
        tell(current);
        if (!current.known) {
            told.add(new LogEvent.Prepare(id(), xid));
        }
        end();
    }

    // ---- statements

    private void statement(QueryEvent query, RawEvent event, long start) {
        var sqlMode = Long.parseUnsignedLong(query.session().getOrDefault("sql_mode", "0"));
        var tokens =
                StatementKind.withoutSettings(
                        SqlText.tokens(query.statement(), sqlServer, sqlMode));
        var kind = StatementKind.of(tokens);
        var current = groupAt(event, start);
        switch (kind) {
            case BEGIN -> current.begun = true;
            case COMMIT -> commit();
            case ROLLBACK -> rollback(current);
            case ROLLBACK_TO_SAVEPOINT -> {
                if (current.holdsRows) {
                    rollback(current); // the same problem: what is taken back cannot be told apart
                }
            }
            case SAVEPOINT, XA_END -> {}
            case XA_START -> {
                current.begun = true;
                current.xid = Optional.of(xid(query));
                tell(current);
            }
            case XA_PREPARE -> prepared(xid(query));
            case XA_COMMIT_ONE_PHASE -> commit();
            case XA_COMMIT ->
                    xaEnd(current, new LogEvent.CommitPrepared(id(), xid(query), current.micros));
            case XA_ROLLBACK -> {
                if (current.begun) {
                    rollback(current);
                } else {
                    xaEnd(current, new LogEvent.RollbackPrepared(id(), xid(query)));
                }
            }
            case DATA -> {
                if (!current.known) {
                    refuseIfAdmitted(query);
                }
                endStatement(current);
            }
            case NOTHING -> endStatement(current);
            case DEFINITION -> definition(query, tokens, current);
            case UNKNOWN ->
                    throw LogProblems.event(
                            "The source's log holds an unknown statement",
                            describe(event) + ": it begins with " + tokens.getFirst().upper(),
                            null);
        }
    }

    private static String xid(QueryEvent query) {
        return XaName.find(query.statement())
                .orElseThrow(() ->
                        new IllegalArgumentException("no XA name in '" + query.statement() + "'"));
    }

    private void xaEnd(Group current, LogEvent event) {
        if (!current.known) {
            tellProgress();
            told.add(event);
            current.told = true;
        }
        end();
    }

    /// A statement by itself is a group by itself.
    private void endStatement(Group current) {
        if (!current.begun) {
            end();
        }
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

    private void loadData(Group current) {
        if (!current.known && !tables.isEmpty()) {
            throw statementInPlaceOfRows("LOAD DATA");
        }
        endStatement(current);
    }

    private ProblemException statementInPlaceOfRows(String word) {
        return LogProblems.incomplete(
                "A statement stands in the log in place of rows, before %s:%d: %s"
                        .formatted(file, offset, word),
                "a session ran with another binlog_format than ROW, and it may have changed selected tables",
                "set binlog_format=ROW on the source for all sessions, then load the tables again");
    }

    private void definition(QueryEvent query, List<SqlText.Token> tokens, Group current) {
        var effects =
                current.known || current.alter == Alter.START || current.alter == Alter.ROLLBACK
                        ? List.<SchemaEffect>of()
                        : ddl.effects(query, tokens, tables);
        if (!effects.isEmpty()) {
            var change =
                    new LogEvent.SchemaChange(
                            id(),
                            current.micros,
                            query.statement(),
                            query.database(),
                            query.session(),
                            effects);
            if (current.holdsRows || current.schemaChange.isPresent()) {
                throw LogProblems.event(
                        "A schema change stands inside a transaction with rows",
                        id().text() + ": " + effects.getFirst(),
                        null);
            }
            if (current.begun) {
                current.schemaChange =
                        Optional.of(
                                change); // CREATE TABLE … SELECT: its rows and the commit follow
                return;
            }
            tellChange(current, change);
        }
        endStatement(current);
    }

    private void tellChange(Group current, LogEvent.SchemaChange change) {
        if (current.told) {
            throw new IllegalStateException("a schema change inside " + id());
        }
        tellProgress();
        told.add(change);
        current.told = true;
        tables.apply(change.effects());
        mapped.clear();
    }

    // ---- rows

    private void tableMap(RawEvent event) {
        var current =
                group.orElseThrow(() -> new IllegalStateException("rows outside of a transaction"));
        if (current.known) {
            return;
        }
        var head = TableMap.head(event.read());
        mapped.put(head.id(), tables.find(head.name()).map(found -> found.mapped(event.body())));
    }

    private void rows(RawEvent event, RowDecoder.Kind kind, boolean compressed) {
        var current =
                group.orElseThrow(() -> new IllegalStateException("rows outside of a transaction"));
        if (current.known) {
            return;
        }
        var in = event.read();
        var tableId = in.little(6);
        var flags = in.u16();
        if (event.type() == RawEvent.WRITE_ROWS
                || event.type() == RawEvent.UPDATE_ROWS
                || event.type() == RawEvent.DELETE_ROWS) {
            in.skip(in.u16() - 2); // partition and NDB notes
        }
        var table = mapped.get(tableId);
        if (table == null) {
            // A dummy event of this id ends a statement that has no rows.
            if ((flags & STATEMENT_END) != 0 && in.left() <= 3) {
                return;
            }
            throw new IllegalStateException(
                    "rows of table number " + tableId + ", which no table map announced");
        }
        if (table.isPresent()) {
            if (current.schemaChange.isPresent()) {
                throw new IllegalStateException(
                        "rows of "
                                + table.get().layout().name()
                                + " in the transaction of a schema change");
            }
            tell(current);
            current.holdsRows = true;
            decode(table.get().decoder(), kind, compressed ? inflated(in, kind) : in);
        }
        if ((flags & STATEMENT_END) != 0) {
            mapped.clear();
        }
    }

    private void decode(RowDecoder decoder, RowDecoder.Kind kind, EventBytes in) {
        var changes = new ArrayList<Change>();
        var bytes = new int[1];
        decoder.decode(
                kind,
                in,
                (change, size) -> {
                    changes.add(change);
                    bytes[0] += size;
                    if (bytes[0] >= ROWS_BYTES_MAX) {
                        told.add(new LogEvent.Rows(decoder.layout(), List.copyOf(changes)));
                        changes.clear();
                        bytes[0] = 0;
                    }
                });
        if (!changes.isEmpty()) {
            told.add(new LogEvent.Rows(decoder.layout(), List.copyOf(changes)));
        }
    }

    /// The number of columns and the bitmaps stand there plainly, the rows behind them are
    /// compressed.
    private static EventBytes inflated(EventBytes in, RowDecoder.Kind kind) {
        var from = in.at();
        var columns = Math.toIntExact(in.packed());
        in.skip((columns + 7) / 8 * (kind == RowDecoder.Kind.UPDATE ? 2 : 1));
        var head = in.at() - from;
        var rows = QueryEvent.inflate(in);
        var whole = new byte[head + rows.length];
        System.arraycopy(in.array(), from, whole, 0, head);
        System.arraycopy(rows, 0, whole, head, rows.length);
        return new EventBytes(whole);
    }
}
