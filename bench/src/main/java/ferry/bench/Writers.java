package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Connections that write a workload, each transaction in one packet, so that the round trips of
/// the writers are not what is measured.
///
/// @param connections how many write at the same time
/// @param seed the same seed makes the same transactions on each connection
record Writers(DatabaseServer server, Workload workload, int connections, long seed) {
    /// How often a transaction that was the victim of a deadlock is written again.
    private static final int ATTEMPTS = 100;

    private static final int LOCK_WAIT = 1205;
    private static final int DEADLOCK = 1213;

    static Writers of(DatabaseServer server, Workload workload) {
        return new Writers(server, workload, 4, 20_260_301);
    }

    Writers withSeed(long other) {
        return new Writers(server, workload, connections, other);
    }

    /// Writes so many transactions, as fast as the server takes them.
    void write(long transactions) throws SQLException, InterruptedException {
        var left = new AtomicLong(transactions);
        together((connection, random) -> {
            while (left.getAndDecrement() > 0) {
                write(connection, workload.transaction(random));
            }
        });
    }

    /// Writes so many transactions a second, for so long; returns how many a second it were.
    double writeAt(double perSecond, double seconds) throws SQLException, InterruptedException {
        var began = System.nanoTime();
        var next = new AtomicLong();
        together((connection, random) -> {
            while (true) {
                var due = began + (long) (next.getAndIncrement() / perSecond * 1e9);
                if (due - began > seconds * 1e9) {
                    return;
                }
                for (var now = System.nanoTime(); now < due; now = System.nanoTime()) {
                    LockSupport.parkNanos(due - now);
                }
                write(connection, workload.transaction(random));
                if (System.nanoTime() - began > seconds * 1e9) {
                    return;
                }
            }
        });
        return Math.max(0, next.get() - connections) / ((System.nanoTime() - began) / 1e9);
    }

    @FunctionalInterface
    private interface Work {
        void with(Connection connection, SplittableRandom random) throws SQLException;
    }

    private void together(Work work) throws SQLException, InterruptedException {
        try (var threads = Executors.newFixedThreadPool(connections)) {
            var tasks = new ArrayList<Callable<Void>>();
            for (var number = 0; number < connections; number++) {
                var random = new SplittableRandom(seed + number);
                tasks.add(() -> {
                    try (var connection = connect()) {
                        work.with(connection, random);
                    }
                    return null;
                });
            }
            for (var task : threads.invokeAll(tasks)) {
                task.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(Dataset.DATABASE) + "&allowMultiQueries=true");
    }

    private static void write(Connection connection, String transaction) throws SQLException {
        for (var attempt = 1; ; attempt++) {
            try (var statement = connection.createStatement()) {
                statement.execute(transaction);
                return;
            } catch (SQLException e) {
                var again = e.getErrorCode() == DEADLOCK || e.getErrorCode() == LOCK_WAIT;
                if (!again || attempt == ATTEMPTS) {
                    throw e;
                }
                try (var statement = connection.createStatement()) {
                    statement.execute("ROLLBACK");
                }
            }
        }
    }
}
