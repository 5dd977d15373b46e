package ferry.demo;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The writers at the source. Each has a connection and one habit, and goes on until it is stopped;
/// a transaction that lost against another one is forgotten.
final class Traffic implements AutoCloseable {
    /// Lock wait over, deadlock, and a table that changed under a transaction: what may happen to
    /// everybody.
    private static final Set<Integer> LOST = Set.of(1205, 1213, 1412);

    private static final List<Habit> HABITS =
            List.of(
                    Habit.perSecond(20, "place orders", Sales::place),
                    Habit.perSecond(20, "place more orders", Sales::place),
                    Habit.perSecond(25, "settle orders", Sales::settle),
                    Habit.perSecond(4, "cancel orders", Sales::cancel),
                    Habit.perSecond(25, "move boxes", Swaps::boxes),
                    Habit.perSecond(10, "swap customers", Swaps::customers),
                    Habit.perSecond(40, "count", Visits::countAny),
                    Habit.perSecond(15, "view pages", Visits::view),
                    Habit.perSecond(5, "click", Visits::click),
                    Habit.perSecond(15, "edit products", Office::editProduct),
                    Habit.perSecond(15, "edit customers", Office::editCustomer),
                    Habit.perSecond(10, "move addresses", Office::moveAddress),
                    Habit.perSecond(5, "answer letters", Office::answerLetter),
                    Habit.perSecond(10, "copy every type", Office::copyEveryType),
                    new Habit("work at night", Duration.ofSeconds(5), Bulk::any));

    private final DatabaseServer source;
    private final long seed;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> writers = new ArrayList<>();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final CompletableFuture<Duration> altered = new CompletableFuture<>();
    private final AtomicReference<Failure> failure = new AtomicReference<>();
    private final Instant begin = Instant.now();

    /// A writer that had to give up, and why.
    record Failure(String habit, Exception cause) {}

    private Traffic(DatabaseServer source, long seed) {
        this.source = source;
        this.seed = seed;
    }

    static Traffic start(DatabaseServer source, long seed) {
        var traffic = new Traffic(source, seed);
        HABITS.forEach(traffic::add);
        return traffic;
    }

    int writers() {
        return copyOfWriters().size();
    }

    long committed() {
        return committed.get();
    }

    /// Transactions that lost against others, in deadlocks for instance.
    long lost() {
        return lost.get();
    }

    double perSecond() {
        return committed()
                * 1000.0
                / Math.max(1, Duration.between(begin, Instant.now()).toMillis());
    }

    /// Changes a table's definition under the writers after this time, and then has the new column
    /// written.
    void addColumnAfter(Duration time) {
        var alter = new Habit("alter table", Duration.ofDays(1), this::addColumn);
        start(
                alter.name(),
                () -> {
                    if (!ended(time)) {
                        write(alter);
                    }
                });
    }

    private void addColumn(Client client) throws SQLException {
        var begin = System.nanoTime();
        Office.addNickname(client);
        add(Habit.perSecond(10, "edit nicknames", Office::editNickname));
        altered.complete(Duration.ofNanos(System.nanoTime() - begin));
    }

    /// Waits for the new column; returns how long its ALTER TABLE took. Empty if it did not come in
    /// time.
    Optional<Duration> awaitColumn(Duration time) throws InterruptedException {
        try {
            return Optional.of(altered.get(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed with a failure", e);
        }
    }

    private void add(Habit habit) {
        start(habit.name(), () -> write(habit));
    }

    private void start(String name, Runnable work) {
        synchronized (writers) {
            writers.add(Thread.ofVirtual().name(name).start(work));
        }
    }

    private void write(Habit habit) {
        try (var connection = source.connect(Shop.DATABASE)) {
            var client = Client.over(connection, new Random(seed + habit.name().hashCode()));
            var next = System.nanoTime();
            do {
                once(client, habit);
                // What a slow moment has left undone is not made up for.
                next = Math.max(next + habit.pause().toNanos(), System.nanoTime());
            } while (!ended(Duration.ofNanos(next - System.nanoTime())));
        } catch (SQLException | RuntimeException e) {
            failure.compareAndSet(null, new Failure(habit.name(), e));
        }
    }

    private void once(Client client, Habit habit) throws SQLException {
        try {
            habit.deed().with(client);
            client.connection().commit();
            committed.incrementAndGet();
        } catch (SQLException e) {
            if (!LOST.contains(e.getErrorCode())) {
                throw e;
            }
            client.connection().rollback();
            lost.incrementAndGet();
        }
    }

    /// Waits this long; true if the writers are to end.
    private boolean ended(Duration time) {
        try {
            return end.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// The first writer that gave up.
    Optional<Failure> failure() {
        return Optional.ofNullable(failure.get());
    }

    /// Lets every writer finish its transaction, and returns when all are gone.
    void stop() throws InterruptedException {
        end.countDown();
        for (var writer : copyOfWriters()) {
            writer.join();
        }
    }

    private List<Thread> copyOfWriters() {
        synchronized (writers) {
            return List.copyOf(writers);
        }
    }

    @Override
    public void close() {
        end.countDown();
    }
}
