package ferry.dialects.mysql;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Hands events from the network thread to the reader, bounded in number and bytes (one event is
/// always let in). Ends with a failure, which the reader sees behind the last event, or by being
/// closed.
///
/// Events change hands in batches, so that the two threads seldom meet: the network thread fills
/// one, the reader empties another one, and both count.
final class EventQueue {
    private static final int BATCHES = 8; // of the most that the queue holds
    private static final long BATCH_BYTES_MAX = 256 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private final long countMax;
    private final long bytesMax;
    private final long batchBytes;
    private final long batchCount;
    private long count; // in the batches, and in the one that the reader empties
    private long bytes;
    private RuntimeException failure;
    private boolean closed;

    private Batch filling = new Batch(); // for the network thread
    private Batch emptying = new Batch(); // for the reader

    /// Events, and how much they are.
    private static final class Batch {
        private final List<RawEvent> events = new ArrayList<>();
        private int taken;
        private long bytes;

        int count() {
            return events.size();
        }

        boolean isEmpty() {
            return taken == events.size();
        }

        RawEvent take() {
            return events.set(taken++, null); // what was taken may go
        }
    }

    EventQueue(long countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
        batchCount = Math.max(1, countMax / BATCHES);
        batchBytes = Math.min(BATCH_BYTES_MAX, bytesMax / BATCHES);
    }

    /// Adds an event, which the reader sees at the next [#flush] at the latest. Waits for room;
    /// false if nobody reads any more.
    boolean put(RawEvent event) throws InterruptedException {
        if (filling.bytes + event.length() > batchBytes && !flush()) {
            return false;
        }
        filling.events.add(event);
        filling.bytes += event.length();
        return filling.count() < batchCount && filling.bytes < batchBytes || flush();
    }

    /// Shows the reader all that was put; waits for room. False if nobody reads any more.
    boolean flush() throws InterruptedException {
        lock.lock();
        try {
            var batch = filling;
            if (batch.count() > 0) {
                while (!closed
                        && count > 0
                        && (count + batch.count() > countMax || bytes + batch.bytes > bytesMax)) {
                    changed.await();
                }
                filling = new Batch();
                if (!closed) {
                    batches.add(batch);
                    count += batch.count();
                    bytes += batch.bytes;
                    changed.signalAll();
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the stream behind what was put; the first failure counts. For the network thread.
    void fail(RuntimeException problem) {
        var interrupted = false;
        try {
            flush();
        } catch (InterruptedException e) {
            interrupted = true; // then what was not shown comes again
        }
        lock.lock();
        try {
            if (failure == null) {
                failure = problem;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// True when [#take] returns an event at once. For the reader.
    boolean isReady() {
        return !emptying.isEmpty();
    }

    /// The next event, or empty if none came in time. Throws the failure once all events before it
    /// are taken. For the reader.
    Optional<RawEvent> take(Duration wait) throws InterruptedException {
        if (!emptying.isEmpty()) {
            return Optional.of(emptying.take());
        }
        lock.lock();
        try {
            giveBack();
            for (var nanos = wait.toNanos(); batches.isEmpty(); ) {
                if (failure != null) {
                    throw failure;
                }
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = changed.awaitNanos(nanos);
            }
            emptying = batches.remove();
            return Optional.of(emptying.take());
        } finally {
            lock.unlock();
        }
    }

    /// The batch that was emptied makes room.
    private void giveBack() {
        count -= emptying.count();
        bytes -= emptying.bytes;
        emptying = new Batch();
        changed.signalAll();
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            batches.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
