package ferry.dialects.mysql;

import ferry.engine.dialect.LogEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows the groups of a log's events: opens and ends them one after another, tells [LogEvent]s
/// of them, and keeps the position, which never stands inside one.
final class EventGroups {
    private final LogServer server;
    private final LogCursor cursor;
    private final RowEvents rowEvents;
    private final ArrayDeque<LogEvent> told = new ArrayDeque<>();
    private final Map<Long, MariaDbGtids.Gtid> lastOfDomain = new HashMap<>();

    private final List<MySqlPosition> asked = new ArrayList<>(); // places at which Progress is told

    private final GrowingPosition position;
    private boolean untold; // the position passed transactions that nobody was told about
    private long micros;
    private Optional<EventGroup> group = Optional.empty();
    private EventGroup last; // that was opened; null before the first

    EventGroups(LogServer server, MySqlPosition after, LogCursor cursor, RowEvents rowEvents) {
        this.server = server;
        this.cursor = cursor;
        this.rowEvents = rowEvents;
        // Followed by its place, a log says nothing about a set; followed by GTIDs, an earlier
        // place may be another server's.
        this.position =
                new GrowingPosition(
                        server.follow(after).isPresent()
                                ? MySqlPosition.committed(after.gtids().orElseThrow())
                                : new MySqlPosition(after.place(), Optional.empty()));
    }

    // ---- what is told

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

    /// The group that was opened last, whether it is still open or not.
    Optional<EventGroup> opened() {
        return Optional.ofNullable(last);
    }

    /// True inside a group.
    boolean isOpen() {
        return group.isPresent();
    }

    /// The position, which lies before an open group, and the source's time of the last event.
    LogEvent.Progress progress() {
        untold = false;
        return new LogEvent.Progress(position.get(), micros);
    }

    /// The source's time of an event.
    void passed(long time) {
        micros = Math.max(micros, time);
    }

    /// The source has nothing more to send: an idle source is not far behind itself.
    void heartbeat() {
        if (group.isEmpty()) {
            passed(System.currentTimeMillis() * 1000);
        }
        told.add(progress());
    }

    /// Moves the position to the end of the last event, but never back: a log that is opened begins
    /// at or before its position.
    void advance() {
        if (group.isPresent()) {
            return;
        }
        if (cursor.isKnown()) {
            var here = cursor.place();
            if (position.place().map(here::notBefore).orElse(true)) {
                position.at(here);
            }
        }
        if (!asked.isEmpty() && asked.removeIf(position.get()::covers)) {
            told.add(progress());
        }
    }

    /// Tells of a group's beginning before its first change.
    private void tell(EventGroup current) {
        if (current.known || current.told) {
            return;
        }
        tellProgress();
        told.add(new LogEvent.Begin(current.id(), current.micros));
        current.told = true;
    }

    private void tellProgress() {
        if (untold) {
            told.add(progress());
        }
    }

    // ---- beginnings

    /// A GTID event opens a group.
    void open(GtidEvent gtid, RawEvent event, long start) {
        if (group.isPresent()) {
            throw new IllegalStateException("a transaction begins inside " + group.get().id());
        }
        gtid.gtid().filter(_ -> gtid.mariaDb().isPresent()).ifPresent(this::requireGrowing);
        var time = gtid.micros() != 0 ? gtid.micros() : event.seconds() * 1_000_000;
        open(gtid.gtid(), start, time, gtid.mariaDb());
    }

    private EventGroup open(
            Optional<String> gtid, long start, long time, Optional<GtidEvent.MariaDb> mariaDb) {
        if (gtid.isEmpty() && position.hasGtids()) {
            throw LogProblems.event(
                    "A transaction in the log of " + server.address() + " has no GTID",
                    "at " + cursor.text(start) + ", though the log is followed by GTIDs",
                    null);
        }
        var transaction = new LoggedTransaction(gtid, cursor.at(start));
        var begun = new EventGroup(transaction, time, position.includes(transaction), mariaDb);
        last = begun;
        passed(time);
        group = Optional.of(begun);
        rowEvents.forgetMaps();
        if (begun.xid.isPresent()) {
            tell(begun);
        }
        return begun;
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

    /// The group that a statement belongs to: the open one, or one that begins with it.
    EventGroup at(RawEvent event, long start) {
        return group.orElseGet(
                () -> open(Optional.empty(), start, event.seconds() * 1_000_000, Optional.empty()));
    }

    /// The open group that holds rows and their table maps.
    EventGroup ofRows() {
        return group.orElseThrow(() -> new IllegalStateException("rows outside of a transaction"));
    }

    /// BEGIN: the group lasts until a commit, a rollback or a prepare.
    void begin(EventGroup current) {
        current.begun = true;
    }

    void xaStart(EventGroup current, String xid) {
        current.begun = true;
        current.xid = Optional.of(xid);
        tell(current);
    }

    // ---- changes

    void rows(EventGroup current, RowEvents.Rows rows) {
        if (current.schemaChange.isPresent()) {
            throw new IllegalStateException(
                    "rows of "
                            + rows.table().layout().name()
                            + " in the transaction of a schema change");
        }
        tell(current);
        current.holdsRows = true;
        rows.tell(told::add);
    }

    void schemaChange(EventGroup current, LogEvent.SchemaChange change) {
        if (current.holdsRows || current.schemaChange.isPresent()) {
            throw LogProblems.event(
                    "A schema change stands inside a transaction with rows",
                    current.id().text() + ": " + change.effects().getFirst(),
                    null);
        }
        if (current.begun) {
            // CREATE TABLE … SELECT: its rows and the commit follow
            current.schemaChange = Optional.of(change);
            return;
        }
        tellChange(current, change);
        endStatement(current);
    }

    private void tellChange(EventGroup current, LogEvent.SchemaChange change) {
        if (current.told) {
            throw new IllegalStateException("a schema change inside " + current.id());
        }
        tellProgress();
        told.add(change);
        current.told = true;
        rowEvents.apply(change.effects());
    }

    // ---- ends

    void commit() {
        var current =
                group.orElseThrow(
                        () -> new IllegalStateException("a commit outside of a transaction"));
        if (current.schemaChange.isPresent()) {
            tellChange(current, current.schemaChange.get());
        } else if (current.told) {
            told.add(new LogEvent.Commit(current.id()));
        }
        end();
    }

    void rollback(EventGroup current) {
        requireNoRows(current);
        if (current.told) {
            current.xid.ifPresent(
                    xid -> told.add(new LogEvent.RollbackPrepared(current.id(), xid)));
        }
        end();
    }

    /// Refuses to take back rows: which of them are taken back cannot be told.
    void requireNoRows(EventGroup current) {
        if (current.holdsRows) {
            throw LogProblems.incomplete(
                    "The transaction " + current.id() + " in the log was rolled back",
                    "it also changed tables without transactions, which cannot be told apart from the others",
                    "load the tables again");
        }
    }

    void prepare(String xid) {
        var current =
                group.orElseThrow(
                        () -> new IllegalStateException("a prepare outside of a transaction"));
        tell(current);
        if (!current.known) {
            told.add(new LogEvent.Prepare(current.id(), xid));
        }
        end();
    }

    void commitPrepared(EventGroup current, String xid) {
        endPrepared(current, new LogEvent.CommitPrepared(current.id(), xid, current.micros));
    }

    void rollbackPrepared(EventGroup current, String xid) {
        endPrepared(current, new LogEvent.RollbackPrepared(current.id(), xid));
    }

    /// The end of a transaction that an earlier group prepared.
    private void endPrepared(EventGroup current, LogEvent event) {
        if (!current.known) {
            tellProgress();
            told.add(event);
            current.told = true;
        }
        end();
    }

    /// A statement by itself is a group by itself.
    void endStatement(EventGroup current) {
        if (!current.begun) {
            end();
        }
    }

    /// The position passes the group.
    private void end() {
        var current = group.orElseThrow();
        if (!current.known) {
            position.add(current.transaction);
            untold |= !current.told;
        }
        group = Optional.empty();
    }
}
