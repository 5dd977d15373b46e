package ferry.engine.apply;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Divides source transactions among lanes so that those which meet anywhere ([Claims]) keep their
/// order, and nobody else waits. Safe for several threads: one adds, each lane takes its own.
///
/// A new transaction joins the open job with which it has something in common; open jobs that it
/// ties together become one; where there is none it is one of its own. What it has in common with
/// jobs that are sealed or taken they must have written before: its job waits for them. A lane that
/// is free takes the first sealed job that waits for nobody, otherwise as many open ones as make a
/// target transaction. Jobs only ever wait for jobs that were sealed or taken earlier, so one of
/// them can always be written.
///
/// The idea of letting a transaction wait for exactly those it conflicts with is the one of
/// writesets and of lock queues; no barrier stops everybody. Nothing is put together before a lane
/// is free: of transactions that meet only among themselves (those of one warehouse, say) a few
/// that stood with others by chance would tie all of them into one job.
final class Schedule {
    /// So many jobs' worth of rows for each lane may be held: one open, one waiting, one being
    /// written.
    private static final int JOBS_PER_LANE = 3;

    /// Meetings of one transaction that are counted, so that a large one costs little.
    private static final int MEETINGS_COUNTED = 8;

    private static final int FEW = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Rules rules;
    private final InstantSource clock;
    private final Heat heat;
    private final BatchSize batch;
    private final BatchSize searching; // of jobs that look for rows without a key
    private final long rowsMax;
    private final long bytesMax;
    private final long heldBytesMax;
    private final Duration timeMax;
    private final Set<LaneJob> open = new LinkedHashSet<>(); // the oldest first
    private final Set<LaneJob> sealed = new LinkedHashSet<>(); // full, and not taken
    private final LaneJob[] taken; // by lane
    private final Map<Long, Holders> holders = new HashMap<>();
    private final JobSize held = new JobSize(); // by all jobs
    private final JobSize growing = new JobSize(); // open ones
    private int jobs;
    private boolean running;
    private boolean flushing;

    /// Who claimed something: the last one who claimed it for himself, and those who share it since
    /// then.
    private static final class Holders {
        private LaneJob own;
        private Set<LaneJob> shared = Set.of();
        private int many = FEW; // sharers, of whom those that are done are dropped then

        void own(LaneJob job) {
            own = job;
            shared = Set.of();
        }

        void share(LaneJob job) {
            if (shared.isEmpty()) {
                shared = new LinkedHashSet<>();
            }
            if (shared.size() >= many) {
                shared.removeIf(other -> other.present().done());
                many = Math.max(FEW, 2 * shared.size());
            }
            shared.add(job);
        }

        /// Drops what is done at the front, so that nobody looks at it again.
        boolean areDone() {
            if (own != null && !own.present().done()) {
                return false;
            }
            for (var sharers = shared.iterator(); sharers.hasNext(); ) {
                if (!sharers.next().present().done()) {
                    return false;
                }
                sharers.remove();
            }
            return true;
        }
    }

    Schedule(Settings settings, Rules rules, InstantSource clock, Heat heat) {
        this.rules = rules;
        this.clock = clock;
        this.heat = heat;
        taken = new LaneJob[settings.number(Settings.APPLY_LANES)];
        // No more than leaves something for every lane.
        var transactionsMax =
                Math.min(
                        settings.get(Settings.APPLY_BATCH_TRANSACTIONS),
                        Math.max(1, settings.get(Settings.APPLY_WINDOW) / taken.length));
        batch = new BatchSize(transactionsMax, settings.get(Settings.APPLY_BATCH_LONGEST));
        searching = new BatchSize(transactionsMax, settings.get(Settings.APPLY_BATCH_LONGEST));
        rowsMax = settings.get(Settings.APPLY_BATCH_ROWS);
        heldBytesMax = settings.get(Settings.APPLY_HELD_BYTES);
        bytesMax = heldBytesMax / (JOBS_PER_LANE * (long) taken.length);
        timeMax = settings.get(Settings.APPLY_BATCH_TIME);
    }

    int lanes() {
        return taken.length;
    }

    /// Forgets everything; lanes get jobs from now on.
    void start() {
        lock.lock();
        try {
            clear();
            running = true;
        } finally {
            lock.unlock();
        }
    }

    /// Forgets everything; lanes get nothing before [#start].
    void stop() {
        lock.lock();
        try {
            clear();
            running = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void clear() {
        open.clear();
        sealed.clear();
        Arrays.fill(taken, null);
        holders.clear();
        held.clear();
        growing.clear();
        jobs = 0;
        flushing = false;
    }

    boolean running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /// True when lanes must write something first.
    boolean isFull() {
        lock.lock();
        try {
            return held.bytes() >= heldBytesMax
                    || held.rows() >= JOBS_PER_LANE * taken.length * rowsMax;
        } finally {
            lock.unlock();
        }
    }

    /// True when everything is written.
    boolean isEmpty() {
        lock.lock();
        try {
            return jobs == 0;
        } finally {
            lock.unlock();
        }
    }

    /// Lets lanes take what there is, however little: nothing more comes at present.
    void flush() {
        lock.lock();
        try {
            if (!flushing && jobs > 0) {
                flushing = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes the next transaction of the log.
    void add(PendingTransaction transaction) {
        lock.lock();
        try {
            flushing = false;
            var wereEnough = areEnough();
            var met = new ArrayList<Long>();
            var before = before(transaction.claims(), met);
            heat.divided(transaction, met);
            var tied = new ArrayList<LaneJob>();
            before.removeIf(job -> open.contains(job) && tied.add(job));
            if (taken.length == 1 && tied.isEmpty()) {
                tied.addAll(open); // one lane keeps the order of the log
            }
            var job = tied.isEmpty() ? openJob() : together(tied);
            job.behind().addAll(before); // they are sealed or taken
            job.add(transaction);
            held.add(transaction);
            growing.add(transaction);
            claim(transaction.claims(), job);
            // What cannot be written yet would else wait for more and more.
            if (isFull(job.size(), job.searches()) || isOld(job) && !isReady(job)) {
                close(job);
                sealed.add(job);
                changed.signalAll();
            } else if (!wereEnough && areEnough()) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The jobs that are not done and that these claims must come behind; `met` takes the first few
    /// claims that they have in common.
    private Set<LaneJob> before(Claims claims, List<Long> met) {
        var before = new LinkedHashSet<LaneJob>();
        if (!rules.keeps(Rule.CONFLICTS_KEEP_ORDER)) {
            return before;
        }
        claims.forEachOwn(hash -> {
            var there = holders.get(hash);
            if (there != null) {
                var meets = add(before, there.own);
                for (var job : there.shared) {
                    meets |= add(before, job);
                }
                note(met, hash, meets);
            }
        });
        claims.forEachShared(hash -> {
            var there = holders.get(hash);
            if (there != null) {
                note(met, hash, add(before, there.own));
            }
        });
        return before;
    }

    /// True if the job is not done.
    private static boolean add(Set<LaneJob> jobs, LaneJob job) {
        if (job == null || job.present().done()) {
            return false;
        }
        jobs.add(job.present());
        return true;
    }

    private static void note(List<Long> met, long hash, boolean meets) {
        if (meets && met.size() < MEETINGS_COUNTED) {
            met.add(hash);
        }
    }

    private void claim(Claims claims, LaneJob job) {
        claims.forEachShared(hash -> holders(hash).share(job));
        claims.forEachOwn(hash -> holders(hash).own(job));
    }

    private Holders holders(long hash) {
        return holders.computeIfAbsent(hash, _ -> new Holders());
    }

    private LaneJob openJob() {
        var job = new LaneJob(clock.instant());
        open.add(job);
        jobs++;
        return job;
    }

    /// Makes these open jobs one: the largest, in which most of it is already.
    private LaneJob together(List<LaneJob> tied) {
        var largest = Collections.max(tied, Comparator.comparingLong(LaneJob::weight));
        for (var job : tied) {
            if (job != largest) {
                merge(job, largest);
            }
        }
        return largest;
    }

    private void merge(LaneJob from, LaneJob into) {
        from.mergeInto(into);
        jobs--;
        open.remove(from);
    }

    private boolean isFull(JobSize size, boolean searches) {
        return size.transactions() >= (searches ? searching : batch).present()
                || size.rows() >= rowsMax
                || size.bytes() >= bytesMax;
    }

    /// It grows no further.
    private void close(LaneJob job) {
        open.remove(job);
        growing.remove(job.size());
    }

    /// True if open jobs, where they can be written, need not wait for more.
    private boolean areEnough() {
        return flushing
                || isFull(growing, false)
                || !open.isEmpty() && isOld(open.iterator().next());
    }

    private boolean isOld(LaneJob job) {
        return Duration.between(job.began(), clock.instant()).compareTo(timeMax) >= 0;
    }

    /// The next job of a lane, which stays the next one until it is [#done].
    Optional<LaneJob> next(int lane) {
        lock.lock();
        try {
            if (running && taken[lane] == null) {
                take(lane);
            }
            return Optional.ofNullable(taken[lane]);
        } finally {
            lock.unlock();
        }
    }

    /// The older of the first sealed job and the open ones, so that none waits for long.
    private void take(int lane) {
        var full = sealed.stream().filter(Schedule::isReady).findFirst();
        var next = full.filter(job -> !isOlder(open, job)).or(this::takeOpen).or(() -> full);
        next.ifPresent(job -> {
            sealed.remove(job);
            taken[lane] = job;
        });
    }

    private static boolean isOlder(Set<LaneJob> open, LaneJob job) {
        return open.stream()
                .findFirst()
                .filter(oldest -> isReady(oldest) && oldest.began().isBefore(job.began()))
                .isPresent();
    }

    /// Open jobs that must wait for nobody, the oldest first, as many as make a target transaction,
    /// or a fair part where there is no more to come; empty if they are better left to grow.
    private Optional<LaneJob> takeOpen() {
        if (!areEnough()) {
            return Optional.empty();
        }
        var fair = flushing ? Math.max(FEW, growing.transactions() / free()) : batch.present();
        var size = new JobSize();
        var searches = false;
        var ready = new ArrayList<LaneJob>();
        for (var job : open) {
            if (isReady(job)) {
                ready.add(job);
                size.add(job.size());
                searches |= job.searches();
                if (isFull(size, searches) || size.transactions() >= fair) {
                    break;
                }
            }
        }
        if (ready.isEmpty() || !flushing && !isFull(size, searches) && !isOld(ready.getFirst())) {
            return Optional.empty();
        }
        var job = together(ready);
        close(job);
        return Optional.of(job);
    }

    private long free() {
        return Arrays.stream(taken).filter(Objects::isNull).count();
    }

    private static boolean isReady(LaneJob job) {
        job.behind().removeIf(LaneJob::done);
        return job.behind().isEmpty();
    }

    /// True when there are jobs, and each of them must come behind those of other lanes.
    boolean waits() {
        lock.lock();
        try {
            return !sealed.isEmpty() || !open.isEmpty() && areEnough();
        } finally {
            lock.unlock();
        }
    }

    /// Writing a job took so long, of a target that was there all the time.
    void took(LaneJob job, Duration time) {
        lock.lock();
        try {
            (job.searches() ? searching : batch).took(job.transactions().size(), time);
        } finally {
            lock.unlock();
        }
    }

    /// This job of the lane is in the target. Nothing happens if all was forgotten meanwhile.
    void done(int lane, LaneJob job) {
        lock.lock();
        try {
            if (taken[lane] != job) {
                return;
            }
            taken[lane] = null;
            job.end();
            job.behind().clear(); // or a chain of jobs would hold them all
            jobs--;
            held.remove(job.size());
            if (jobs == 0) {
                holders.clear();
            } else {
                job.transactions().forEach(transaction -> forget(transaction.claims()));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forget(Claims claims) {
        claims.forEachOwn(this::forget);
        claims.forEachShared(this::forget);
    }

    private void forget(long hash) {
        var there = holders.get(hash);
        if (there != null && there.areDone()) {
            holders.remove(hash);
        }
    }

    /// Waits at the most this long until lanes have something new to take, or have written
    /// something.
    void await(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            changed.awaitNanos(atMost.toNanos());
        } finally {
            lock.unlock();
        }
    }
}
