package ferry.engine.changelog;

import ferry.engine.model.Position;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The segments of one log, as the writer, the readers and retention share them.
final class Segments {
    private final LogStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Set<ChangeLogReader> readers = new HashSet<>();
    private volatile View view;

    Segments(LogStore store, View view) {
        this.store = store;
        this.view = view;
    }

    View view() {
        return view;
    }

    /// The bytes of all segments, without what was written to the last one since it was published.
    long bytes() {
        return view.segments().stream().mapToLong(Segment::size).sum();
    }

    /// The last segment is full and has this length; `next` follows it.
    void add(long size, Segment next) {
        change(all -> {
            all.add(all.removeLast().withSize(size));
            all.add(next);
        });
    }

    /// The segments behind this one are gone, and it has this length.
    void cutBack(long number, long size) {
        change(all -> {
            all.removeIf(segment -> segment.number() > number);
            all.add(all.removeLast().withSize(size));
        });
    }

    /// Shows everything up to this place to the readers.
    void publish(long segment, long offset, Position position, long sequence, long changes) {
        locked(() -> {
            view =
                    new View(
                            view.segments(),
                            segment,
                            offset,
                            position,
                            sequence,
                            changes,
                            view.closed());
            grown.signalAll();
            return view;
        });
    }

    void close() {
        locked(() -> {
            view =
                    new View(
                            view.segments(),
                            view.endSegment(),
                            view.endOffset(),
                            view.position(),
                            view.sequence(),
                            view.changes(),
                            true);
            grown.signalAll();
            return view;
        });
    }

    /// Makes a reader, before retention can drop where it begins.
    ChangeLogReader register(Supplier<ChangeLogReader> maker) {
        return locked(() -> {
            var reader = maker.get();
            readers.add(reader);
            return reader;
        });
    }

    void forget(ChangeLogReader reader) {
        locked(() -> readers.remove(reader));
    }

    boolean await(BooleanSupplier more, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var nanos = atMost.toNanos();
            while (!more.getAsBoolean()) {
                if (nanos <= 0 || view.closed()) {
                    return false;
                }
                nanos = grown.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// True when readers alone keep something that lies below this place.
    boolean holdsMoreThan(Position lowWater) {
        return locked(() ->
                Retention.firstKept(view, lowWater, Long.MAX_VALUE, Instant.MAX)
                        > view.segments().getFirst().number());
    }

    /// Drops what nobody needs and was full before `fullBefore`; returns the bytes freed.
    long drop(Position lowWater, Instant fullBefore) {
        return locked(() -> {
            var needed =
                    readers.stream()
                            .mapToLong(ChangeLogReader::needed)
                            .min()
                            .orElse(Long.MAX_VALUE);
            var keep = Retention.firstKept(view, lowWater, needed, fullBefore);
            var kept = new ArrayList<Segment>();
            var dropped = new ArrayList<Segment>();
            view.segments()
                    .forEach(segment -> (segment.number() < keep ? dropped : kept).add(segment));
            view = view.with(kept);
            // The oldest first: a crash in between leaves no gap.
            dropped.forEach(this::delete);
            return dropped.stream().mapToLong(Segment::size).sum();
        });
    }

    private void delete(Segment segment) {
        var file = SegmentHeader.file(segment.number());
        try {
            store.delete(file);
        } catch (IOException e) {
            throw Problems.disk("delete " + file, e);
        }
    }

    private void change(Consumer<List<Segment>> how) {
        locked(() -> {
            var all = new ArrayList<>(view.segments());
            how.accept(all);
            view = view.with(all);
            return view;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
