package ferry.engine.apply;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.ChangeLogReader;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Applied;
import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Hold;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.crew.Activity;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.governor.Governor;
import ferry.engine.governor.Work;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Replays the change log: reads it in its order, says what of it is to be written, and divides
/// whole source transactions among lanes ([Schedule], [ApplyLane]); those that meet anywhere keep
/// their order. Windows end, schema changes are followed and somebody looks at the target only
/// while every lane has written everything that was read.
///
/// What lanes have written stands in their rows, together with the data; the row of this loop holds
/// what was known when it began, and what happens at barriers.
///
/// A transaction that is larger than memory for it is written by this loop itself, in pieces, while
/// the lanes stand.
public final class Apply implements Loop, Applied {
    /// What the names of all lanes of apply begin with.
    public static final String LANES = "apply-";

    /// The name of this loop and of the lane it writes to itself.
    public static final String LANE = LANES + "0";

    /// Records after which a step ends between two transactions, so that a stop never waits long.
    private static final int RECORDS_PER_STEP = 10_000;

    private static final int LARGE = 4; // parts of the memory

    private final Ends ends;
    private final ChangeLog log;
    private final Marks marks;
    private final Barriers barriers;
    private final Governor governor;
    private final Asides asides;
    private final RowPolicy policy;
    private final Lane own;
    private final List<ApplyLane> lanes;
    private final Schedule schedule;
    private final LowWater lowWater;
    private final Hold hold = new Hold();
    private final Heat heat = new Heat();
    private final PendingChanges pending;
    private final long largeBytes;
    private final long splitBytes;
    private final int applyWindow;
    private final Duration checkpointTime;
    private final Windows windows;
    private final Skips skips;
    private Routes routes;
    private ChangeLogReader reader;
    private Optional<LogRecord> pushedBack = Optional.empty();
    // Everything up to here was read, and no XA group before it is undecided.
    private volatile Position read;
    private volatile long readMicros; // the source's time of what was read last
    private Optional<TransactionId> followed = Optional.empty(); // the last schema change
    private PendingTransaction current;
    private long currentMicros;
    private boolean skipping;
    private Optional<SkipOrder> leftOut = Optional.empty(); // whose order is carried out
    private Optional<TransactionId> careful = Optional.empty(); // the large one that failed
    private boolean begunBefore; // by an earlier process, which wrote a part of it
    private volatile Optional<LargeTransaction> large = Optional.empty();
    private Activity waits = Activity.NOTHING;
    private boolean atEnd; // of the log
    private long ofLanesBefore;
    private Instant lastStored = Instant.EPOCH;
    private volatile long ownChanges;
    private volatile String openXa;
    private volatile Optional<LogStop> stop = Optional.empty();
    private volatile Optional<Position> stoppedAt = Optional.empty();
    private volatile boolean keysOwed; // of tables whose windows an earlier process ended

    public Apply(
            Ends ends,
            long epoch,
            ChangeLog log,
            Marks marks,
            Barriers barriers,
            Governor governor,
            Asides asides) {
        this.ends = ends;
        this.log = log;
        this.marks = marks;
        this.barriers = barriers;
        this.governor = governor;
        this.asides = asides;
        windows = new Windows(ends, marks);
        skips = new Skips(ends, marks);
        own = new Lane(ends, LANE, epoch);
        policy = new RowPolicy(ends, marks);
        schedule = new Schedule(ends.settings(), ends.rules(), ends.clock(), heat);
        lowWater = new LowWater(ends.rules(), ends.sourceDialect()::globalId);
        lanes =
                IntStream.range(0, schedule.lanes())
                        .mapToObj(number -> lane(epoch, number))
                        .toList();
        pending = new PendingChanges(ends.settings(), ends.rules(), heat);
        largeBytes = ends.settings().get(Settings.APPLY_HELD_BYTES) / LARGE;
        splitBytes = ends.settings().get(Settings.APPLY_SPLIT_BYTES);
        applyWindow = ends.settings().number(Settings.APPLY_WINDOW);
        checkpointTime = ends.settings().get(Settings.CHECKPOINT_TIME);
    }

    private ApplyLane lane(long epoch, int number) {
        return new ApplyLane(
                ends, epoch, log, lowWater, schedule, governor, heat, asides, policy, number);
    }

    /// What the target says of all lanes together; empty if apply never began there.
    public static Optional<Checkpoint> checkpoint(Ends ends) {
        try (var bookkeeping = ends.bookkeeping()) {
            return checkpoint(ends, bookkeeping, Set.of());
        }
    }

    private static Optional<Checkpoint> checkpoint(
            Ends ends, Bookkeeping bookkeeping, Set<String> lanesLeftOut) {
        return bookkeeping.checkpoints(ends.project(), LANES).entrySet().stream()
                .filter(lane -> !lanesLeftOut.contains(lane.getKey()))
                .map(lane -> Checkpoint.parse(lane.getValue(), ends::position))
                .reduce(Checkpoint::and);
    }

    @Override
    public String name() {
        return LANE;
    }

    /// This loop and those of its lanes.
    public List<Loop> loops() {
        var loops = new ArrayList<Loop>();
        loops.add(this);
        loops.addAll(lanes);
        return loops;
    }

    @Override
    public Optional<Position> applied() {
        return lowWater.applied();
    }

    /// The low-water mark that is stored in the target: nothing at or before it is needed again.
    public Optional<Position> stored() {
        return lowWater.stored();
    }

    /// Everything up to here was read from the change log; empty before the first look.
    public Optional<Position> read() {
        return Optional.ofNullable(read);
    }

    /// The source's time of what was read last, in microseconds since the epoch; 0 if unknown.
    public long readMicros() {
        return readMicros;
    }

    /// The source's time of the last transaction up to which everything is in the target, in
    /// microseconds since the epoch; 0 if none yet.
    public long appliedMicros() {
        return lowWater.micros();
    }

    /// The XA transaction that is prepared and undecided at the source, if one is: the low-water
    /// mark waits for it.
    public Optional<String> waitsForXa() {
        return Optional.ofNullable(openXa);
    }

    /// What is written in pieces at present, for people.
    public Optional<String> largeTransaction() {
        return large.map(LargeTransaction::describe);
    }

    /// What it spends itself on.
    public Heat.Seen heat() {
        return heat.seen();
    }

    /// Nothing behind this place is to be applied. Must be told before the first step.
    public void stopAt(LogStop place) {
        stop = Optional.of(place);
    }

    /// Present when everything before the stop is in the target, every window is over, and nothing
    /// more will be written; then it is where the log was read up to.
    public Optional<Position> stoppedAt() {
        return stoppedAt;
    }

    /// True when every window is over, and no foreign key is owed behind them.
    public boolean keysInPlace() {
        return !keysOwed && openWindows().isEmpty();
    }

    /// Row changes applied by this process.
    public long changes() {
        return ownChanges + laneChanges();
    }

    private long laneChanges() {
        return lanes.stream().mapToLong(ApplyLane::changes).sum();
    }

    @Override
    public Hold hold() {
        return hold;
    }

    @Override
    public Outcome step() {
        open();
        var before = own.commits();
        waits = Activity.NOTHING;
        atEnd = false;
        boolean worked;
        try {
            worked = work();
        } catch (ProblemException e) {
            return again(e);
        }
        var ofLanes = laneChanges();
        if (own.commits() > before || ofLanes > ofLanesBefore) {
            ofLanesBefore = ofLanes; // what lanes achieve lasts too
            return Outcome.WORKED;
        }
        return worked ? Outcome.BEGUN : Outcome.IDLE;
    }

    /// A large transaction that failed is read again, to be written change by change, or without a
    /// table that is set aside; so is one with a value that cannot be translated for the target.
    private Outcome again(ProblemException problem) {
        if (current == null || problem.table().isEmpty()) {
            throw problem;
        }
        var id = current.id();
        if (large.isPresent() && !careful.equals(Optional.of(id)) && policy.records(problem)) {
            careful = Optional.of(id);
        } else if (lowWater.begun().isEmpty() && asides.takes(problem)) {
            if (own.inTransaction()) {
                own.rollback();
            }
            asides.setAside(own, problem.table().get(), problem);
        } else {
            // What has begun counts the changes that are in the target, of this table too: without
            // it they would be counted wrong.
            throw policy.inTransaction(problem, id);
        }
        reset();
        return Outcome.WORKED;
    }

    private boolean work() {
        if (!marks.tables().stream().allMatch(mark -> mark.phase().compareTo(Phase.LOADED) >= 0)) {
            return false;
        }
        // Only now: a table may have had to be loaded again before it was where the change left it.
        followed.ifPresent(id -> passed(id, end(), 0));
        followed = Optional.empty();
        if (stoppedAt.isPresent()) {
            return false;
        }
        if (keysOwed && openWindows().isEmpty() && isBetweenAll()) {
            if (!lanesStand()) {
                return false;
            }
            buildKeys(List.of());
        }
        if (hold.wanted() && isBetweenAll()) {
            if (lanesStand()) {
                hold.stand();
            }
            return false;
        }
        if (windows.refresh(read)) {
            routes = new Routes(ends);
        }
        var open = reader.openPrepares();
        openXa = open.isEmpty() ? null : open.getFirst().xid();
        for (var records = 0; records < RECORDS_PER_STEP || current != null; records++) {
            if (mustWait()) {
                return records > 0;
            }
            var next = pushedBack.isPresent() ? pushedBack : reader.next();
            pushedBack = Optional.empty();
            if (next.isEmpty()) {
                atEnd = true;
                return atEndOfLog() || records > 0;
            }
            if (!take(next.orElseThrow())) {
                return waits == Activity.NOTHING || records > 0;
            }
        }
        storeNowAndThen();
        return true;
    }

    /// True while nothing more may be read before lanes have written something, or the governor
    /// lets a large transaction begin.
    private boolean mustWait() {
        if (current == null) {
            var full =
                    schedule.isFull() || lowWater.waiting() >= applyWindow && !schedule.isEmpty();
            if (full) {
                schedule.flush();
                waits = Activity.ROOM;
            }
        } else if (large.isEmpty() && isLarge() && lanesStand()) {
            if (governor.waits(Work.APPLY).isPresent()) {
                waits = Activity.LIMIT;
            } else {
                beginLarge();
            }
        }
        return waits != Activity.NOTHING;
    }

    /// True for what is too large to be held, and for what an earlier process has begun.
    private boolean isLarge() {
        return begunBefore || current.bytes() >= largeBytes;
    }

    @Override
    public Activity whileIdle() {
        return waits;
    }

    @Override
    public void await(Duration atMost) throws InterruptedException {
        if (atEnd) {
            reader.await(atMost);
        } else {
            schedule.await(atMost);
        }
    }

    @Override
    public void reset() {
        schedule.stop();
        own.close();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private void open() {
        if (reader != null) {
            return;
        }
        schedule.stop();
        var text = own.open();
        var checkpoint = Checkpoint.parse(text, ends::position);
        for (var lane : lanes) {
            var there = lane.begin(ends::position);
            checkpoint = there.isPresent() ? checkpoint.and(there.orElseThrow()) : checkpoint;
        }
        var names = loops().stream().map(Loop::name).collect(Collectors.toSet());
        try (var bookkeeping = ends.bookkeeping()) {
            // An earlier process may have had more lanes; it was fenced when this one began.
            var more = checkpoint(ends, bookkeeping, names);
            checkpoint = more.isPresent() ? checkpoint.and(more.orElseThrow()) : checkpoint;
            // A commit of unknown outcome may have changed marks together with the checkpoint: what
            // a followed schema change did to its tables.
            if (ends.rules().keeps(Rule.MARKS_ARE_READ_AGAIN)) {
                marks.read(bookkeeping, ends.project());
            }
        }
        if (!checkpoint.text().equals(text)) {
            own.transaction(checkpoint.text(), _ -> {}); // lanes forget what they wrote before
        }
        lowWater.start(checkpoint);
        read = checkpoint.lowWater();
        readMicros = lowWater.micros();
        log.passed(read);
        routes = new Routes(ends);
        windows.forget();
        pushedBack = Optional.empty();
        followed = Optional.empty();
        pending.clear();
        current = null;
        skipping = false;
        large = Optional.empty();
        leftOut = Optional.empty();
        skips.forget();
        policy.forget();
        stoppedAt = Optional.empty();
        keysOwed = true; // an earlier process may have ended between the last window and them
        schedule.start();
        // Last, because an open reader says that all of this was done.
        reader = log.reader(checkpoint.lowWater());
    }

    /// Takes one record; false when the step is to end.
    private boolean take(LogRecord record) {
        return switch (record) {
            case LogRecord.Begin begin -> begin(begin);
            case LogRecord.Rows rows -> {
                if (!skipping) {
                    rows(rows);
                }
                yield true;
            }
            case LogRecord.Commit commit -> {
                commit(commit.id());
                yield true;
            }
            case LogRecord.RollbackPrepared rollback -> {
                if (stopsBefore(rollback, rollback.id(), 0)) {
                    yield false;
                }
                passed(rollback.id(), end(), 0);
                yield true;
            }
            case LogRecord.Prepare _, LogRecord.Admitted _ -> true;
            case LogRecord.CommitPrepared commit ->
                    throw new IllegalStateException(
                            "the change log delivered a bare XA commit: " + commit);
            case LogRecord.SchemaChange change -> schemaChange(change);
            case LogRecord.Progress progress -> progress(progress);
        };
    }

    private boolean begin(LogRecord.Begin begin) {
        skipping = lowWater.includes(begin.id());
        // What is skipped is in the target already, but the chunks' readAts are judged by every
        // transaction of the log.
        if (!skipping
                && (mustStopBefore(begin, begin.id())
                        || stopsBefore(begin, begin.id(), begin.micros()))) {
            return false;
        }
        leftOut = skipping ? Optional.empty() : skips.of(begin.id());
        if (leftOut.isPresent() && !lanesStand()) {
            pushedBack = Optional.of(begin);
            return false;
        }
        windows.advance(begin.id());
        current = new PendingTransaction(begin.id());
        currentMicros = begin.micros();
        begunBefore = lowWater.begun(begin.id()) > 0;
        return true;
    }

    private void rows(LogRecord.Rows rows) {
        var found = marks.table(rows.table().name()).filter(known -> !known.isAside());
        if (found.isEmpty()) {
            return;
        }
        var mark = found.get();
        var window = windows.of(rows.table().name());
        var route = routes.of(rows.table(), mark);
        // What is left out is only counted, so that a value that cannot be translated does not stop
        // it.
        var translation = leftOut.isPresent() ? RowTranslation.SAME : route.translation();
        Replay replay;
        try {
            replay =
                    Replay.of(
                            window,
                            mark.kept(),
                            current.id(),
                            rows.table(),
                            rows.changes(),
                            translation,
                            ends.rules());
        } catch (ProblemException e) {
            throw e.code() == ProblemCode.VALUE_REFUSED ? e.concerning(mark.name()) : e;
        }
        if (replay.changes().isEmpty()) {
            return;
        }
        if (leftOut.isPresent()) {
            skips.count(mark.name(), replay.changes().size());
            return;
        }
        var part = new PendingTransaction.Part(rows.table(), route.target(), replay);
        if (large.isPresent()) {
            ownChanges += large.get().write(part);
        } else {
            var whole = window != null ? window.whole() : mark.kept() && mark.uniqueKeysInPlace();
            current.add(part, route.keys(), whole);
        }
    }

    /// Every lane has written what came before; from here on the rest of this transaction goes to
    /// the target as it is read.
    private void beginLarge() {
        var carefully = careful.filter(current.id()::equals).map(_ -> policy);
        var begins =
                new LargeTransaction(current.id(), own, pending, lowWater, splitBytes, carefully);
        large = Optional.of(begins);
        begins.write(current);
        ownChanges += current.rows();
        current = new PendingTransaction(current.id());
    }

    private void commit(TransactionId id) {
        var end = end();
        if (large.isPresent()) {
            var after = lowWater.checkpointWith(id, end);
            large.get().commit(after);
            governor.spent(Work.APPLY, large.get().rows(), large.get().bytes());
            passed(id, end, currentMicros);
            stored(after);
        } else if (leftOut.isPresent()) {
            var after = lowWater.checkpointWith(id, end);
            skips.end(own, leftOut.get(), after);
            passed(id, end, currentMicros);
            stored(after);
        } else if (skipping || current.isEmpty()) {
            passed(id, end, currentMicros);
        } else {
            current.stands(lowWater.read(id, end, currentMicros));
            schedule.add(current);
            advanceRead(end);
        }
        readAt(currentMicros);
        large = Optional.empty();
        leftOut = Optional.empty();
        current = null;
        skipping = false;
    }

    private void readAt(long micros) {
        readMicros =
                Math.max(readMicros, micros); // this loop's thread is the only one that writes it
    }

    /// It is in the target, or concerns nobody.
    private void passed(TransactionId id, Optional<Position> end, long micros) {
        lowWater.passed(id, end, micros);
        advanceRead(end);
    }

    private void advanceRead(Optional<Position> end) {
        read = end.orElse(read);
        if (lowWater.above() > applyWindow && !reader.openPrepares().isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.XA_OPEN,
                    "an XA transaction of the source is prepared and undecided for "
                            + lowWater.above()
                            + " transactions",
                    "the low-water mark may not pass it, and apply.window limits what is recorded above the mark",
                    "commit or roll back "
                            + reader.openPrepares().getFirst().xid()
                            + " at the source, or raise apply.window");
        }
    }

    /// The position behind what was read, if the low-water mark may stand there: not behind an XA
    /// group that is prepared and undecided. What commits meanwhile is recorded above the mark.
    private Optional<Position> end() {
        return reader.openPrepares().isEmpty() || !ends.rules().keeps(Rule.LOW_WATER_BEHIND_PREPARE)
                ? Optional.of(reader.position())
                : Optional.empty();
    }

    /// True when every lane has written what it got; otherwise they hurry, and somebody asks again.
    private boolean lanesStand() {
        schedule.flush();
        var write = !schedule.isEmpty() && ends.rules().keeps(Rule.LANES_STAND_AT_BARRIERS);
        waits = write ? Activity.ROOM : waits;
        return !write;
    }

    /// At a barrier everything before it is written first; then windows that are over end, or apply
    /// stands still for somebody. The record comes again in a later step.
    private boolean mustStopBefore(LogRecord record, TransactionId id) {
        var ended = windows.endingBefore(id, reader.position());
        // What has begun goes on before anything else; its beginning passed here.
        if (ended.isEmpty() && !(hold.wanted() && !lowWater.hasGaps())
                || lowWater.begun().isPresent()) {
            return false;
        }
        pushedBack = Optional.of(record);
        if (lanesStand() && !(hold.wanted() && !lowWater.hasGaps())) {
            endWindows(ended);
        }
        return true;
    }

    private boolean schemaChange(LogRecord.SchemaChange change) {
        if (lowWater.includes(change.id())) {
            return true;
        }
        if (mustStopBefore(change, change.id())
                || stopsBefore(change, change.id(), change.micros())) {
            return false;
        }
        if (!lanesStand()) {
            pushedBack = Optional.of(change);
            return false;
        }
        skips.refuse(own, change.id());
        windows.advance(change.id());
        var after = lowWater.checkpointWith(change.id(), end());
        var seen = windows.seenByAll(change.id());
        barriers.schemaChange(own, change, seen, after);
        followed = Optional.of(change.id());
        return false;
    }

    private boolean progress(LogRecord.Progress progress) {
        var ended = windows.endingAt(progress.position());
        if (!ended.isEmpty()) {
            if (lanesStand()) {
                endWindows(ended);
            } else {
                pushedBack = Optional.of(progress);
            }
            return false;
        }
        end().ifPresent(position -> {
            read = position;
            lowWater.passed(position, progress.micros());
            readAt(progress.micros());
        });
        return !stopsHere();
    }

    /// Nothing more has been captured: lanes write what there is.
    private boolean atEndOfLog() {
        schedule.flush();
        return endReadWindows() || !stopsHere() && storeNowAndThen();
    }

    /// True when the run ends before this record, which comes again in a later one. What a killed
    /// process has begun lies before the stop.
    private boolean stopsBefore(LogRecord record, TransactionId id, long micros) {
        if (stop.isEmpty()
                || lowWater.begun().isPresent()
                || !stop.get().isBefore(id, micros, reader.position())) {
            return false;
        }
        pushedBack = Optional.of(record);
        if (lanesStand()) {
            endWindows(windows.endingAt(reader.position()));
            requireWindowsOver();
            standAtStop();
        }
        return true;
    }

    /// True when the run ends where the log was read to. While windows go on what is read next
    /// tells whether they end here too.
    private boolean stopsHere() {
        if (stop.isEmpty()
                || current != null
                || !stop.get().isReachedAt(reader.position())
                || !lanesStand()) {
            return false;
        }
        endWindows(windows.endingAt(reader.position()));
        if (!openWindows().isEmpty()) {
            return false;
        }
        standAtStop();
        return true;
    }

    private List<String> openWindows() {
        return marks.tables().stream()
                .filter(mark -> mark.phase() != Phase.EXACT && !mark.isAside())
                .map(mark -> mark.name().toString())
                .sorted()
                .toList();
    }

    /// A table whose window goes on holds rows that are newer than the stop.
    private void requireWindowsOver() {
        if (!openWindows().isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "the run cannot stop at " + stop.orElseThrow().name(),
                    "rows of "
                            + String.join(", ", openWindows())
                            + " were read at the source behind it, and are in the target already",
                    "choose a stop behind the end of the load, or begin anew with 'ferry reset' and stop later");
        }
    }

    /// Everything that was read is written; its place is stored.
    private void standAtStop() {
        var checkpoint = lowWater.checkpoint().orElseThrow();
        if (!checkpoint.text().equals(own.checkpoint())) {
            own.transaction(checkpoint.text(), _ -> {});
            stored(checkpoint);
        }
        stoppedAt = Optional.of(reader.position());
    }

    /// An idle source writes nothing that would end a window whose end was read.
    private boolean endReadWindows() {
        var ended = windows.endingAt(reader.position());
        if (ended.isEmpty() || !lanesStand()) {
            return false;
        }
        endWindows(ended);
        return true;
    }

    /// The lanes stand: none of these is set aside any more.
    private void endWindows(List<TableMark> read) {
        var ended = read.stream().filter(mark -> !asides.isAside(mark.name())).toList();
        if (!ended.isEmpty()) {
            // Changes that every chunk had seen were not written: without this, a crash would
            // replay them strictly.
            var checkpoint = lowWater.checkpoint().orElseThrow();
            if (!checkpoint.text().equals(own.checkpoint())) {
                own.transaction(checkpoint.text(), _ -> {});
            }
            buildKeys(ended);
        }
    }

    /// True between two transactions, if nothing that is still to be read is in the target.
    private boolean isBetweenAll() {
        return current == null && !lowWater.hasGaps();
    }

    private void buildKeys(List<TableMark> ended) {
        barriers.windowsEnd(own, ended);
        keysOwed = !openWindows().isEmpty();
    }

    /// Stores the low-water mark when no lane did: because no change concerned the selected tables
    /// for a while, or because they committed in another order. So a restart does not read
    /// everything again, and the log can let go of it.
    private boolean storeNowAndThen() {
        var now = ends.clock().instant();
        if (current != null
                || !schedule.isEmpty()
                || !lowWater.isOwed()
                        && Duration.between(lastStored, now).compareTo(checkpointTime) < 0) {
            return false;
        }
        lastStored = now;
        var checkpoint = lowWater.checkpoint().orElseThrow();
        skips.passed(own, checkpoint.lowWater());
        if (checkpoint.text().equals(own.checkpoint())) {
            return false;
        }
        own.transaction(checkpoint.text(), _ -> {});
        stored(checkpoint);
        return true;
    }

    /// The checkpoint is in the target: the log may let go at once of what lies before it, if it
    /// needs the room.
    private void stored(Checkpoint checkpoint) {
        log.passed(lowWater.stored(checkpoint.lowWater()));
    }
}
