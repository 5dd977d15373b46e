package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A read lock on one table, on a connection of its own: START TRANSACTION on the reader's
/// connection would drop it.
///
/// A waiting lock stops every writer behind it, so each try waits two seconds at most and then lets
/// the writers pass for longer and longer.
///
/// Writers, and a later owner of the project who wants the lock as well, wait for as long as it is
/// held, also if we stand still or are cut off then. So the server ends the connection that holds
/// it and says nothing for [Settings#LOCK_HOLD_TIME]; whoever wakes up without the lock is told,
/// and reads again.
final class MySqlTableLock implements AutoCloseable {
    private static final int WAIT_SECONDS = 2;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final int LOCK_WAIT = 1205;
    private static final Set<String> TRANSACTIONAL =
            Set.of("innodb", "rocksdb", "tokudb", "ndbcluster");

    private final MySqlConnection connection;
    private final TableName table;
    private final boolean transactional;
    private final Duration hold;
    private final CountDownLatch over = new CountDownLatch(1);

    private MySqlTableLock(
            MySqlConnection connection, TableName table, boolean transactional, Duration hold) {
        this.connection = connection;
        this.table = table;
        this.transactional = transactional;
        this.hold = hold;
    }

    /// Opens a connection and locks a table on it.
    interface Opener {
        MySqlTableLock lock(TableName table);
    }

    /// Locks the table; the connection is closed with the lock. Tries for at most
    /// [Settings#CAPTURE_RETRY_TIME].
    static MySqlTableLock take(MySqlConnection connection, TableName table, Settings settings) {
        var limit = settings.get(Settings.CAPTURE_RETRY_TIME);
        var hold = settings.get(Settings.LOCK_HOLD_TIME);
        try {
            var deed = "lock " + table;
            var engine =
                    connection.text(
                            deed,
                            """
                            SELECT ENGINE
                            FROM information_schema.TABLES
                            WHERE TABLE_SCHEMA = %s AND TABLE_NAME = %s\
                            """
                                    .formatted(
                                            MySqlSql.literal(table.database()),
                                            MySqlSql.literal(table.table())));
            connection.update(deed, "SET SESSION lock_wait_timeout = " + WAIT_SECONDS);
            // Before MySQL 5.7 only InnoDB's own table lock waits for open transactions, and it is
            // taken without autocommit only.
            connection.update(deed, "SET SESSION innodb_lock_wait_timeout = " + WAIT_SECONDS);
            connection.update(deed, "SET SESSION autocommit = 0");
            lock(connection, table, limit, hold);
            return new MySqlTableLock(
                    connection,
                    table,
                    TRANSACTIONAL.contains(engine.orElse("").toLowerCase(Locale.ROOT)),
                    hold);
        } catch (RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    private static void lock(
            MySqlConnection connection, TableName table, Duration limit, Duration hold) {
        var deadline = Instant.now().plus(limit);
        var backoff = new Backoff("a table lock", PAUSE, PAUSE_MAX);
        while (!granted(connection, table, hold)) {
            if (Instant.now().plus(backoff.pause()).isAfter(deadline)) {
                throw ProblemException.of(
                        ProblemCode.SOURCE_UNREACHABLE,
                        "Could not lock " + table + " for a moment",
                        "it has no key, must be read at one exact position, and transactions that wrote to it stayed open",
                        "Look for long transactions on the table, give it a primary key, or load it at a quiet time");
            }
            backoff.sleep();
        }
    }

    private static boolean granted(MySqlConnection connection, TableName table, Duration hold) {
        connection.update("lock " + table, MySqlSession.endsIdleAfter(hold));
        try {
            Sql.execute(connection.jdbc(), "LOCK TABLES " + MySqlSql.quote(table) + " READ");
            return true;
        } catch (SQLException failure) {
            if (failure.getErrorCode() == LOCK_WAIT) {
                // Half of the lock may have been granted.
                connection.update("unlock " + table, "UNLOCK TABLES");
                connection.update("unlock " + table, "ROLLBACK");
                connection.update("unlock " + table, MySqlSession.mayBeIdle());
                return false;
            }
            throw connection.problem("lock " + table, failure);
        }
    }

    /// The connection that holds the lock.
    MySqlConnection connection() {
        return connection;
    }

    /// The snapshot is open. Lets writers go on, unless the table's engine has no snapshots: then
    /// they wait until the table is read. Throws if the lock was lost before.
    void releaseIfTransactional() {
        if (transactional) {
            connection.update("unlock " + table, "UNLOCK TABLES");
            connection.update("unlock " + table, "COMMIT");
        } else {
            Thread.ofVirtual().name("keeps the lock on " + table).start(this::keep);
        }
    }

    /// Says again and again that we are there.
    private void keep() {
        try {
            while (!over.await(hold.toMillis() / 3, TimeUnit.MILLISECONDS)) {
                requireConnection();
            }
        } catch (ProblemException lost) {
            // The reader finds the same when it asks.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// The table is read. Throws if the lock that was to be held meanwhile was lost.
    void requireHeld() {
        if (!transactional) {
            requireConnection();
        }
    }

    private void requireConnection() {
        connection.update("keep the lock on " + table, "DO 1");
    }

    @Override
    public void close() {
        over.countDown();
        connection.close();
    }
}
