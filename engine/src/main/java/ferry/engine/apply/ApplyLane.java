package ferry.engine.apply;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.RowError;
import ferry.engine.crew.Activity;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.governor.Governor;
import ferry.engine.governor.Work;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/// One of the lanes among which [Apply] divides the source's transactions: writes the jobs that
/// [Schedule] gives it, each as one target transaction. Its row holds the low-water mark and those
/// of its transactions that lie above it, and commits with the data; so it is told exactly which
/// job a COMMIT of unknown outcome left behind.
final class ApplyLane implements Loop {
    /// Times that a job is tried again at once when the target asks for it (a deadlock with another
    /// lane), before that becomes a problem.
    private static final int ATTEMPTS = 5;

    private final Ends ends;
    private final ChangeLog log;
    private final LowWater lowWater;
    private final Schedule schedule;
    private final Governor governor;
    private final Asides asides;
    private final RowPolicy rows;
    private final int number;
    private final Lane lane;
    private final PendingChanges pending;
    private List<LowWater.Entry> above = List.of(); // what the lane's row names
    // Whoever is inside works with the lane: this loop's thread, or Apply when it begins anew.
    private final ReentrantLock inside = new ReentrantLock();
    private Optional<LaneJob> job = Optional.empty();
    private LowWater.LaneMark after; // what the job leaves in the lane's row
    private String afterText = ""; // the same
    private Instant began = Instant.EPOCH; // when it was written last
    private int attempts;
    private Optional<ProblemException> met = Optional.empty(); // by the job as a whole
    private SequencedMap<String, RowError> failed = new LinkedHashMap<>(); // changes of the job
    private Activity idleFor = Activity.NOTHING;
    private volatile long changes;

    /// `number` counts from 0; the lane's name from 1, behind the row that Apply keeps itself.
    ApplyLane(
            Ends ends,
            long epoch,
            ChangeLog log,
            LowWater lowWater,
            Schedule schedule,
            Governor governor,
            Heat heat,
            Asides asides,
            RowPolicy rows,
            int number) {
        this.ends = ends;
        this.log = log;
        this.lowWater = lowWater;
        this.schedule = schedule;
        this.governor = governor;
        this.asides = asides;
        this.rows = rows;
        this.number = number;
        lane = new Lane(ends, Apply.LANES + (number + 1), epoch);
        pending = new PendingChanges(ends.settings(), ends.rules(), heat);
    }

    @Override
    public String name() {
        return Apply.LANES + (number + 1);
    }

    /// Row changes that this lane has written in this process.
    long changes() {
        return changes;
    }

    /// For [Apply], while the schedule is stopped: drops what is under way, and returns what the
    /// lane's row says when nothing of it can be committed any more.
    Optional<Checkpoint> begin(Function<String, Position> positions) {
        return within(() -> {
            forget();
            above = List.of();
            var text = lane.open();
            return text.isEmpty()
                    ? Optional.<Checkpoint>empty()
                    : Optional.of(Checkpoint.parse(text, positions));
        });
    }

    @Override
    public Outcome step() {
        return within(() -> {
            if (!schedule.running()) {
                if (lane.inTransaction()) {
                    forget();
                }
                return Outcome.IDLE;
            }
            if (!lane.isOpen() && knowsItsJobDone()) {
                end();
                return Outcome.WORKED;
            }
            if (job.isEmpty()) {
                job = next();
            }
            if (job.isEmpty()) {
                return Outcome.IDLE;
            }
            if (!lane.inTransaction()) {
                write(job.get());
                return Outcome.BEGUN;
            }
            lane.commit(afterText);
            schedule.took(job.get(), Duration.between(began, ends.clock().instant()));
            end();
            return Outcome.WORKED;
        });
    }

    private Optional<LaneJob> next() {
        var next = schedule.next(number);
        if (next.isEmpty()) {
            idleFor = schedule.waits() ? Activity.ORDER : Activity.NOTHING;
            return next;
        }
        // Asked only while there is a job: who has none waits for nothing.
        if (governor.waits(Work.APPLY).isPresent()) {
            idleFor = Activity.LIMIT;
            return Optional.empty();
        }
        return next;
    }

    @Override
    public Activity whileIdle() {
        return idleFor;
    }

    /// Opens the lane. True when its row says that the job is in the target: its COMMIT was of
    /// unknown outcome.
    private boolean knowsItsJobDone() {
        var text = lane.open();
        return job.isPresent() && after != null && text.equals(afterText);
    }

    private void write(LaneJob open) {
        began = ends.clock().instant();
        after = lowWater.checkpoint(above, open);
        afterText = after.checkpoint().text();
        try {
            failed = new LinkedHashMap<>();
            var writer = lane.begin(afterText);
            for (var transaction : open.transactions()) {
                for (var part : transaction.parts()) {
                    if (asides.isAside(part.source().name())) {
                        continue;
                    }
                    if (met.isPresent()) {
                        rows.write(writer, transaction.id(), part, failed);
                    } else {
                        pending.add(writer, part.source(), part.target(), part.replay());
                    }
                }
            }
            pending.write(writer);
            rows.put(writer, failed.values());
            if (met.isPresent() && !rows.records(met.get())) {
                throw met.get(); // no change of it fails alone, so that it is told as it was
            }
        } catch (ProblemException e) {
            pending.clear();
            governor.met(e.problem());
            // Whoever conflicts with the job waits for it, so nothing can overtake it meanwhile: it
            // is written again, by the next step.
            if (e.code() == ProblemCode.TARGET_BUSY && ++attempts < ATTEMPTS) {
                lane.rollback();
            } else if (met.isEmpty() && RowPolicy.isOfRow(e)) {
                lane.rollback(); // and written piece by piece
                met = Optional.of(e);
            } else if (e.table().isPresent() && asides.takes(e)) {
                lane.rollback();
                asides.setAside(lane, e.table().get(), e);
                met = Optional.empty(); // written anew without the table
            } else {
                throw e;
            }
        }
    }

    private void end() {
        var written = job.orElseThrow();
        rows.recorded(failed.values());
        forgetAttempts();
        job = Optional.empty();
        above = after.above();
        changes += written.size().rows();
        governor.spent(Work.APPLY, written.size().rows(), written.size().bytes());
        lowWater.done(written.transactions().stream().map(PendingTransaction::entry).toList());
        schedule.done(number, written);
        log.passed(lowWater.stored(after.checkpoint().lowWater()));
        after = null;
    }

    private void forget() {
        job = Optional.empty();
        after = null;
        forgetAttempts();
        pending.clear();
        lane.close();
    }

    private void forgetAttempts() {
        attempts = 0;
        met = Optional.empty();
        failed = new LinkedHashMap<>();
    }

    @Override
    public void await(Duration atMost) throws InterruptedException {
        schedule.await(atMost);
    }

    /// The job stays: it is written again unless the lane's row says that it is in the target.
    @Override
    public void reset() {
        within(() -> {
            attempts = 0;
            pending.clear();
            lane.close();
            return null;
        });
    }

    private <T> T within(Supplier<T> work) {
        inside.lock(); // whoever holds it is interrupted too when the project stops
        try {
            return work.get();
        } finally {
            inside.unlock();
        }
    }
}
