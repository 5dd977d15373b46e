package ferry.scenarios;

import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A database and its writers: orders with a secondary unique key, hot counters, words with string
/// keys, and a journal without any key. The writers go on through refused statements and lost
/// connections: only the ends are compared, so an unknown COMMIT is no matter.
final class Workload implements AutoCloseable {
    static final int ORDERS = 12_000;
    static final int WORDS = 1_000;
    private static final int WRITERS = 3;
    private static final long PAUSE_NANOS = 8_000_000;
    private static final List<String> TABLES =
            List.of(
                    """
                    CREATE TABLE orders (
                        id BIGINT PRIMARY KEY,
                        reference VARCHAR(40) NOT NULL,
                        amount DECIMAL(12, 2) NOT NULL,
                        state ENUM('new', 'paid', 'sent') NOT NULL DEFAULT 'new',
                        note VARCHAR(300),
                        changed TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
                        UNIQUE KEY orders_reference (reference)
                    )\
                    """,
                    """
                    CREATE TABLE counter (id INT PRIMARY KEY, value BIGINT NOT NULL)\
                    """,
                    """
                    CREATE TABLE word (w VARCHAR(40) COLLATE utf8mb4_bin, n INT, v INT, PRIMARY KEY (w, n))\
                    """,
                    """
                    CREATE TABLE journal (kind VARCHAR(20), amount INT, f FLOAT, at_time DATETIME(3))\
                    """);

    private final DatabaseServer source;
    private final String database;
    private final long seed;
    private final List<Thread> writers = new ArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private volatile boolean stopping;

    /// Makes and fills the tables. `seed` decides what the writers write.
    Workload(DatabaseServer source, String database, long seed) throws SQLException {
        this.source = source;
        this.database = database;
        this.seed = seed;
        source.execute("CREATE DATABASE " + database + " DEFAULT CHARACTER SET utf8mb4");
        try (var connection = source.connect(database);
                var statement = connection.createStatement()) {
            for (var table : TABLES) {
                statement.execute(table);
            }
            fill(statement);
        }
    }

    private static void fill(Statement statement) throws SQLException {
        insert(
                statement,
                "orders (id, reference, amount, note)",
                ORDERS,
                "(%1$d * 3, CONCAT('r', %1$d * 3), %1$d / 7, REPEAT(CHAR(97 + %1$d %% 26), 150))");
        insert(statement, "counter", 10, "(%d, 0)");
        insert(statement, "word", WORDS, "(CONCAT('w', %1$d %% 97), %1$d, 0)");
        insert(statement, "journal", 1_000, "(CONCAT('k', %1$d %% 7), %1$d %% 3, %1$d / 3, NULL)");
    }

    /// Rows for the numbers from 1 on, in SQL that servers of all ages know.
    private static void insert(Statement statement, String table, int rows, String row)
            throws SQLException {
        for (var from = 1; from <= rows; from += 1_000) {
            statement.execute(
                    "INSERT INTO "
                            + table
                            + " VALUES "
                            + IntStream.rangeClosed(from, Math.min(rows, from + 999))
                                    .mapToObj(row::formatted)
                                    .collect(Collectors.joining(", ")));
        }
    }

    /// Begins to write.
    Workload start() {
        for (var i = 0; i < WRITERS; i++) {
            var number = i;
            writers.add(
                    Thread.ofPlatform().daemon().name("writer-" + i).start(() -> write(number)));
        }
        return this;
    }

    /// Transactions that were committed and acknowledged.
    long commits() {
        return commits.get();
    }

    private void write(int number) {
        var random = new Random(seed + number);
        while (!stopping) {
            try (var connection =
                    DriverManager.getConnection(
                            source.jdbcUrl(database)
                                    + "&connectTimeout=1000&socketTimeout=20000")) {
                connection.setAutoCommit(false);
                while (!stopping) {
                    transaction(connection, random, number);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) {
                LockSupport.parkNanos(
                        20 * PAUSE_NANOS); // The source is down: the test restarts it.
            }
        }
    }

    private void transaction(Connection connection, Random random, int number) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var i = random.nextInt(4); i >= 0; i--) {
                statement.executeUpdate(change(random, number));
            }
            if (random.nextInt(10) == 0) {
                connection.rollback();
            } else {
                connection.commit();
                commits.incrementAndGet();
            }
        } catch (SQLException e) {
            connection.rollback(); // A duplicate or a deadlock; fails itself if the connection is
            // lost.
        }
    }

    private static String change(Random random, int number) {
        var id = 1 + random.nextInt(3 * ORDERS);
        var other = 1 + random.nextInt(3 * ORDERS);
        var n = 1 + random.nextInt(WORDS);
        return switch (random.nextInt(14)) {
            case 0, 1 -> "UPDATE orders SET amount = amount + 1, state = 'paid' WHERE id = " + id;
            case 2 ->
                    "INSERT INTO orders (id, reference, amount, note) VALUES (%d, 'r%d', %d, 'new')"
                            .formatted(id, other, n);
            case 3 -> "DELETE FROM orders WHERE id = " + id;
            case 4 ->
                    "UPDATE orders SET id = %d WHERE id BETWEEN %d AND %d LIMIT 1"
                            .formatted(other, id, id + 5);
            case 5 ->
                    "UPDATE orders SET reference = 'r%d' WHERE id BETWEEN %d AND %d LIMIT 1"
                            .formatted(other, id, id + 5);
            case 6 ->
                    "REPLACE INTO orders (id, reference, amount) VALUES (%d, 'r%d', 1)"
                            .formatted(id, other);
            case 7, 8 ->
                    "UPDATE counter SET value = value + 1 WHERE id = " + (1 + random.nextInt(3));
            case 9 ->
                    "UPDATE word SET v = v + 1, w = IF(v %% 3 = 0, UPPER(w), w) WHERE n = %d"
                            .formatted(n);
            case 10 ->
                    "INSERT INTO journal VALUES ('k%d', %d, 0.1, NOW(3)), ('twice', 1, NULL, NULL), ('twice', 1, NULL, NULL)"
                            .formatted(number, n % 3);
            case 11 ->
                    "UPDATE journal SET amount = amount + 1 WHERE kind = 'k%d' LIMIT 2"
                            .formatted(number);
            case 12 -> "DELETE FROM journal WHERE kind = 'twice' LIMIT 1";
            default ->
                    "UPDATE orders SET note = REVERSE(note) WHERE id BETWEEN %d AND %d"
                            .formatted(id, id + 60);
        };
    }

    /// Ends the writers and waits until they have.
    @Override
    public void close() {
        stopping = true;
        for (var writer : writers) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        writers.clear();
    }
}
