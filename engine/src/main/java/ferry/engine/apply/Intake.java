package ferry.engine.apply;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.governor.Governor;
import ferry.engine.governor.Work;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;

/// Takes the records of one source transaction after the other, says what of them is to be written,
/// and hands the transaction to the lanes. One that is larger than memory for it is written here,
/// in pieces, while the lanes stand; one that is to be left out is counted. For the thread that
/// reads the log; views are safe for others.
final class Intake {
    private static final int LARGE = 4; // parts of the memory

    private final Ends ends;
    private final ChangeLog log;
    private final Marks marks;
    private final Governor governor;
    private final Lane own;
    private final LowWater lowWater;
    private final Schedule schedule;
    private final Windows windows;
    private final Skips skips;
    private final RowPolicy policy;
    private final PendingChanges pending;
    private final long largeBytes;
    private final long splitBytes;
    private Routes routes;
    private PendingTransaction current; // null between two transactions
    private long currentMicros;
    private boolean skipping; // it is in the target already
    private boolean begunBefore; // by an earlier process, which wrote a part of it
    private Optional<SkipOrder> leftOut = Optional.empty(); // whose order is carried out
    private Optional<TransactionId> careful = Optional.empty(); // the large one that failed
    private volatile Optional<LargeTransaction> large = Optional.empty();
    private volatile long changes;

    /// `own` is the lane of what is not given to others.
    Intake(
            Ends ends,
            ChangeLog log,
            Marks marks,
            Governor governor,
            Lane own,
            LowWater lowWater,
            Schedule schedule,
            Windows windows,
            Skips skips,
            RowPolicy policy,
            Heat heat) {
        this.ends = ends;
        this.log = log;
        this.marks = marks;
        this.governor = governor;
        this.own = own;
        this.lowWater = lowWater;
        this.schedule = schedule;
        this.windows = windows;
        this.skips = skips;
        this.policy = policy;
        pending = new PendingChanges(ends.settings(), ends.rules(), heat);
        largeBytes = ends.settings().get(Settings.APPLY_HELD_BYTES) / LARGE;
        splitBytes = ends.settings().get(Settings.APPLY_SPLIT_BYTES);
        routes = new Routes(ends);
    }

    /// Drops what is under way: it is read again.
    void forget() {
        refresh();
        pending.clear();
        skips.forget();
        end();
    }

    /// Where changes of a table go may have changed.
    void refresh() {
        routes = new Routes(ends);
    }

    /// True between two transactions.
    boolean isBetween() {
        return current == null;
    }

    /// Row changes that were written here.
    long changes() {
        return changes;
    }

    /// What is written in pieces at present, for people.
    Optional<String> largeTransaction() {
        return large.map(LargeTransaction::describe);
    }

    /// The next transaction, and the order to leave it out. What is in the target already is
    /// skipped, but the chunks' readAts are judged by every transaction of the log.
    void begin(LogRecord.Begin begin, boolean skipped, Optional<SkipOrder> order) {
        skipping = skipped;
        leftOut = order;
        windows.advance(begin.id());
        current = new PendingTransaction(begin.id());
        currentMicros = begin.micros();
        begunBefore = lowWater.begun(begin.id()) > 0;
    }

    void rows(LogRecord.Rows rows) {
        if (skipping) {
            return;
        }
        var found = marks.table(rows.table().name()).filter(known -> !known.isLeftOut());
        if (found.isEmpty()) {
            return;
        }
        var mark = found.get();
        var window = windows.of(rows.table().name());
        if (window != null && window.seenByAll(current.id())) {
            // Rows from before the admission may even have another layout, which the table's row
            // condition and columns do not fit.
            return;
        }
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
                            route.logged(),
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
        var part = new PendingTransaction.Part(route.logged().layout(), route.target(), replay);
        if (large.isPresent()) {
            changes += large.get().write(part);
        } else {
            var whole = window != null ? window.whole() : mark.kept() && mark.uniqueKeysInPlace();
            current.add(part, route.keys(), whole);
        }
    }

    /// True for what is too large to be held, and for what an earlier process has begun: before
    /// more of it is read, every lane must have written what came before, and then it begins.
    boolean mustBeginLarge() {
        return current != null && large.isEmpty() && (begunBefore || current.bytes() >= largeBytes);
    }

    /// From here on the rest of this transaction goes to the target as it is read.
    void beginLarge() {
        var carefully = careful.filter(current.id()::equals).map(_ -> policy);
        var begins =
                new LargeTransaction(current.id(), own, pending, lowWater, splitBytes, carefully);
        large = Optional.of(begins);
        begins.write(current);
        changes += current.rows();
        current = new PendingTransaction(current.id());
    }

    /// True if the large transaction that met this can be written change by change, when it is read
    /// again.
    boolean goesOnCarefully(ProblemException problem) {
        if (large.isEmpty()
                || careful.filter(current.id()::equals).isPresent()
                || !policy.records(problem)) {
            return false;
        }
        careful = Optional.of(current.id());
        return true;
    }

    /// The problem of a change, as one of the transaction in hand.
    ProblemException inTransaction(ProblemException problem) {
        return policy.inTransaction(problem, current.id());
    }

    /// The transaction is whole; `read` is the position behind it, if the low-water mark may stand
    /// there. Returns the source's time of it, in microseconds since the epoch.
    long commit(TransactionId id, Optional<Position> read) {
        if (large.isPresent()) {
            var after = lowWater.checkpointWith(id, read);
            large.get().commit(after);
            governor.spent(Work.APPLY, large.get().rows(), large.get().bytes());
            stored(id, read, after);
        } else if (leftOut.isPresent()) {
            var after = lowWater.checkpointWith(id, read);
            skips.end(own, leftOut.get(), after);
            stored(id, read, after);
        } else if (skipping || current.isEmpty()) {
            lowWater.passed(id, read, currentMicros);
        } else {
            current.stands(lowWater.read(id, read, currentMicros));
            schedule.add(current);
        }
        end();
        return currentMicros;
    }

    private void stored(TransactionId id, Optional<Position> read, Checkpoint after) {
        lowWater.passed(id, read, currentMicros);
        log.passed(lowWater.stored(after.lowWater()));
    }

    private void end() {
        large = Optional.empty();
        leftOut = Optional.empty();
        current = null;
        skipping = false;
    }
}
