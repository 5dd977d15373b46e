package ferry.engine.apply;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Divides source transactions among lanes so that those which meet anywhere ([Claims]) keep their
/// order, and nobody else waits. Safe for several threads: one adds, each lane takes its own.
///
/// Each lane has an open job that grows, and a queue of sealed ones. A new transaction joins the
/// open job with which it has something in common; open jobs that it ties together become one. What
/// it has in common with sealed jobs they must have written before: its job waits for them. Jobs
/// only ever wait for jobs that were sealed earlier, and a lane writes its jobs in the order of
/// their sealing, so the oldest job of all never waits.
///
/// The idea of letting a transaction wait for exactly those it conflicts with is the one of
/// writesets and of lock queues; no barrier stops everybody.
final class Schedule {
    /// So many jobs' worth of rows for each lane may be held: one open, one waiting, one being
    /// written.
    private static final int JOBS_PER_LANE = 3;

    /// Meetings of one transaction that are counted, so that a large one costs little.
    private static final int MEETINGS_COUNTED = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Rules rules;
    private final InstantSource clock;
    private final Heat heat;
    private final long transactionsMax;
    private final long rowsMax;
    private final long bytesMax;
    private final long heldBytesMax;
    private final Duration timeMax;
    private final List<Queue> queues = new ArrayList<>();
    private final Map<Long, Holders> holders = new HashMap<>();
    private long rows;
    private long bytes;
    private int jobs;
    private boolean running;
    private boolean flushing;

    private static final class Queue {
        private final Deque<LaneJob> sealed = new ArrayDeque<>();
        private LaneJob open;

        /// About how much there is to do before a further transaction.
        long load() {
            var load = open == null ? 0 : open.weight();
            for (var job : sealed) {
                load += job.weight();
            }
            return load;
        }
    }

    /// Who claimed something: the last one who claimed it for himself, and those who share it since
    /// then.
    private static final class Holders {
        private LaneJob own;
        private Set<LaneJob> shared = Set.of();

        boolean areDone() {
            if (own != null && !own.present().done()) {
                return false;
            }
            for (var job : shared) {
                if (!job.present().done()) {
                    return false;
                }
            }
            return true;
        }
    }

    Schedule(Settings settings, Rules rules, InstantSource clock, Heat heat) {
        this.rules = rules;
        this.clock = clock;
        this.heat = heat;
        transactionsMax = settings.get(Settings.APPLY_BATCH_TRANSACTIONS);
        rowsMax = settings.get(Settings.APPLY_BATCH_ROWS);
        var lanes = settings.number(Settings.APPLY_LANES);
        heldBytesMax = settings.get(Settings.APPLY_HELD_BYTES);
        bytesMax = heldBytesMax / (JOBS_PER_LANE * (long) lanes);
        timeMax = settings.get(Settings.APPLY_BATCH_TIME);
        for (var i = 0; i < lanes; i++) {
            queues.add(new Queue());
        }
    }

    int lanes() {
        return queues.size();
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
        queues.forEach(queue -> {
            queue.sealed.clear();
            queue.open = null;
        });
        holders.clear();
        rows = 0;
        bytes = 0;
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
            return bytes >= heldBytesMax || rows >= JOBS_PER_LANE * queues.size() * rowsMax;
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
            var met = new ArrayList<Long>();
            var before = before(transaction.claims(), met);
            heat.divided(transaction, met);
            var open = new LinkedHashSet<LaneJob>();
            var sealed = new LinkedHashSet<LaneJob>();
            for (var job : before) {
                (isOpen(job) ? open : sealed).add(job);
            }
            var queue = open.isEmpty() ? queueFor(sealed) : queueOf(open);
            if (queue.open == null) {
                queue.open = new LaneJob(clock.instant());
                jobs++;
            }
            var job = queue.open;
            open.stream().filter(other -> other != job).forEach(other -> merge(other, job));
            job.behind()
                    .addAll(sealed); // also of its own lane, which it may still leave by a merge
            job.add(transaction);
            rows += transaction.rows();
            bytes += transaction.bytes();
            claim(transaction.claims(), job);
            if (isFull(job)) {
                seal(queue);
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
        claims.forEachShared(hash -> {
            var there = holders.computeIfAbsent(hash, _ -> new Holders());
            if (there.shared.isEmpty()) {
                there.shared = new LinkedHashSet<>();
            }
            there.shared.removeIf(other -> other.present().done());
            there.shared.add(job);
        });
        claims.forEachOwn(hash -> {
            var there = holders.computeIfAbsent(hash, _ -> new Holders());
            there.own = job;
            there.shared = Set.of();
        });
    }

    private boolean isOpen(LaneJob job) {
        for (var queue : queues) {
            if (queue.open == job) {
                return true;
            }
        }
        return false;
    }

    /// Of the largest open job, which most would have to be merged into.
    private Queue queueOf(Set<LaneJob> open) {
        var largest = Optional.<Queue>empty();
        for (var queue : queues) {
            if (open.contains(queue.open)
                    && largest.filter(other -> other.open.rows() >= queue.open.rows()).isEmpty()) {
                largest = Optional.of(queue);
            }
        }
        return largest.orElseThrow();
    }

    /// Behind the jobs that come before, where there are some: their lane will be free when they
    /// are done. Otherwise where there is the least to do.
    private Queue queueFor(Set<LaneJob> before) {
        for (var queue : queues) {
            if (!queue.sealed.isEmpty() && before.contains(queue.sealed.peekLast())) {
                return queue;
            }
        }
        var least = queues.getFirst();
        for (var queue : queues) {
            least = queue.load() < least.load() ? queue : least;
        }
        return least;
    }

    private void merge(LaneJob from, LaneJob into) {
        from.mergeInto(into);
        jobs--;
        queues.stream().filter(queue -> queue.open == from).forEach(queue -> queue.open = null);
    }

    private boolean isFull(LaneJob job) {
        return job.transactions().size() >= transactionsMax
                || job.rows() >= rowsMax
                || job.bytes() >= bytesMax
                || isOld(job);
    }

    private boolean isOld(LaneJob job) {
        return Duration.between(job.began(), clock.instant()).compareTo(timeMax) >= 0;
    }

    private void seal(Queue queue) {
        queue.sealed.add(queue.open);
        queue.open = null;
        changed.signalAll();
    }

    /// The next job of a lane, which stays the next one until it is [#done].
    Optional<LaneJob> next(int lane) {
        lock.lock();
        try {
            if (!running) {
                return Optional.empty();
            }
            var queue = queues.get(lane);
            if (queue.sealed.isEmpty() && queue.open != null && (flushing || isOld(queue.open))) {
                seal(queue);
            }
            return Optional.ofNullable(queue.sealed.peekFirst())
                    .filter(job -> job.behind().stream().allMatch(LaneJob::done));
        } finally {
            lock.unlock();
        }
    }

    /// True when a lane has jobs, and the first of them must come behind those of other lanes.
    boolean waits(int lane) {
        lock.lock();
        try {
            return !queues.get(lane).sealed.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// This job of the lane is in the target. Nothing happens if all was forgotten meanwhile.
    void done(int lane, LaneJob job) {
        lock.lock();
        try {
            if (queues.get(lane).sealed.peekFirst() != job) {
                return;
            }
            queues.get(lane).sealed.removeFirst();
            job.end();
            job.behind().clear(); // or a chain of jobs would hold them all
            jobs--;
            rows -= job.rows();
            bytes -= job.bytes();
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
