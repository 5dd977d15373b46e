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
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.crew.Activity;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Ends;
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

    private final Ends ends;
    private final ChangeLog log;
    private final Marks marks;
    private final Governor governor;
    private final Asides asides;
    private final RowPolicy policy;
    private final Lane own;
    private final List<ApplyLane> lanes;
    private final Schedule schedule;
    private final LowWater lowWater;
    private final Hold hold = new Hold();
    private final Heat heat = new Heat();
    private final int applyWindow;
    private final Duration checkpointTime;
    private final Windows windows;
    private final WindowEnds windowEnds;
    private final Skips skips;
    private final Intake intake;
    private final ApartTables apart;
    private ChangeLogReader reader;
    private Optional<LogRecord> pushedBack = Optional.empty();
    // Everything up to here was read, and no XA group before it is undecided.
    private volatile Position read;
    private volatile long readMicros; // the source's time of what was read last
    private Optional<TransactionId> followed = Optional.empty(); // the last schema change
    private Activity waits = Activity.NOTHING;
    private boolean atEnd; // of the log
    private long ofLanesBefore;
    private Instant lastStored = Instant.EPOCH;
    private volatile String openXa;
    private volatile Optional<LogStop> stop = Optional.empty();
    private volatile Optional<Position> stoppedAt = Optional.empty();

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
        windowEnds = new WindowEnds(marks, asides, barriers, own, lowWater);
        intake =
                new Intake(
                        ends, log, marks, governor, own, lowWater, schedule, windows, skips, policy,
                        heat);
        apart =
                new ApartTables(
                        ends, log, marks, own, windows, skips, policy, asides, governor, heat);
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
        return intake.largeTransaction();
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
        return windowEnds.allOver();
    }

    /// Row changes applied by this process.
    public long changes() {
        return intake.changes() + laneChanges();
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
        if (intake.isBetween() || problem.table().isEmpty()) {
            throw problem;
        }
        if (!intake.goesOnCarefully(problem)) {
            // What has begun counts the changes that are in the target, of this table too: without
            // it they would be counted wrong.
            if (lowWater.begun().isPresent() || !asides.takes(problem)) {
                throw intake.inTransaction(problem);
            }
            if (own.inTransaction()) {
                own.rollback();
            }
            asides.setAside(own, problem.table().get(), problem);
        }
        reset();
        return Outcome.WORKED;
    }

    private boolean work() {
        if (marks.tables().stream().anyMatch(mark -> mark.isLoading() && !mark.isApart())) {
            return false;
        }
        // Only now: a table may have had to be loaded again before it was where the change left it.
        followed.ifPresent(id -> passed(id, end(), 0));
        followed = Optional.empty();
        if (stoppedAt.isPresent()) {
            return false;
        }
        if (mustHold()) {
            if (lanesStand()) {
                hold.stand();
            }
            return false;
        }
        if (windowEnds.oweKeys() && isBetweenAll()) {
            if (!lanesStand()) {
                return false;
            }
            windowEnds.buildKeys();
        }
        if (windows.refresh(read)) {
            intake.refresh();
            apart.pinLog();
        }
        var late = isBetweenAll() ? apart.readyToJoin() : Optional.<TableMark>empty();
        if (late.isPresent()) {
            if (!lanesStand()) {
                return false;
            }
            apart.join(late.get(), reader.sequence(), lowWater.checkpoint().orElseThrow());
            return true;
        }
        var open = reader.openPrepares();
        openXa = open.isEmpty() ? null : open.getFirst().xid();
        for (var records = 0; records < RECORDS_PER_STEP || !intake.isBetween(); records++) {
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
        if (intake.isBetween()) {
            var full =
                    schedule.isFull() || lowWater.waiting() >= applyWindow && !schedule.isEmpty();
            if (full) {
                schedule.flush();
                waits = Activity.ROOM;
            }
        } else if (intake.mustBeginLarge() && lanesStand()) {
            if (governor.waits(Work.APPLY).isPresent()) {
                waits = Activity.LIMIT;
            } else {
                intake.beginLarge();
            }
        }
        return waits != Activity.NOTHING;
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

    /// Lets go of what outlives a reset. All loops must have ended.
    public void close() {
        reset();
        apart.close();
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
        apart.pinLog(); // before anything is let go of
        own.store(checkpoint.text()); // lanes forget what they wrote before
        lowWater.start(checkpoint);
        read = checkpoint.lowWater();
        readMicros = lowWater.micros();
        log.passed(read);
        windows.forget();
        intake.forget();
        pushedBack = Optional.empty();
        followed = Optional.empty();
        policy.forget();
        stoppedAt = Optional.empty();
        schedule.start();
        // Last, because an open reader says that all of this was done.
        reader = log.reader(checkpoint.lowWater());
    }

    /// Takes one record; false when the step is to end.
    private boolean take(LogRecord record) {
        return switch (record) {
            case LogRecord.Begin begin -> begin(begin);
            case LogRecord.Rows rows -> {
                intake.rows(rows);
                yield true;
            }
            case LogRecord.Commit commit -> {
                var end = end();
                readAt(intake.commit(commit.id(), end));
                advanceRead(end);
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
        var skipped = lowWater.includes(begin.id());
        if (!skipped
                && (mustStopBefore(begin, begin.id())
                        || stopsBefore(begin, begin.id(), begin.micros()))) {
            return false;
        }
        var leftOut = skipped ? Optional.<SkipOrder>empty() : skips.of(begin.id());
        if (leftOut.isPresent() && !lanesStand()) {
            pushedBack = Optional.of(begin);
            return false;
        }
        intake.begin(begin, skipped, leftOut);
        return true;
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
        if (ended.isEmpty() && !mustHold() || lowWater.begun().isPresent()) {
            return false;
        }
        pushedBack = Optional.of(record);
        if (lanesStand() && !mustHold()) {
            windowEnds.end(ended);
        }
        return true;
    }

    private boolean schemaChange(LogRecord.SchemaChange change) {
        if (lowWater.includes(change.id())) {
            passed(change.id(), end(), 0);
            return true;
        }
        if (apart.mustWaitFor(change)) {
            pushedBack = Optional.of(change);
            if (lanesStand()) {
                lowWater.passKnown(); // no earlier process passed this change and went on with the
                // table
                waits = Activity.ORDER;
            }
            return false;
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
        windowEnds.schemaChange(change, seen, after);
        apart.pinLog();
        followed = Optional.of(change.id());
        return false;
    }

    private boolean progress(LogRecord.Progress progress) {
        var ended = windows.endingAt(progress.position());
        if (!ended.isEmpty()) {
            if (lanesStand()) {
                windowEnds.end(ended);
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
        if (lanesStand() && apart.any()) {
            waits = Activity.ORDER;
        } else if (lanesStand()) {
            windowEnds.end(windows.endingAt(reader.position()));
            windowEnds.requireOver(stop.get());
            standAtStop();
        }
        return true;
    }

    /// True when the run ends where the log was read to. While windows go on what is read next
    /// tells whether they end here too.
    private boolean stopsHere() {
        if (stop.isEmpty()
                || !intake.isBetween()
                || !stop.get().isReachedAt(reader.position())
                || !lanesStand()) {
            return false;
        }
        windowEnds.end(windows.endingAt(reader.position()));
        if (!windowEnds.areOver()) {
            return false;
        }
        standAtStop();
        return true;
    }

    /// Everything that was read is written; its place is stored.
    private void standAtStop() {
        store(lowWater.checkpoint().orElseThrow());
        stoppedAt = Optional.of(reader.position());
    }

    /// An idle source writes nothing that would end a window whose end was read.
    private boolean endReadWindows() {
        var ended = windows.endingAt(reader.position());
        if (ended.isEmpty() || !lanesStand()) {
            return false;
        }
        windowEnds.end(ended);
        return true;
    }

    /// True between two transactions, if nothing that is still to be read is in the target.
    private boolean isBetweenAll() {
        return intake.isBetween() && !lowWater.hasGaps();
    }

    private boolean mustHold() {
        return hold.wanted() && isBetweenAll() && !apart.any();
    }

    /// Stores the low-water mark when no lane did: because no change concerned the selected tables
    /// for a while, or because they committed in another order. So a restart does not read
    /// everything again, and the log can let go of it.
    private boolean storeNowAndThen() {
        var now = ends.clock().instant();
        if (!intake.isBetween()
                || !schedule.isEmpty()
                || !lowWater.isOwed()
                        && Duration.between(lastStored, now).compareTo(checkpointTime) < 0) {
            return false;
        }
        lastStored = now;
        var checkpoint = lowWater.checkpoint().orElseThrow();
        skips.passed(own, checkpoint.lowWater());
        return store(checkpoint);
    }

    /// Once the checkpoint is in the target the log may let go at once of what lies before it, if
    /// it needs the room. True if it was not there.
    private boolean store(Checkpoint checkpoint) {
        var stores = own.store(checkpoint.text());
        if (stores) {
            log.passed(lowWater.stored(checkpoint.lowWater()));
        }
        return stores;
    }
}
