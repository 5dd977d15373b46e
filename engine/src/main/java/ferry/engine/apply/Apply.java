package ferry.engine.apply;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.ChangeLogReader;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Applied;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Hold;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One lane of apply: replays the change log in its order, several source transactions in one
/// target transaction and never part of one. It works only while every table is loaded; the
/// checkpoint in its lane's row commits with the data.
public final class Apply implements Loop, Applied {
    /// The name of the only lane; its checkpoint is the project's low-water mark.
    public static final String LANE = "apply-0";

    /// Records after which a step ends between two transactions, so that a stop never waits long.
    private static final int RECORDS_PER_STEP = 10_000;

    private final Ends ends;
    private final ChangeLog log;
    private final Marks marks;
    private final Barriers barriers;
    private final Lane lane;
    private final Hold hold = new Hold();
    private final PendingChanges pending;
    private final int batchTransactions;
    private final int batchRows;
    private final Duration batchTime;
    private final Duration checkpointTime;
    private final Map<TableName, TableWindow> windows = new HashMap<>();
    private long windowsOf = -1;
    private Translations translations;
    private ChangeLogReader reader;
    private Optional<LogRecord> pushedBack = Optional.empty();
    private Checkpoint
            checkpoint; // of all transactions that were read, committed to the target or not
    private TransactionId current;
    private boolean skipping;
    private int transactionsInBatch;
    private long rowsInBatch;
    private Instant batchBegan;
    private Instant lastStored = Instant.EPOCH;
    private long readMicros; // the source's time of the last transaction that was read
    private volatile Position applied;
    private volatile Position stored;
    private volatile long appliedMicros;
    private volatile long changes;
    private volatile String openXa;

    public Apply(Ends ends, long epoch, ChangeLog log, Marks marks, Barriers barriers) {
        this.ends = ends;
        this.log = log;
        this.marks = marks;
        this.barriers = barriers;
        this.lane = new Lane(ends, LANE, epoch);
        this.pending = new PendingChanges(ends.settings(), ends.rules());
        this.batchTransactions = ends.settings().number(Settings.APPLY_BATCH_TRANSACTIONS);
        this.batchRows = ends.settings().number(Settings.APPLY_BATCH_ROWS);
        this.batchTime = ends.settings().get(Settings.APPLY_BATCH_TIME);
        this.checkpointTime = ends.settings().get(Settings.CHECKPOINT_TIME);
    }

    @Override
    public String name() {
        return LANE;
    }

    @Override
    public Optional<Position> applied() {
        return Optional.ofNullable(applied);
    }

    /// The low-water mark that is stored in the target: nothing at or before it is needed again.
    public Optional<Position> stored() {
        return Optional.ofNullable(stored);
    }

    /// The source's time of the last transaction that is in the target, in microseconds since the
    /// epoch; 0 if none yet.
    public long appliedMicros() {
        return appliedMicros;
    }

    /// The XA transaction that is prepared and undecided at the source, if one is: the low-water
    /// mark waits for it.
    public Optional<String> waitsForXa() {
        return Optional.ofNullable(openXa);
    }

    /// Row changes applied by this process.
    public long changes() {
        return changes;
    }

    @Override
    public Hold hold() {
        return hold;
    }

    @Override
    public Outcome step() {
        open();
        var before = lane.commits();
        var worked = work();
        if (lane.commits() > before) {
            return Outcome.WORKED;
        }
        return worked ? Outcome.BEGUN : Outcome.IDLE;
    }

    private boolean work() {
        if (!marks.tables().stream().allMatch(mark -> mark.phase().compareTo(Phase.LOADED) >= 0)) {
            return false;
        }
        if (hold.wanted()) {
            endBatch();
            hold.stand();
            return false;
        }
        refreshWindows();
        var open = reader.openPrepares();
        openXa = open.isEmpty() ? null : open.getFirst().xid();
        for (var records = 0; records < RECORDS_PER_STEP || current != null; records++) {
            var next = pushedBack.isPresent() ? pushedBack : reader.next();
            pushedBack = Optional.empty();
            if (next.isEmpty()) {
                var worked = endBatch() || endReadWindows() || storeNowAndThen();
                return worked || records > 0;
            }
            if (!take(next.orElseThrow())) {
                return true;
            }
        }
        return true;
    }

    @Override
    public void reset() {
        lane.close();
        if (reader != null) {
            reader.close();
            reader = null;
        }
        checkpoint = null;
    }

    private void open() {
        if (reader != null) {
            return;
        }
        checkpoint = Checkpoint.parse(lane.open(), ends::position);
        // A commit of unknown outcome may have changed marks together with the checkpoint: what a
        // followed schema change did to its tables.
        if (ends.rules().keeps(Rule.MARKS_ARE_READ_AGAIN)) {
            try (var bookkeeping = ends.bookkeeping()) {
                marks.read(bookkeeping, ends.project());
            }
        }
        applied = checkpoint.all();
        remember();
        translations = new Translations(ends);
        windowsOf = -1;
        windows.clear();
        pushedBack = Optional.empty();
        pending.clear();
        current = null;
        skipping = false;
        // Last, because an open reader says that all of this was done.
        reader = log.reader(checkpoint.lowWater());
    }

    private void refreshWindows() {
        if (windowsOf == marks.version()) {
            return;
        }
        windowsOf = marks.version();
        translations = new Translations(ends);
        var loaded = marks.tables(Phase.LOADED);
        windows.keySet()
                .removeIf(name -> loaded.stream().noneMatch(mark -> mark.name().equals(name)));
        for (var mark : loaded) {
            var old = windows.get(mark.name());
            if (old == null || old.mark().generation() != mark.generation()) {
                windows.put(mark.name(), window(mark));
            }
        }
    }

    private TableWindow window(TableMark mark) {
        var order =
                mark.keyed()
                        ? ends.sourceDialect().keyOrder(mark.sourceLayout())
                        : Optional.<Comparator<Row>>empty();
        var uniqueKeysInPlace =
                mark.uniqueKeysInPlace() || !ends.rules().keeps(Rule.UNIQUE_KEYS_AFTER_WINDOW);
        return new TableWindow(
                mark,
                marks.chunks(mark),
                order,
                uniqueKeysInPlace,
                checkpoint.lowWater(),
                ends.rules());
    }

    /// Takes one record; false when the step is to end.
    private boolean take(LogRecord record) {
        switch (record) {
            case LogRecord.Begin begin -> {
                return begin(begin);
            }
            case LogRecord.Rows rows -> {
                if (!skipping) {
                    rows(rows);
                }
                return true;
            }
            case LogRecord.Commit commit -> {
                if (!skipping) {
                    advance(commit.id());
                    transactionsInBatch++;
                }
                current = null;
                skipping = false;
                return !batchIsFull() || !endBatch();
            }
            case LogRecord.RollbackPrepared rollback -> {
                advance(rollback.id());
                return true;
            }
            case LogRecord.Prepare _, LogRecord.Admitted _ -> {
                return true;
            }
            case LogRecord.CommitPrepared commit ->
                    throw new IllegalStateException(
                            "the change log delivered a bare XA commit: " + commit);
            case LogRecord.SchemaChange change -> {
                return schemaChange(change);
            }
            case LogRecord.Progress progress -> {
                return progress(progress);
            }
        }
    }

    private boolean begin(LogRecord.Begin begin) {
        skipping = checkpoint.includes(begin.id());
        if (skipping) {
            // It is in the target already, but the chunks' readAts are judged by every transaction
            // of the log.
            windows.values().forEach(window -> window.advance(begin.id()));
            return true;
        }
        if (mustStopBefore(begin, begin.id())) {
            return false;
        }
        windows.values().forEach(window -> window.advance(begin.id()));
        current = begin.id();
        readMicros = begin.micros();
        return true;
    }

    private void rows(LogRecord.Rows rows) {
        var mark = marks.table(rows.table().name());
        if (mark.isEmpty()) {
            return;
        }
        var window = windows.get(rows.table().name());
        var translation = translations.of(rows.table(), mark.orElseThrow());
        var replay = Replay.of(window, current, rows, translation, ends.rules());
        if (replay.changes().isEmpty()) {
            return;
        }
        pending.add(writer(), rows.table(), mark.orElseThrow().targetTable(), replay);
        rowsInBatch += replay.changes().size();
        changes += replay.changes().size();
    }

    private Writer writer() {
        if (!lane.inTransaction()) {
            batchBegan = ends.clock().instant();
            transactionsInBatch = 0;
            rowsInBatch = 0;
            return lane.begin();
        }
        return lane.writer();
    }

    /// The low-water mark stays behind an XA group that is prepared and undecided; what commits
    /// meanwhile is recorded above it.
    private void advance(TransactionId id) {
        if (reader.openPrepares().isEmpty() || !ends.rules().keeps(Rule.LOW_WATER_BEHIND_PREPARE)) {
            checkpoint = checkpoint.raisedTo(reader.position());
            return;
        }
        var above = new LinkedHashSet<>(checkpoint.above());
        above.add(id);
        if (above.size() > ends.settings().get(Settings.APPLY_WINDOW)) {
            throw ProblemException.of(
                    ProblemCode.XA_OPEN,
                    "an XA transaction of the source is prepared and undecided for "
                            + above.size()
                            + " transactions",
                    "the low-water mark may not pass it, and apply.window limits what is recorded above the mark",
                    "commit or roll back "
                            + reader.openPrepares().getFirst().xid()
                            + " at the source, or raise apply.window");
        }
        checkpoint = new Checkpoint(checkpoint.lowWater(), above);
    }

    /// At a barrier everything before it is committed first; then windows that are over end, or
    /// apply stands still for somebody. The record comes again in a later step.
    private boolean mustStopBefore(LogRecord record, TransactionId id) {
        var ended =
                windows.values().stream()
                        .filter(window -> window.endsBefore(id, reader.position()))
                        .toList();
        if (ended.isEmpty() && !hold.wanted()) {
            return false;
        }
        pushedBack = Optional.of(record);
        if (endBatch()) {
            return true;
        }
        if (!hold.wanted()) {
            endWindows(ended);
        }
        return true;
    }

    private boolean schemaChange(LogRecord.SchemaChange change) {
        if (checkpoint.includes(change.id())) {
            return true;
        }
        if (mustStopBefore(change, change.id())) {
            return false;
        }
        if (endBatch()) {
            pushedBack = Optional.of(change);
            return false;
        }
        windows.values().forEach(window -> window.advance(change.id()));
        advance(change.id());
        var seen =
                windows.values().stream()
                        .filter(window -> window.seenByAll(change.id()))
                        .map(window -> window.mark().name())
                        .collect(Collectors.toSet());
        barriers.schemaChange(lane, change, seen, checkpoint);
        return false;
    }

    private boolean progress(LogRecord.Progress progress) {
        var ended =
                windows.values().stream()
                        .filter(window -> window.endsAt(progress.position()))
                        .toList();
        if (!ended.isEmpty() && !endBatch()) {
            endWindows(ended);
            return false;
        }
        if (!ended.isEmpty()) {
            pushedBack = Optional.of(progress);
            return false;
        }
        if (reader.openPrepares().isEmpty()) {
            checkpoint = checkpoint.raisedTo(reader.position());
        }
        if (!lane.inTransaction()) {
            applied = checkpoint.all();
            appliedMicros = Math.max(appliedMicros, progress.micros());
        }
        return true;
    }

    /// An idle source writes nothing that would end a window whose end was read.
    private boolean endReadWindows() {
        var ended =
                windows.values().stream()
                        .filter(window -> window.endsAt(reader.position()))
                        .toList();
        endWindows(ended);
        return !ended.isEmpty();
    }

    private void endWindows(List<TableWindow> ended) {
        if (!ended.isEmpty()) {
            // Changes that every chunk had seen opened no transaction: without this, a crash would
            // replay them strictly.
            if (!checkpoint.text().equals(lane.checkpoint())) {
                lane.transaction(checkpoint.text(), _ -> {});
            }
            barriers.windowsEnd(lane, ended.stream().map(TableWindow::mark).toList());
        }
    }

    private boolean batchIsFull() {
        return lane.inTransaction()
                && (transactionsInBatch >= batchTransactions
                        || rowsInBatch >= batchRows
                        || Duration.between(batchBegan, ends.clock().instant()).compareTo(batchTime)
                                >= 0);
    }

    /// Commits what the target transaction holds; false if there is none. Never called inside a
    /// source transaction.
    private boolean endBatch() {
        if (current != null || !lane.inTransaction()) {
            if (!lane.inTransaction() && checkpoint != null && current == null) {
                applied = checkpoint.all();
                appliedMicros = Math.max(appliedMicros, readMicros);
            }
            return false;
        }
        pending.write(lane.writer());
        lane.commit(checkpoint.text());
        applied = checkpoint.all();
        remember();
        appliedMicros = Math.max(appliedMicros, readMicros);
        lastStored = ends.clock().instant();
        return true;
    }

    /// Stores the low-water mark although no change concerned the selected tables, so that a
    /// restart does not read everything again.
    private boolean storeNowAndThen() {
        var text = checkpoint.text();
        var now = ends.clock().instant();
        if (current != null
                || lane.inTransaction()
                || text.equals(lane.checkpoint())
                || Duration.between(lastStored, now).compareTo(checkpointTime) < 0) {
            return false;
        }
        lane.transaction(text, _ -> {});
        remember();
        lastStored = now;
        return true;
    }

    /// The checkpoint is in the target: the log may let go at once of what lies before it, if it
    /// needs the room.
    private void remember() {
        stored = checkpoint.lowWater();
        log.passed(stored);
    }
}
