package ferry.scenarios;

import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The writers of a soak, each on a connection of its own. They go on through refused statements
/// and lost connections: only the ends are compared, so an unknown COMMIT is no matter.
final class SoakWriters implements AutoCloseable {
    private static final long PAUSE_NANOS = 25_000_000;
    private static final long DOWN_NANOS = 200_000_000;
    private static final List<Traffic> TRAFFIC =
            List.of(new SysbenchTraffic(), new TpccTraffic(), new PlacesTraffic());
    private static final int WRITERS_EACH = 2;

    private final DatabaseServer source;
    private final String database;
    private final long seed;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, AtomicLong> commits = new ConcurrentHashMap<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /// Makes and fills the tables of all kinds of traffic. `seed` decides what is written.
    SoakWriters(DatabaseServer source, String database, long seed) throws SQLException {
        this.source = source;
        this.database = database;
        this.seed = seed;
        source.execute("CREATE DATABASE " + database + " DEFAULT CHARACTER SET utf8mb4");
        try (var connection = source.connect(database);
                var statement = connection.createStatement()) {
            for (var traffic : TRAFFIC) {
                commits.put(traffic.name(), new AtomicLong());
                for (var sql : traffic.tables()) {
                    statement.execute(sql);
                }
            }
        }
    }

    void start() {
        for (var i = 0; i < TRAFFIC.size() * WRITERS_EACH; i++) {
            var traffic = TRAFFIC.get(i % TRAFFIC.size());
            var random = new Random(seed + i);
            threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("writer-" + traffic.name() + "-" + i)
                            .start(() -> write(traffic, random)));
        }
    }

    /// Transactions that were committed and acknowledged, by the name of their traffic.
    Map<String, Long> commits() {
        var now = new TreeMap<String, Long>();
        commits.forEach((name, count) -> now.put(name, count.get()));
        return now;
    }

    /// The last statement of each kind of traffic that the source refused; deadlocks and duplicates
    /// are usual.
    Map<String, String> refusals() {
        return Map.copyOf(refusals);
    }

    private void write(Traffic traffic, Random random) {
        while (!stopping) {
            try (var connection = open(source, database)) {
                connection.setAutoCommit(false);
                while (!stopping) {
                    transaction(traffic, connection, random);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) {
                LockSupport.parkNanos(DOWN_NANOS); // The source is down, and will be back.
            }
        }
    }

    /// A connection that gives a server up that stands still.
    static Connection open(DatabaseServer server, String database) throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(database) + "&connectTimeout=2000&socketTimeout=60000");
    }

    private void transaction(Traffic traffic, Connection connection, Random random)
            throws SQLException {
        try {
            traffic.transaction(connection, random);
            if (random.nextInt(50) == 0) {
                connection.rollback();
            } else {
                connection.commit();
                commits.get(traffic.name()).incrementAndGet();
            }
        } catch (SQLException e) {
            refusals.put(traffic.name(), String.valueOf(e.getMessage()));
            connection.rollback(); // Fails itself if the connection is lost.
        }
    }

    /// Ends the writers and waits until they have.
    @Override
    public void close() {
        stopping = true;
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
    }
}
