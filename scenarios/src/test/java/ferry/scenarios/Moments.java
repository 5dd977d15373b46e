package ferry.scenarios;

import ferry.engine.dialect.Dialect;
import ferry.engine.model.TableName;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// The moments of a crossing at which a story's statements run, each once, while the thread that
/// reaches it waits, so that what happens there has ended when the crossing goes on:
///
/// * `start`: before Ferry is started
/// * `loading`: every table is captured, no chunk was read
/// * `before chunk N of TABLE`: the chunks before it are in the target (with one worker)
/// * `inside chunk N of TABLE`: its first rows were read, its transaction at the source is open
/// * `applying`: every window is over
/// * `verifying`: the first checksum was taken at the source, but not yet at the target
/// * `problem`: the expected problem stopped Ferry
/// * `throughout`: again and again in a thread of its own, from `loading` to behind `applying`
final class Moments {
    static final String LOADING = "loading";
    static final String APPLYING = "applying";
    static final String VERIFYING = "verifying";
    static final String PROBLEM = "problem";
    static final String THROUGHOUT = "throughout";
    private static final long PAUSE_NANOS = 1_000_000;

    private final Script script;
    private final Sessions sessions;
    private final Set<String> reached = new HashSet<>();
    private final Map<TableName, Integer> chunks = new HashMap<>();
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();
    private Optional<Thread> throughout = Optional.empty();
    private volatile boolean ending;

    Moments(Script script, Sessions sessions) {
        this.script = script;
        this.sessions = sessions;
    }

    /// The same dialect, whose readers at the source stop at the moments.
    Dialect watch(Dialect dialect) {
        return new WatchedDialect(dialect, this);
    }

    boolean has(String moment) {
        return script.moments().contains(moment);
    }

    /// Runs what belongs to this moment, the first time.
    synchronized void reach(String moment) {
        if (!reached.add(moment)) {
            return;
        }
        if (moment.equals(LOADING)) {
            beginThroughout();
        }
        var blocks = script.at(moment);
        if (!blocks.isEmpty()) {
            // A thread of their own: the one that waits may be interrupted by the engine, and
            // statements would be cut off.
            join(Thread.ofVirtual().name(moment).start(() -> run(moment, blocks)));
        }
    }

    private void run(String moment, List<Script.Block> blocks) {
        try {
            for (var block : blocks) {
                sessions.run(block);
            }
        } catch (SQLException e) {
            failures.put(moment, e);
        }
    }

    private static void join(Thread thread) {
        var interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// A chunk of the table is about to be read; returns its number, counted from 1 over all reads.
    int beforeChunk(TableName table) {
        int number;
        synchronized (this) {
            number = chunks.merge(table, 1, Integer::sum);
        }
        reach(LOADING);
        reach("before chunk %d of %s".formatted(number, table.table()));
        return number;
    }

    private void beginThroughout() {
        var blocks = script.at(THROUGHOUT);
        if (blocks.isEmpty()) {
            return;
        }
        reached.add(THROUGHOUT);
        throughout =
                Optional.of(
                        Thread.ofVirtual()
                                .name(THROUGHOUT)
                                .start(() -> {
                                    try {
                                        for (var time = 1; !ending; time++) {
                                            for (var block : blocks) {
                                                sessions.runOnce(block, time);
                                            }
                                            LockSupport.parkNanos(
                                                    PAUSE_NANOS); // two cores are shared with three
                                            // servers
                                        }
                                    } catch (SQLException e) {
                                        failures.put(THROUGHOUT, e);
                                    }
                                }));
    }

    /// Ends what runs throughout.
    void endThroughout() {
        Optional<Thread> running;
        synchronized (this) {
            running = throughout;
            throughout = Optional.empty();
        }
        if (running.isPresent()) {
            ending = true;
            join(running.orElseThrow());
        }
    }

    /// Throws what went wrong in the story itself, or names the moments that never came.
    void requireAll(boolean everyMoment) {
        failures.forEach((moment, failure) -> {
            throw new AssertionError(
                    "the story's own statements failed at '"
                            + moment
                            + "': "
                            + failure.getMessage(),
                    failure);
        });
        synchronized (this) {
            for (var moment : script.moments()) {
                if (everyMoment && !reached.contains(moment)) {
                    throw new AssertionError("the moment '" + moment + "' never came");
                }
            }
        }
    }
}
