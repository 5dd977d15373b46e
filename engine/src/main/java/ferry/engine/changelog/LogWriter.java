package ferry.engine.changelog;

import ferry.engine.config.Settings;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Position;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The writing side of a log: encodes records into a buffer and cuts the buffer into blocks. For
/// one thread.
///
/// Complete transactions are written as one block when there are enough of them, or at a sync. A
/// transaction that is larger than a block is written in pieces, the first one at the beginning of
/// a block; so an incomplete transaction can always be cut off at a block.
///
/// The last block is in the air while the next one is filled ([SegmentFiles]): what it holds counts
/// as written when it has landed.
final class LogWriter implements AutoCloseable {
    private static final int BLOCK_BYTES = 512 << 10;
    private static final int INSTANCES_MOST = 10_000;
    private static final long UNWRITTEN = -1; // the block of a group that is still in the buffer

    private final Segments segments;
    private final SegmentFiles files;
    private final int blockBytes;
    private final Encoder buffer = new Encoder(1 << 16);
    private int complete; // the bytes of the buffer that hold complete transactions
    private Portion completePortion = Portion.NONE;
    private Portion openPortion = Portion.NONE;
    private int beginAt; // where the open transaction's Begin stands in the buffer
    private Optional<TransactionId> open = Optional.empty();
    private Optional<Spanning> spanning = Optional.empty(); // its first piece is written
    private boolean lastPiece; // the buffer holds the last piece of the spanning transaction

    private LogState state; // behind the last complete transaction that was appended
    private LogState written; // behind the last one that was written; never changed
    private LogState published; // behind the last one that readers see; never changed
    private long writtenChanges;
    private Place writtenEnd;
    private LogState flown; // behind the last one in a block, in the air or written; never changed
    private long flownChanges;

    private final Set<Integer> layouts = new HashSet<>(); // those that the current segment holds
    private final Map<Table, Integer> instances = new IdentityHashMap<>(); // of these layouts
    private final Map<Table, Integer> tableIds = new HashMap<>();
    private final Map<RowCode, CodeUse> codes = new IdentityHashMap<>(); // that the segment holds
    private final Map<CodeName, Integer> codeIds = new HashMap<>();
    private int nextTableId; // codes have numbers of the same row

    /// The number of a code, and of the layout that it was written for.
    private record CodeUse(int tableId, int codeId) {}

    private record CodeName(int tableId, ByteBuffer description) {}

    /// What a part of the buffer holds, for the frame of its block.
    private record Portion(int changes, int flags) {
        static final Portion NONE = new Portion(0, 0);

        Portion plus(int moreChanges, int moreFlags) {
            return new Portion(changes + moreChanges, flags | moreFlags);
        }

        Portion plus(Portion other) {
            return plus(other.changes, other.flags);
        }
    }

    LogWriter(
            LogStore store,
            Settings settings,
            InstantSource clock,
            Segments segments,
            Opening.Found found) {
        this.segments = segments;
        files = new SegmentFiles(store, settings, clock, segments, found.rest());
        blockBytes = (int) Math.min(BLOCK_BYTES, files.segmentBytes() / 4);
        state = found.state();
        written = state.copy();
        published = written;
        flown = written;
        writtenChanges = found.changes();
        flownChanges = writtenChanges;
        writtenEnd = new Place(found.endSegment(), found.endOffset(), 0);
        tableIds.putAll(found.layouts());
        if (!files.rollsNext()) {
            layouts.addAll(found.layouts().values());
        }
        nextTableId = found.nextTableId();
    }

    Position position() {
        return state.position();
    }

    LogState state() {
        return state;
    }

    boolean isPinnedFull() {
        return files.isPinnedFull();
    }

    void lowWater(Position lowWater) {
        files.lowWater(lowWater);
    }

    void append(LogRecord record) {
        files.requireHealthy();
        check(record);
        // Before the record is taken: whoever is refused for lack of space may try again.
        if (lastPiece
                || buffer.length() >= blockBytes
                || open.isEmpty() && buffer.length() > 0 && files.full() && !files.rollsNext()) {
            writeOrPublish();
        }
        var start = buffer.length();
        try {
            encode(record);
        } catch (RuntimeException | Error e) { // also when memory is short: half a record is none
            buffer.cutTo(start);
            forgetLayouts();
            throw e;
        }
        take(record, start);
    }

    /// When there is no room, readers are shown what is written: they make room by passing it.
    private void writeOrPublish() {
        try {
            write(buffer.length() >= blockBytes);
        } catch (ProblemException e) {
            if (files.healthy()) {
                publish();
            }
            throw e;
        }
    }

    boolean unsynced() {
        return complete > 0 || lastPiece || flown != written || !writtenEnd.equals(visibleEnd());
    }

    void sync() {
        files.requireHealthy();
        try {
            if (complete > 0 || lastPiece) {
                write(false);
            }
            land();
        } finally {
            // Also when there is no room for the rest: readers need what is written, to make room.
            if (files.healthy()) {
                publish();
            }
        }
    }

    private void publish() {
        if (!writtenEnd.equals(visibleEnd())) {
            files.sync();
            segments.publish(
                    writtenEnd.segment(),
                    writtenEnd.block(),
                    written.position(),
                    written.sequence(),
                    writtenChanges);
            published = written;
        }
    }

    void hurry(boolean hurries) {
        files.hurry(hurries);
    }

    void abandon() {
        if (!files.healthy()) {
            goBack();
            return;
        }
        if (open.isEmpty()) {
            return;
        }
        spanning.ifPresent(transaction -> {
            var place = transaction.place();
            files.cutBack(place.segment(), place.block());
        });
        spanning = Optional.empty();
        open = Optional.empty();
        openPortion = Portion.NONE;
        buffer.cutTo(complete);
        forgetLayouts();
    }

    /// What readers see is durable: the log goes on behind it, and all that came later comes again.
    private void goBack() {
        var view = segments.view();
        files.goBack(view.endSegment(), view.endOffset());
        state = published.copy();
        written = published;
        writtenChanges = view.changes();
        writtenEnd = files.end();
        flown = written;
        flownChanges = writtenChanges;
        open = Optional.empty();
        spanning = Optional.empty();
        lastPiece = false;
        openPortion = Portion.NONE;
        completePortion = Portion.NONE;
        complete = 0;
        buffer.cutTo(0);
        forgetLayouts();
    }

    @Override
    public void close() {
        files.close();
    }

    private Place visibleEnd() {
        var view = segments.view();
        return new Place(view.endSegment(), view.endOffset(), 0);
    }

    /// Throws if the record may not stand here.
    private void check(LogRecord record) {
        switch (record) {
            case LogRecord.Rows _ -> require(open.isPresent(), record);
            case LogRecord.Commit(var id) -> require(open.equals(Optional.of(id)), record);
            case LogRecord.Prepare(var id, var xid) -> {
                require(open.isPresent(), record);
                if (state.group(xid).isPresent()) {
                    throw Problems.preparedTwice(xid, id.text());
                }
            }
            case LogRecord.CommitPrepared(var id, var xid, var _) -> {
                require(open.isEmpty(), record);
                if (state.group(xid).isEmpty()) {
                    throw Problems.unknownXa(xid, id.text());
                }
            }
            case LogRecord.Begin _,
                    LogRecord.RollbackPrepared _,
                    LogRecord.SchemaChange _,
                    LogRecord.Admitted _,
                    LogRecord.Progress _ ->
                    require(open.isEmpty(), record);
        }
    }

    private void require(boolean expected, LogRecord record) {
        if (!expected) {
            throw new IllegalStateException(
                    "%s may not follow here: the open transaction is %s"
                            .formatted(
                                    record.getClass().getSimpleName(),
                                    open.map(TransactionId::text).orElse("none")));
        }
    }

    private void encode(LogRecord record) {
        if (record instanceof LogRecord.Rows(var table, var changes)) {
            var known = instances.get(table);
            var tableId = known == null ? layout(table) : known;
            if (changes instanceof CodedChanges coded) {
                RecordCodec.codedRows(buffer, code(coded.code(), tableId), coded);
            } else {
                RecordCodec.rows(buffer, tableId, changes);
            }
        } else {
            RecordCodec.encode(buffer, record);
        }
    }

    /// The number of this layout, which stands in the current segment then.
    private int layout(Table table) {
        var tableId = tableIds.computeIfAbsent(table, _ -> nextTableId++);
        if (layouts.add(tableId)) {
            RecordCodec.layout(buffer, tableId, table);
            openPortion = openPortion.plus(0, Frame.HAS_LAYOUT);
        }
        if (instances.size() >= INSTANCES_MOST) {
            instances.clear();
        }
        instances.put(table, tableId);
        return tableId;
    }

    /// The number of this code, which stands in the current segment then.
    private int code(RowCode code, int tableId) {
        var known = codes.get(code);
        if (known != null && known.tableId() == tableId) {
            return known.codeId();
        }
        if (codes.size() >= INSTANCES_MOST || codeIds.size() >= INSTANCES_MOST) {
            codes.clear();
            codeIds.clear();
        }
        // The same in every segment: a reader keeps what it learned for as long as it lives.
        var codeId =
                codeIds.computeIfAbsent(
                        new CodeName(tableId, ByteBuffer.wrap(code.description())),
                        _ -> nextTableId++);
        RecordCodec.rowCode(buffer, codeId, tableId, code);
        openPortion = openPortion.plus(0, Frame.HAS_LAYOUT);
        codes.put(code, new CodeUse(tableId, codeId));
        return codeId;
    }

    private void forgetLayouts() {
        codes.clear();
        layouts.clear();
        instances.clear();
    }

    /// Changes the state by a record that was encoded.
    private void take(LogRecord record, int start) {
        switch (record) {
            case LogRecord.Begin(var _, var id, var _) -> {
                open = Optional.of(id);
                beginAt = start;
            }
            case LogRecord.Rows(var _, var changes) ->
                    openPortion = openPortion.plus(changes.size(), 0);
            case LogRecord.Commit(var id) -> {
                state.committed(id);
                endTransaction();
            }
            case LogRecord.Prepare(var id, var xid) -> {
                prepared(id, xid);
                endTransaction();
            }
            case LogRecord.CommitPrepared(var id, var xid, var _) -> {
                state.committedPrepared(id, xid);
                complete = buffer.length();
            }
            case LogRecord.RollbackPrepared(var id, var xid) -> {
                state.rolledBackPrepared(id, xid);
                complete = buffer.length();
            }
            case LogRecord.SchemaChange change -> {
                state.schemaChanged(change);
                completePortion = completePortion.plus(0, Frame.HAS_SCHEMA_CHANGE);
                complete = buffer.length();
            }
            case LogRecord.Admitted(var table) -> {
                state.admitted(table);
                complete = buffer.length();
            }
            case LogRecord.Progress(var position, var _) -> {
                state.progressed(position);
                complete = buffer.length();
            }
        }
    }

    private void prepared(TransactionId id, String xid) {
        if (spanning.isPresent()) {
            openPortion = openPortion.plus(0, Frame.ENDS_PREPARED);
            state.prepared(new Group(xid, id, spanning.get().place()));
        } else {
            buffer.octetAt(beginAt, RecordCodec.BEGIN_PREPARED);
            state.prepared(new Group(xid, id, new Place(0, UNWRITTEN, beginAt)));
        }
    }

    private void endTransaction() {
        open = Optional.empty();
        if (spanning.isPresent()) {
            lastPiece = true;
        } else {
            complete = buffer.length();
            completePortion = completePortion.plus(openPortion);
            openPortion = Portion.NONE;
        }
    }

    /// Writes what is complete; the open transaction too, as a piece, if it is large.
    private void write(boolean pieces) {
        if (spanning.isPresent()) {
            writePiece(lastPiece ? Frame.Kind.LAST : Frame.Kind.MIDDLE);
            return;
        }
        if (complete > 0) {
            writeComplete();
        }
        if (pieces && buffer.length() >= blockBytes) {
            writePiece(Frame.Kind.FIRST);
        }
    }

    private void writeComplete() {
        var place = block(Frame.Kind.COMPLETE, complete, completePortion);
        // A group's place is known only now.
        state.replaceGroups(group ->
                group.place().block() == UNWRITTEN
                        ? new Group(
                                group.xid(),
                                group.id(),
                                new Place(place.segment(), place.block(), group.place().at()))
                        : group);
        beginAt -= complete;
        flownChanges += completePortion.changes();
        completePortion = Portion.NONE;
        removeWritten(complete);
        complete = 0;
        flown = state.copy();
    }

    private void writePiece(Frame.Kind kind) {
        var place = block(kind, buffer.length(), openPortion);
        var transaction =
                spanning.orElseGet(() -> new Spanning(open.orElseThrow(), place, 0))
                        .plus(openPortion.changes());
        openPortion = Portion.NONE;
        removeWritten(buffer.length());
        if (kind == Frame.Kind.LAST) {
            spanning = Optional.empty();
            lastPiece = false;
            flownChanges += transaction.changes();
            flown = state.copy();
            endSegmentOfOneTransaction();
        } else {
            spanning = Optional.of(transaction);
        }
    }

    /// A log may not begin in the middle of a transaction: where every segment did, as it may with
    /// large transactions, none could ever be dropped. So the next one begins between two.
    private void endSegmentOfOneTransaction() {
        if (segments.view().segments().getLast().header().spanning().isPresent()) {
            files.rollNext();
            forgetLayouts();
        }
    }

    private Place block(Frame.Kind kind, int length, Portion portion) {
        files.makeWay();
        land();
        if (files.rollsNext()) {
            files.roll(
                    new SegmentFiles.Start(
                            writtenChanges,
                            written.sequence(),
                            nextTableId,
                            written.position(),
                            written.groups(),
                            written.admitted(),
                            spanning));
        }
        return files.append(kind, portion.flags(), portion.changes(), buffer.bytes(), length);
    }

    private void removeWritten(int length) {
        buffer.handOver(length, files.spare());
        rollIfFull();
    }

    /// Rows in the buffer rely on layouts of their segment, so a new one begins without any.
    private void rollIfFull() {
        if (buffer.length() == 0 && files.full()) {
            files.rollNext();
            forgetLayouts();
        }
    }

    /// Writes the block in the air; what is complete with it counts from now on.
    private void land() {
        files.land();
        if (flown != written) {
            written = flown;
            writtenChanges = flownChanges;
            writtenEnd = files.end();
        }
        rollIfFull();
    }
}
