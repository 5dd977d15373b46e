package ferry.dialects.toy;

import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a toy server's log in its order.
final class ToyLogReader implements LogReader {
    private static final int CHANGES_PER_EVENT = 2; // small, so that transactions come in pieces

    private final ToyConnection connection;
    private final ToyServer server;
    private final boolean globalIds;
    private final Map<TableName, Table> layouts = new HashMap<>();
    private final Deque<LogEvent> ready = new ArrayDeque<>();
    private Position read;
    private long place;
    private long micros;

    ToyLogReader(ToyConnection connection, Position after) {
        this.connection = connection;
        this.server = connection.server();
        this.globalIds = after instanceof GtidPosition;
        this.read = after;
        connection.call(
                "log.open",
                ProblemCode.SOURCE_UNREACHABLE,
                () -> {
                    requireContinues(after);
                    place = server.log().purgedGroups();
                });
    }

    @Override
    public Optional<String> serverIdentity() {
        return Optional.of(server.uuid());
    }

    /// The server's log must hold everything behind `after`, and `after` nothing that the server
    /// does not have.
    private void requireContinues(Position after) {
        var log = server.log();
        var foreign =
                switch (after) {
                    case GtidPosition gtids ->
                            gtids.sets().keySet().stream()
                                            .anyMatch(uuid -> !uuid.equals(server.uuid()))
                                    || gtids.last(server.uuid()) > log.lastNumber();
                    case FilePosition file ->
                            !file.uuid().equals(server.uuid())
                                    || !log.end(server.uuid()).covers(file);
                    default ->
                            throw new IllegalArgumentException(
                                    "not a position of the toy: " + after.text());
                };
        if (foreign) {
            throw ProblemException.of(
                    ProblemCode.LOG_FOREIGN,
                    "the log of " + server.uuid() + " does not reach " + after.text(),
                    "the server is another one, or it lost transactions",
                    "Choose the right server, or begin the project again.");
        }
        if (log.purgedGroups() > 0) {
            // Numbers count groups from 1, so the purged ones are exactly the first.
            var purgedUpTo = new GtidPosition.Range(1, log.purgedGroups());
            var first = log.at(log.purgedGroups());
            var has =
                    switch (after) {
                        case GtidPosition gtids -> gtids.holds(server.uuid(), purgedUpTo);
                        case FilePosition file ->
                                file.covers(
                                        first == null
                                                ? log.fileStart(server.uuid())
                                                : new FilePosition(server.uuid(), first.file(), 0));
                        default -> false;
                    };
            if (!has) {
                throw purged();
            }
        }
    }

    private ProblemException purged() {
        return ProblemException.of(
                ProblemCode.LOG_PURGED,
                "the log of " + server.uuid() + " no longer reaches back to " + read.text(),
                "old files were removed",
                "Keep the log longer, and begin the project again.");
    }

    @Override
    public void admit(Table layout) {
        layouts.put(layout.name(), layout);
    }

    @Override
    public void forget(TableName table) {
        layouts.remove(table);
    }

    @Override
    public LogEvent next(Duration wait) {
        if (ready.isEmpty()) {
            var group =
                    connection.call("log.next", ProblemCode.SOURCE_UNREACHABLE, this::nextGroup);
            if (group == null) {
                connection.line().idle(wait);
                return new LogEvent.Progress(read, micros);
            }
            var id = group.id(server.uuid(), globalIds);
            if (beginsFile(group)) {
                place--; // it comes again
                read = new FilePosition(server.uuid(), group.file(), 0);
                return new LogEvent.Progress(read, micros);
            }
            micros = group.micros();
            deliver(id, group);
            read = read.plus(id);
        }
        return ready.poll();
    }

    /// The beginning of a file is a place too, which is told before anything of the file is
    /// decoded: a table may have to be admitted there.
    private boolean beginsFile(ToyLog.Group group) {
        return read instanceof FilePosition file && file.file() < group.file();
    }

    private ToyLog.Group nextGroup() {
        if (place < server.log().purgedGroups()) {
            throw purged();
        }
        var group = server.log().at(place);
        while (group != null && wasRead(group)) {
            group = server.log().at(++place);
        }
        if (group != null) {
            place++;
        } else if (!globalIds) {
            read =
                    server.log()
                            .end(server.uuid()); // a new file may have begun behind the last group
        }
        return group;
    }

    private boolean wasRead(ToyLog.Group group) {
        return switch (read) {
            case GtidPosition gtids ->
                    gtids.holds(
                            server.uuid(), new GtidPosition.Range(group.number(), group.number()));
            case FilePosition file ->
                    file.covers(new FilePosition(server.uuid(), group.file(), group.end()));
            default -> throw new IllegalStateException("not a position of the toy: " + read);
        };
    }

    private void deliver(TransactionId id, ToyLog.Group group) {
        switch (group.content()) {
            case ToyLog.Content.Rows(var rows) -> {
                ready.add(new LogEvent.Begin(id, group.micros()));
                deliver(rows);
                ready.add(new LogEvent.Commit(id));
            }
            case ToyLog.Content.Prepare(var xid, var rows) -> {
                ready.add(new LogEvent.Begin(id, group.micros()));
                deliver(rows);
                ready.add(new LogEvent.Prepare(id, xid));
            }
            case ToyLog.Content.CommitPrepared(var xid) ->
                    ready.add(new LogEvent.CommitPrepared(id, xid, group.micros()));
            case ToyLog.Content.RollbackPrepared(var xid) ->
                    ready.add(new LogEvent.RollbackPrepared(id, xid));
            case ToyLog.Content.Statement(var sql, var database) -> {
                var effects = ToyParser.parse(sql).effects(layouts);
                ready.add(
                        new LogEvent.SchemaChange(
                                id, group.micros(), sql, database, Map.of(), effects));
                effects.forEach(this::follow);
            }
            case ToyLog.Content.Incident(var what) ->
                    throw ProblemException.of(
                            ProblemCode.LOG_EVENT,
                            "the log holds an incident",
                            what,
                            "Begin the project again.");
        }
    }

    /// Rows of neighbouring events of one table come together, a few at a time.
    private void deliver(List<ToyLog.RowEvent> rows) {
        var changes = new ArrayList<Change>();
        for (var i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var layout = layouts.get(row.table());
            if (layout == null) {
                continue;
            }
            if (row.columns() != layout.carried().size()) {
                throw ProblemException.of(
                        ProblemCode.LAYOUT_MISMATCH,
                        "a row of "
                                + row.table()
                                + " has "
                                + row.columns()
                                + " columns, its layout "
                                + layout.carried().size(),
                        "the layout is of another time",
                        "Load the table again.");
            }
            changes.add(row.change());
            var lastOfTable = i + 1 == rows.size() || !rows.get(i + 1).table().equals(row.table());
            if (lastOfTable || changes.size() == CHANGES_PER_EVENT) {
                // Some as a source wrote them, some taken apart: a log may hold both.
                var asWritten = changes.size() % 2 == 1;
                ready.add(
                        new LogEvent.Rows(
                                layout,
                                asWritten ? ToyRowCode.encode(changes) : List.copyOf(changes)));
                changes.clear();
            }
        }
    }

    private void follow(SchemaEffect effect) {
        switch (effect) {
            case SchemaEffect.Truncated _ -> {}
            case SchemaEffect.Altered(var table, var after, _) ->
                    after.ifPresentOrElse(
                            layout -> layouts.put(table, layout), () -> layouts.remove(table));
            case SchemaEffect.Created(var table) -> layouts.remove(table);
            case SchemaEffect.Dropped(var table) -> layouts.remove(table);
            case SchemaEffect.Renamed(var table, _) -> layouts.remove(table);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
