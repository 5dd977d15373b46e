package ferry.engine.crew;

import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives loops on virtual threads, one each. A retryable problem resets its loop and is tried
/// again with growing pauses, up to a limit of time without progress ([Trouble]); any other problem
/// stops the whole crew. Owned by one thread.
public final class Crew implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration IDLE_PAUSE = Duration.ofMillis(5);

    private final Map<Loop, Thread> threads = new LinkedHashMap<>();
    private final Map<Loop, Times> times = new ConcurrentHashMap<>();
    private final Map<Loop, Problem> failing = new ConcurrentHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Function<ProblemException, Duration> patience;
    private final BiConsumer<Loop, ProblemException> onRetry;
    private volatile boolean stopping;

    /// `patience` says how long a kind of problem is tried again; `onRetry` is told of each try.
    public Crew(
            Function<ProblemException, Duration> patience,
            BiConsumer<Loop, ProblemException> onRetry) {
        this.patience = patience;
        this.onRetry = onRetry;
    }

    /// Makes exactly these loops run: starts new ones, stops and resets those that are missing from
    /// the list.
    public void keep(List<Loop> loops) throws InterruptedException {
        end(threads.keySet().stream().filter(loop -> !loops.contains(loop)).toList());
        for (var loop : loops) {
            threads.computeIfAbsent(loop, this::start);
        }
    }

    /// The first problem that stopped a loop, if any.
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /// The loops that fail at present and are tried again, with what they met last.
    public Map<String, Problem> troubles() {
        var troubles = new TreeMap<String, Problem>();
        failing.forEach((loop, problem) -> troubles.put(loop.name(), problem));
        return troubles;
    }

    /// What the running loops spend their time on, by their names.
    public Map<String, Map<Activity, Duration>> times() {
        var spent = new TreeMap<String, Map<Activity, Duration>>();
        times.forEach((loop, each) -> spent.put(loop.name(), each.spent()));
        return spent;
    }

    /// Stops all loops after their current step and closes their connections.
    @Override
    public void close() {
        stopping = true;
        var interrupted = false;
        while (!threads.isEmpty()) {
            try {
                end(List.copyOf(threads.keySet()));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread start(Loop loop) {
        return Thread.ofVirtual().name(loop.name()).start(() -> run(loop));
    }

    /// All are interrupted before any is waited for: one may wait for what another one holds while
    /// its server stalls.
    private void end(List<Loop> loops) throws InterruptedException {
        for (var loop : loops) {
            threads.get(loop).interrupt();
        }
        for (var loop : loops) {
            threads.get(loop).join();
            threads.remove(loop);
        }
    }

    private void run(Loop loop) {
        var trouble = new Trouble();
        var pause = FIRST_PAUSE;
        var spent = new Times();
        spent.bind();
        times.put(loop, spent);
        try {
            while (!stopping && failure.get() == null && !Thread.currentThread().isInterrupted()) {
                try {
                    spent.beginStep();
                    switch (loop.step()) {
                        case WORKED -> {
                            trouble.worked();
                            failing.remove(loop);
                        }
                        case BEGUN -> {}
                        case IDLE -> {
                            trouble.idle(System.nanoTime());
                            failing.remove(loop);
                            spent.foundNothing(loop.whileIdle());
                            loop.await(IDLE_PAUSE);
                        }
                        case DONE -> {
                            return;
                        }
                    }
                    pause = trouble.isOver() ? FIRST_PAUSE : pause;
                } catch (ProblemException e) {
                    if (stopping || Thread.currentThread().isInterrupted()) {
                        return; // the interrupt that ends a loop breaks its connections
                    }
                    if (!e.code().retryable()
                            || !trouble.bears(System.nanoTime(), patience.apply(e))) {
                        throw e;
                    }
                    spent.change(Activity.PROBLEM);
                    loop.reset(); // throws what cannot be tried again, for instance a broken log
                    failing.put(loop, e.problem());
                    onRetry.accept(loop, e);
                    Thread.sleep(pause);
                    pause =
                            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                                    ? LONGEST_PAUSE
                                    : pause.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // asked to stop while pausing: leave
        } catch (Throwable e) {
            if (!Thread.currentThread().isInterrupted() && failure.compareAndSet(null, e)) {
                LOG.error("{} stopped", loop.name(), e);
            }
        } finally {
            failing.remove(loop);
            times.remove(loop);
            closeQuietly(loop);
        }
    }

    private static void closeQuietly(Loop loop) {
        try {
            loop.reset();
        } catch (RuntimeException e) {
            LOG.warn("{} did not close cleanly: {}", loop.name(), e.toString());
        }
    }

    /// The loops that are kept now.
    public List<Loop> loops() {
        return new ArrayList<>(threads.keySet());
    }
}
