package ferry.scenarios;

import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Changes definitions at the source of a soak now and then: columns and indexes of tables that are
/// written to, and tables that come, go, change their names and are emptied. What the source
/// refuses, for instance after a statement whose outcome a crash hid, is no matter.
final class SoakDdl implements AutoCloseable {
    private static final int MADE_MAX = 4;
    private static final int COLUMNS_MAX = 3;
    private static final List<String> WRITTEN =
            List.of("sbtest1", "sbtest2", "sbtest3", "places", "loose", "customer", "order_line");

    private final DatabaseServer source;
    private final String database;
    private final Duration pauseMax;
    private final Random random;
    private final Thread thread;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicLong done = new AtomicLong();
    private final List<String> lastStatements = new ArrayList<>(); // guarded by the turn
    private final List<String> made = new ArrayList<>(); // the next four are the thread's own
    private final List<String> columns = new ArrayList<>();
    private final List<String> indexes = new ArrayList<>();
    private int number;
    private volatile boolean stopping;

    /// `pauseMax`: the longest time between two statements.
    SoakDdl(DatabaseServer source, String database, long seed, Duration pauseMax) {
        this.source = source;
        this.database = database;
        this.pauseMax = pauseMax;
        this.random = new Random(seed);
        this.thread = Thread.ofPlatform().daemon().name("ddl").unstarted(this::change);
    }

    void start() {
        thread.start();
    }

    /// Statements that the source carried out.
    long done() {
        return done.get();
    }

    /// Lets no statement begin until [#goOn()], and returns when none runs.
    void hold() {
        turn.lock();
    }

    /// Ends what [#hold()] began; for the same thread.
    void goOn() {
        turn.unlock();
    }

    /// What was sent to the source last, the latest at the end.
    List<String> lastStatements() {
        turn.lock();
        try {
            return List.copyOf(lastStatements);
        } finally {
            turn.unlock();
        }
    }

    private void change() {
        while (!stopping) {
            LockSupport.parkNanos((long) (pauseMax.toNanos() * random.nextDouble()));
            turn.lock();
            try {
                if (!stopping) {
                    changeOnce();
                }
            } finally {
                turn.unlock();
            }
        }
    }

    private void changeOnce() {
        try (var connection = SoakWriters.open(source, database);
                var statement = connection.createStatement()) {
            // A table that is written to is free in a moment; a longer wait would stop its writers.
            statement.execute("SET SESSION lock_wait_timeout = 5");
            any(connection);
        } catch (SQLException e) {
            keep("-- " + e.getMessage()); // The source is down, or refuses it.
        }
    }

    private void run(Connection connection, String sql) throws SQLException {
        keep(sql);
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
        done.incrementAndGet();
    }

    private void keep(String line) {
        lastStatements.add(line);
        if (lastStatements.size() > 40) {
            lastStatements.removeFirst();
        }
    }

    private void any(Connection connection) throws SQLException {
        number++;
        switch (random.nextInt(10)) {
            case 0, 1 -> column(connection);
            case 2 -> index(connection);
            case 3 ->
                    run(
                            connection,
                            "ALTER TABLE %s MODIFY COLUMN pad VARCHAR(%d) NOT NULL DEFAULT ''"
                                    .formatted(sbtest(), 60 + random.nextInt(100)));
            case 4 -> computed(connection);
            case 5 -> make(connection);
            case 6 -> rename(connection);
            case 7 -> swap(connection);
            case 8 -> empty(connection);
            default -> drop(connection);
        }
    }

    private String sbtest() {
        return "sbtest" + (1 + random.nextInt(SysbenchTraffic.TABLES));
    }

    /// Adds a column to a table that is written to, or drops one that was added.
    private void column(Connection connection) throws SQLException {
        if (columns.size() < COLUMNS_MAX) {
            var table = WRITTEN.get(random.nextInt(WRITTEN.size()));
            var column = "x" + number;
            columns.add(table + " DROP COLUMN " + column);
            run(
                    connection,
                    "ALTER TABLE %s ADD COLUMN %s VARCHAR(30) DEFAULT 'of %d'%s"
                            .formatted(
                                    table, column, number, random.nextBoolean() ? " FIRST" : ""));
            run(
                    connection,
                    "UPDATE %s SET %s = 'changed' ORDER BY RAND() LIMIT 20"
                            .formatted(table, column));
        } else {
            run(connection, "ALTER TABLE " + columns.removeFirst());
        }
    }

    private void index(Connection connection) throws SQLException {
        if (indexes.size() < COLUMNS_MAX) {
            var table = sbtest();
            indexes.add(table + " DROP INDEX i" + number);
            run(connection, "ALTER TABLE %s ADD INDEX i%d (k, pad)".formatted(table, number));
        } else {
            run(connection, "ALTER TABLE " + indexes.removeFirst());
        }
    }

    /// A column whose values the statement computes, so that its table has to be loaded again.
    private void computed(Connection connection) throws SQLException {
        if (made.isEmpty()) {
            make(connection);
        }
        var table = made.getLast();
        run(
                connection,
                "ALTER TABLE %s ADD COLUMN t%d TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)"
                        .formatted(table, number));
        run(connection, "UPDATE %s SET v = v + 1 WHERE id %% 3 = 0".formatted(table));
    }

    private void make(Connection connection) throws SQLException {
        if (made.size() >= MADE_MAX) {
            drop(connection);
        }
        var table = "made" + number;
        made.add(table);
        run(
                connection,
                "CREATE TABLE %s (id INT PRIMARY KEY, v INT, w VARCHAR(40), UNIQUE KEY %s_v (v))"
                        .formatted(table, table));
        run(
                connection,
                Traffic.insert(
                        table,
                        300,
                        id -> "(%1$d, %1$d0, 'row %1$d of %2$d')".formatted(id, number)));
        run(connection, "UPDATE %s SET v = v + 1".formatted(table));
    }

    private void rename(Connection connection) throws SQLException {
        if (made.isEmpty()) {
            make(connection);
        }
        var table = made.removeFirst();
        var name = "moved" + number;
        made.add(name);
        run(connection, "RENAME TABLE %s TO %s".formatted(table, name));
        run(connection, "UPDATE %s SET w = 'renamed' WHERE id < 50".formatted(name));
    }

    /// Two tables take each other's names.
    private void swap(Connection connection) throws SQLException {
        while (made.size() < 2) {
            make(connection);
            number++;
        }
        run(
                connection,
                "RENAME TABLE %1$s TO away, %2$s TO %1$s, away TO %2$s"
                        .formatted(made.getFirst(), made.getLast()));
        run(connection, "DELETE FROM %s WHERE id %% 10 = 0".formatted(made.getFirst()));
    }

    private void empty(Connection connection) throws SQLException {
        if (made.isEmpty()) {
            make(connection);
        }
        var table = made.getLast();
        run(connection, "TRUNCATE TABLE " + table);
        run(connection, "INSERT INTO %s (id, v, w) VALUES (7, 7, 'after')".formatted(table));
    }

    private void drop(Connection connection) throws SQLException {
        if (!made.isEmpty()) {
            run(connection, "DROP TABLE IF EXISTS " + made.removeFirst());
        }
    }

    /// Ends the changes and waits until the last one is over; not while they are held.
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
