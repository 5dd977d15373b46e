package ferry.engine.changelog;

import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Reads a [ChangeLog] from a low-water mark on, one record after the other, in log order. Used by
/// one thread at a time.
public final class ChangeLogReader implements AutoCloseable {
    /// What the reader is in the middle of.
    private sealed interface Inside {
        record Nothing() implements Inside {}

        /// A transaction whose records are delivered.
        record Delivered(TransactionId id) implements Inside {}

        /// A transaction, or an XA group, whose records are passed over.
        record PassedOver(TransactionId id, Place begin) implements Inside {}

        /// The rows of a group, read again from where it was prepared, under the id of its commit.
        record Replayed(LogRecord.CommitPrepared commit, Group group) implements Inside {}
    }

    private static final Inside NOTHING = new Inside.Nothing();

    private final Segments segments;
    private final LogStore store;
    private final SourceForms forms;
    private final Optional<Position> lowWater; // empty: everything is left out
    private final Predicate<Table> chosen;
    private final Layouts layouts;
    private final RecordCursor cursor;
    private final long firstSegment;
    private final Set<Long> learned = new HashSet<>(); // earlier segments with known layouts
    private Optional<RecordCursor> replay = Optional.empty();
    private LogState state;
    private Inside inside = NOTHING;
    private long segment;
    private boolean beyondLowWater; // nothing from here on is included in the low-water mark
    private Map<TableName, Table> admittedBefore = Map.of();
    private volatile long needed;

    ChangeLogReader(
            Segments segments,
            LogStore store,
            SourceForms forms,
            Segment start,
            Optional<Position> lowWater,
            Predicate<Table> chosen) {
        this.segments = segments;
        this.store = store;
        this.forms = forms;
        this.lowWater = lowWater;
        this.chosen = chosen;
        layouts = new Layouts(forms);
        cursor = new RecordCursor(store, segments::view, layouts);
        cursor.seek(start);
        firstSegment = start.number();
        segment = start.number();
        var header = start.header();
        state =
                new LogState(
                        header.position(), header.groups(), header.admitted(), header.sequence());
        header.spanning()
                .ifPresent(open -> inside = new Inside.PassedOver(open.id(), open.place()));
        beyondLowWater = liesBeyond(header.position());
        updateNeeded();
    }

    /// The next durable record; empty at the end of what is durable, and later there may be more.
    /// Transactions that the low-water mark includes are left out, each by itself; one that has
    /// begun to come is complete in the log. Throws LOG_DAMAGED rather than deliver a wrong record.
    public Optional<LogRecord> next() {
        while (true) {
            if (inside instanceof Inside.Replayed replayed) {
                return Optional.of(replayNext(replayed));
            }
            if (!cursor.next(!(inside instanceof Inside.PassedOver))) {
                if (inside != NOTHING) {
                    throw cursor.damaged("the end of a transaction is missing");
                }
                return Optional.empty();
            }
            if (cursor.segment() != segment) {
                enterSegment();
            }
            var delivered = take();
            if (delivered.isPresent()) {
                return delivered;
            }
        }
    }

    /// Waits until there is more to read, at the most this long; returns whether there is. What
    /// comes may have to be left out, so that [#next] finds nothing all the same. False at once
    /// when the log is closed.
    public boolean await(Duration atMost) throws InterruptedException {
        return inside != NOTHING || segments.await(cursor::hasMore, atMost);
    }

    /// The groups that are prepared and undecided at the reader's place. The low-water mark must
    /// never include one of their ids.
    public List<LogRecord.Prepare> openPrepares() {
        return state.groups().stream().map(Group::prepare).toList();
    }

    /// Everything that lies before the reader's place in the log: what was delivered completely,
    /// what was left out, prepared groups too.
    public Position position() {
        return state.position();
    }

    /// The tables that were admitted before the record that was read last.
    Map<TableName, Table> admittedBefore() {
        return admittedBefore;
    }

    /// The sequence of the last transaction or schema change before the reader's place.
    public long sequence() {
        return state.sequence();
    }

    /// Durable bytes of the log that the reader has not yet read.
    public long bytesAhead() {
        var view = segments.view();
        return view.bytesUpTo(view.endSegment(), view.endOffset())
                - view.bytesUpTo(cursor.segment(), cursor.offset());
    }

    @Override
    public void close() {
        segments.forget(this);
        cursor.close();
        replay.ifPresent(RecordCursor::close);
        replay = Optional.empty();
    }

    /// The oldest segment that this reader will read again.
    long needed() {
        return needed;
    }

    LogState state() {
        return state;
    }

    Layouts layouts() {
        return layouts;
    }

    private Optional<LogRecord> take() {
        admittedBefore = state.admitted();
        return switch (cursor.type()) {
            case RecordCodec.BEGIN -> begin(cursor.inFirstPiece() && cursor.endsPrepared());
            case RecordCodec.BEGIN_PREPARED -> begin(true);
            case RecordCodec.ROWS, RecordCodec.CODED_ROWS -> rows();
            case RecordCodec.COMMIT -> commit();
            case RecordCodec.PREPARE -> prepare();
            case RecordCodec.COMMIT_PREPARED -> commitPrepared();
            case RecordCodec.ROLLBACK_PREPARED -> rollbackPrepared();
            case RecordCodec.SCHEMA_CHANGE -> schemaChange();
            case RecordCodec.ADMITTED -> Optional.of(admitted());
            case RecordCodec.PROGRESS -> progress();
            default -> throw cursor.damaged("unknown type of record " + cursor.type());
        };
    }

    private Optional<LogRecord> begin(boolean prepared) {
        require(inside == NOTHING);
        var begin = cursor.read(in -> new LogRecord.Begin(RecordCodec.id(in), in.number()));
        if (prepared || leavesOut(begin.id())) {
            inside = new Inside.PassedOver(begin.id(), cursor.place());
            return Optional.empty();
        }
        inside = new Inside.Delivered(begin.id());
        return Optional.of(new LogRecord.Begin(state.sequence() + 1, begin.id(), begin.micros()));
    }

    private Optional<LogRecord> rows() {
        require(inside != NOTHING);
        return inside instanceof Inside.Delivered ? chosenRows(cursor) : Optional.empty();
    }

    private Optional<LogRecord> chosenRows(RecordCursor from) {
        if (from.type() == RecordCodec.CODED_ROWS) {
            return from.read(in -> {
                var coded = from.coded(in.count());
                return chosen.test(coded.layout())
                        ? Optional.of(
                                new LogRecord.Rows(
                                        coded.layout(), RecordCodec.codedChanges(in, coded.code())))
                        : Optional.empty();
            });
        }
        return from.read(in -> {
            var table = from.layout(in.count());
            return chosen.test(table)
                    ? Optional.of(new LogRecord.Rows(table, RecordCodec.changes(in)))
                    : Optional.empty();
        });
    }

    private Optional<LogRecord> commit() {
        var ended = inside;
        inside = NOTHING;
        return switch (ended) {
            case Inside.Delivered(var id) -> {
                state.committed(id);
                yield Optional.of(new LogRecord.Commit(id));
            }
            case Inside.PassedOver(var id, var _) -> {
                state.committed(id);
                yield Optional.empty();
            }
            case Inside.Nothing _, Inside.Replayed _ ->
                    throw cursor.damaged("a commit without a begin");
        };
    }

    private Optional<LogRecord> prepare() {
        var prepare = cursor.read(RecordCodec::prepare);
        if (!(inside instanceof Inside.PassedOver(var _, var begin))) {
            throw cursor.damaged("an XA transaction was not marked as one where it begins");
        }
        inside = NOTHING;
        state.prepared(new Group(prepare.xid(), prepare.id(), begin));
        return delivered(prepare, prepare.id());
    }

    private Optional<LogRecord> commitPrepared() {
        require(inside == NOTHING);
        var commit = cursor.read(RecordCodec::commitPrepared);
        if (leavesOut(commit.id())) {
            state.committedPrepared(commit.id(), commit.xid());
            updateNeeded();
            return Optional.empty();
        }
        var group =
                state.group(commit.xid())
                        .filter(found -> segments.view().find(found.place().segment()).isPresent())
                        .orElseThrow(() -> Problems.unknownXa(commit.xid(), commit.id().text()));
        startReplay(group);
        inside = new Inside.Replayed(commit, group);
        return Optional.of(new LogRecord.Begin(state.sequence() + 1, commit.id(), commit.micros()));
    }

    private void startReplay(Group group) {
        var from = replay.orElseGet(() -> new RecordCursor(store, segments::view, layouts));
        replay = Optional.of(from);
        for (var number = group.place().segment(); number < firstSegment; number++) {
            if (learned.add(number)) {
                from.learnLayouts(segments.view().segment(number));
            }
        }
        from.seek(group.place());
        if (!from.next(true)
                || from.type() != RecordCodec.BEGIN && from.type() != RecordCodec.BEGIN_PREPARED) {
            throw from.damaged("the beginning of an XA transaction is missing");
        }
    }

    private LogRecord replayNext(Inside.Replayed replayed) {
        var from = replay.orElseThrow();
        while (from.next(true)) {
            switch (from.type()) {
                case RecordCodec.ROWS, RecordCodec.CODED_ROWS -> {
                    var rows = chosenRows(from);
                    if (rows.isPresent()) {
                        return rows.get();
                    }
                }
                case RecordCodec.PREPARE -> {
                    var prepare = from.read(RecordCodec::prepare);
                    if (!prepare.equals(replayed.group().prepare())) {
                        throw from.damaged("another XA transaction stands here");
                    }
                    inside = NOTHING;
                    var commit = replayed.commit();
                    state.committedPrepared(commit.id(), commit.xid());
                    updateNeeded();
                    return new LogRecord.Commit(commit.id());
                }
                default -> throw from.damaged("not a part of an XA transaction: " + from.type());
            }
        }
        throw from.damaged("the end of an XA transaction is missing");
    }

    private Optional<LogRecord> rollbackPrepared() {
        require(inside == NOTHING);
        var rollback = cursor.read(RecordCodec::rollbackPrepared);
        state.rolledBackPrepared(rollback.id(), rollback.xid());
        updateNeeded();
        return delivered(rollback, rollback.id());
    }

    private Optional<LogRecord> schemaChange() {
        require(inside == NOTHING);
        var change = cursor.read(RecordCodec::schemaChange);
        state.schemaChanged(change);
        return delivered(change, change.id());
    }

    private LogRecord.Admitted admitted() {
        var admitted = cursor.read(RecordCodec::admitted);
        state.admitted(admitted.table());
        return admitted;
    }

    private Optional<LogRecord> progress() {
        require(inside == NOTHING);
        var progress = cursor.read(in -> RecordCodec.progress(in, forms));
        state.progressed(progress.position());
        // One that stands at the low-water mark is delivered: while the source is idle nothing else
        // says that windows are over.
        var behind =
                lowWater.filter(mark ->
                        mark.covers(progress.position()) && !progress.position().covers(mark));
        if (lowWater.isEmpty() || behind.isPresent()) {
            return Optional.empty();
        }
        beyondLowWater = beyondLowWater || liesBeyond(progress.position());
        return Optional.of(progress);
    }

    private Optional<LogRecord> delivered(LogRecord record, TransactionId id) {
        return leavesOut(id) ? Optional.empty() : Optional.of(record);
    }

    private boolean leavesOut(TransactionId id) {
        return !beyondLowWater && (lowWater.isEmpty() || lowWater.get().includes(id));
    }

    private boolean liesBeyond(Position position) {
        return lowWater.isPresent() && position.covers(lowWater.get());
    }

    private void enterSegment() {
        segment = cursor.segment();
        if (!beyondLowWater) {
            var header = segments.view().segment(segment).header();
            beyondLowWater = liesBeyond(header.position());
        }
        updateNeeded();
    }

    private void updateNeeded() {
        var oldest = segment;
        for (var group : state.groups()) {
            oldest = Math.min(oldest, group.place().segment());
        }
        needed = oldest;
    }

    private void require(boolean expected) {
        if (!expected) {
            throw cursor.damaged("record of type " + cursor.type() + " stands in a wrong place");
        }
    }
}
