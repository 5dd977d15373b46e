package ferry.engine.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Whole source transactions that one lane writes as one target transaction. Open while the
/// [Schedule] adds to it; sealed, it waits for what it must come behind, and is written. Guarded by
/// its schedule until a lane has taken it.
final class LaneJob {
    private Instant began;
    private final List<PendingTransaction> transactions = new ArrayList<>();
    private final Set<LaneJob> behind = new LinkedHashSet<>();
    private final JobSize size = new JobSize();
    private LaneJob mergedInto;
    private boolean done;
    private boolean searches;

    LaneJob(Instant began) {
        this.began = began;
    }

    Instant began() {
        return began;
    }

    void add(PendingTransaction transaction) {
        transactions.add(transaction);
        size.add(transaction);
        searches |= transaction.searches();
    }

    /// Goes on as a part of another open job, with which it has nothing in common.
    void mergeInto(LaneJob other) {
        mergedInto = other;
        other.began = began.isBefore(other.began) ? began : other.began;
        other.transactions.addAll(transactions);
        other.behind.addAll(behind);
        other.size.add(size);
        other.searches |= searches;
        transactions.clear();
        behind.clear();
    }

    /// The job that it has become a part of, or itself.
    LaneJob present() {
        var job = this;
        while (job.mergedInto != null) {
            job = job.mergedInto;
        }
        return job;
    }

    /// It may begin when these are done.
    Set<LaneJob> behind() {
        return behind;
    }

    /// Whole source transactions; those that meet anywhere stand in the order of the log.
    List<PendingTransaction> transactions() {
        return transactions;
    }

    JobSize size() {
        return size;
    }

    /// True if rows of a table without a key are looked for, each in the whole table: then its
    /// number of changes tells nothing of the time it takes.
    boolean searches() {
        return searches;
    }

    /// About how much work it is.
    long weight() {
        return size.rows() + size.transactions();
    }

    void end() {
        done = true;
    }

    boolean done() {
        return done;
    }
}
