package ferry.dialects.mysql;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Hands events from the network thread to the reader, bounded in number and bytes (one event is
/// always let in). Ends with a failure, which the reader sees behind the last event, or by being
/// closed.
final class EventQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<RawEvent> events = new ArrayDeque<>();
    private final long countMax;
    private final long bytesMax;
    private long bytes;
    private RuntimeException failure;
    private boolean closed;

    EventQueue(long countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    /// Waits for room; false if nobody reads any more.
    boolean put(RawEvent event) throws InterruptedException {
        lock.lock();
        try {
            while (!closed
                    && !events.isEmpty()
                    && (events.size() >= countMax || bytes + event.length() > bytesMax)) {
                changed.await();
            }
            if (closed) {
                return false;
            }
            events.add(event);
            bytes += event.length();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the stream; the first failure counts.
    void fail(RuntimeException problem) {
        lock.lock();
        try {
            if (failure == null) {
                failure = problem;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The next event, or empty if none came in time. Throws the failure once all events before it
    /// are taken.
    Optional<RawEvent> take(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            for (var nanos = wait.toNanos(); events.isEmpty(); ) {
                if (failure != null) {
                    throw failure;
                }
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = changed.awaitNanos(nanos);
            }
            var event = events.remove();
            bytes -= event.length();
            changed.signalAll();
            return Optional.of(event);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            events.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
