package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/// Rows written to the source at a steady pace, and looked for in the target: the time from before
/// a row's INSERT until it is seen is the lag of everything that was committed with it.
final class Heartbeat implements AutoCloseable {
    private static final String TABLE = Dataset.DATABASE + ".heartbeat";
    private static final long BEAT_NANOS = Duration.ofMillis(20).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(2).toNanos();

    private final DatabaseServer source;
    private final DatabaseServer target;
    private final long first;

    // When each beat was sent; guarded by itself.
    private final List<Long> sent = new ArrayList<>();
    private final CompletableFuture<Void> beating = new CompletableFuture<>();
    private final CompletableFuture<List<Double>> looking = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile long giveUpAt = Long.MAX_VALUE;

    private Heartbeat(DatabaseServer source, DatabaseServer target, long first) {
        this.source = source;
        this.target = target;
        this.first = first;
    }

    static void create(DatabaseServer source) throws SQLException {
        source.execute("CREATE TABLE %s (id BIGINT PRIMARY KEY)".formatted(TABLE));
    }

    static Heartbeat start(DatabaseServer source, DatabaseServer target) throws SQLException {
        var last = source.query("SELECT COALESCE(MAX(id), 0) FROM " + TABLE).getFirst();
        var heartbeat = new Heartbeat(source, target, Long.parseLong(last) + 1);
        Thread.ofPlatform().daemon().name("heartbeat").start(heartbeat::beat);
        Thread.ofPlatform().daemon().name("heartbeat-watch").start(heartbeat::look);
        return heartbeat;
    }

    private void beat() {
        try (var connection = source.connect();
                var insert = connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (?)")) {
            var began = System.nanoTime();
            for (var number = 0L; !stopped; number++) {
                var due = began + number * BEAT_NANOS;
                for (var now = System.nanoTime(); now < due; now = System.nanoTime()) {
                    LockSupport.parkNanos(due - now);
                }
                synchronized (sent) {
                    sent.add(System.nanoTime());
                }
                insert.setLong(1, first + number);
                insert.execute();
            }
            beating.complete(null);
        } catch (SQLException | RuntimeException e) {
            beating.completeExceptionally(e);
        }
    }

    private void look() {
        var lags = new ArrayList<Double>();
        try (var connection = target.connect();
                var select =
                        connection.prepareStatement("SELECT COALESCE(MAX(id), 0) FROM " + TABLE)) {
            while (!(beating.isDone() && lags.size() == count())) {
                var now = System.nanoTime();
                if (now > giveUpAt) {
                    throw new IllegalStateException(
                            "%d of %d beats did not arrive"
                                    .formatted(count() - lags.size(), count()));
                }
                try (var rows = select.executeQuery()) {
                    rows.next();
                    var seen = rows.getLong(1);
                    var at = System.nanoTime();
                    while (first + lags.size() <= seen) {
                        lags.add((at - sentAt(lags.size())) / 1e6);
                    }
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            looking.complete(lags);
        } catch (SQLException | RuntimeException e) {
            looking.completeExceptionally(e);
        }
    }

    private int count() {
        synchronized (sent) {
            return sent.size();
        }
    }

    private long sentAt(int index) {
        synchronized (sent) {
            return sent.get(index);
        }
    }

    /// Beats no more, and returns the lags when all beats have arrived.
    Beats stop(Duration limit) throws InterruptedException, ExecutionException {
        giveUpAt = System.nanoTime() + limit.toNanos();
        stopped = true;
        beating.get();
        return new Beats(looking.get());
    }

    @Override
    public void close() {
        stopped = true;
        giveUpAt = System.nanoTime();
    }

    /// The lags in milliseconds, in the order of the beats.
    record Beats(List<Double> millis) {
        Beats {
            millis = List.copyOf(millis);
        }

        double percentile(int percent) {
            var sorted = millis.stream().sorted().toList();
            var rank = (int) Math.ceil(percent / 100.0 * sorted.size());
            return sorted.get(Math.max(0, rank - 1));
        }

        /// Whether the last quarter came soon: whoever falls behind is late there first.
        boolean isBounded(double most) {
            var last = millis.subList(millis.size() * 3 / 4, millis.size());
            return new Beats(last).percentile(90) <= most;
        }
    }
}
