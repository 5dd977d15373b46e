package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The session state of every connection, as statements by member and use. Nothing is left to the
/// server's defaults that could change a value, an order or a wait.
final class MySqlSession {
    /// Longer than a load or a slow reader may pause; the keep-alive of TCP ends what is really
    /// gone.
    private static final Duration IDLE = Duration.ofDays(1);

    /// A transaction of OceanBase may live so long, and a statement never longer than this.
    private static final Duration TRANSACTION = Duration.ofDays(1);

    /// No NO_ZERO_DATE and NO_ZERO_IN_DATE, with ALLOW_INVALID_DATES: a date that one end holds
    /// must be accepted by the other. No ANSI_QUOTES, NO_BACKSLASH_ESCAPES,
    /// PAD_CHAR_TO_FULL_LENGTH: they change what SQL and values mean.
    private static final String LOOSE =
            "NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION";

    private static final String MODES = "STRICT_TRANS_TABLES,STRICT_ALL_TABLES," + LOOSE;

    private MySqlSession() {}

    /// What a connection is for.
    enum Use {
        /// Reads user rows: values come as the bytes of their column's character set.
        ROWS,
        /// Writes user rows, each transaction fenced.
        WRITE,
        /// Reads dictionaries, reads and writes bookkeeping.
        PLAIN
    }

    /// Lets a value be set that a strict session refuses ([OddMembers]).
    static String loosened() {
        return "SET SESSION sql_mode = '" + LOOSE + "'";
    }

    /// Ends [#loosened()].
    static String strict() {
        return "SET SESSION sql_mode = '" + MODES + "'";
    }

    /// Lets the server end the connection after so long without a statement: with all that it
    /// holds, whatever became of us.
    static String endsIdleAfter(Duration time) {
        return "SET SESSION " + idleFor(time);
    }

    /// Ends [#endsIdleAfter].
    static String mayBeIdle() {
        return endsIdleAfter(IDLE);
    }

    private static String idleFor(Duration time) {
        return "wait_timeout = " + seconds(time);
    }

    static List<String> statements(MySqlVersion version, Use use, Settings settings) {
        var sets = new ArrayList<String>();
        sets.add("time_zone = '+00:00'");
        sets.add("sql_mode = '" + MODES + "'");
        sets.add(idleFor(IDLE));
        sets.add("net_read_timeout = " + IDLE.toSeconds());
        // While the rest of a read is not taken, MySQL and MariaDB keep the table's definition
        // locked; to a proxy of OceanBase it is the time that a long scan may say nothing.
        var write =
                use == Use.ROWS && !version.isOceanBase()
                        ? settings.get(Settings.READ_HOLD_TIME)
                        : IDLE;
        sets.add("net_write_timeout = " + seconds(write));
        // A longer wait ends as TARGET_BUSY, and the work is tried again.
        var rowLock = settings.get(Settings.LOCK_TIME);
        switch (version.flavor()) {
            case MYSQL, MARIADB -> {
                // A wait behind DDL or for DDL; the server's default is a year.
                sets.add("lock_wait_timeout = " + seconds(settings.get(Settings.LOCK_TABLE_TIME)));
                sets.add("innodb_lock_wait_timeout = " + seconds(rowLock));
                // Otherwise a row's hash is computed once for each place that uses it. Only here:
                // the dictionary's views of MySQL 8.0 would be written out whole for each look.
                if (use == Use.ROWS && (version.mySql(5, 7, 6) || version.isMariaDb())) {
                    sets.add("optimizer_switch = 'derived_merge=off'");
                }
                if (version.mySql(5, 7, 8)) {
                    sets.add("max_execution_time = 0");
                }
                if (version.mariaDb(10, 1, 1)) {
                    sets.add("max_statement_time = 0");
                }
            }
            case OCEANBASE -> {
                var statement = settings.get(Settings.STATEMENT_TIME);
                var transaction = TRANSACTION.compareTo(statement) > 0 ? TRANSACTION : statement;
                sets.add("ob_query_timeout = " + micros(statement));
                sets.add("ob_trx_timeout = " + micros(transaction));
                sets.add("ob_trx_idle_timeout = " + micros(transaction));
                sets.add("ob_trx_lock_timeout = " + micros(rowLock));
            }
        }
        switch (use) {
            // The dictionary's text and everything else that is not a user row comes as UTF-8.
            case PLAIN -> {}
            case ROWS -> sets.add("character_set_results = NULL");
            // unique_checks stays on: without it InnoDB may accept a duplicate of a secondary
            // unique key.
            case WRITE -> {
                sets.add("foreign_key_checks = 0");
                sets.add("autocommit = 0");
            }
        }
        var statements = new ArrayList<String>();
        if (version.mySql(5, 7, 6) || version.mariaDb(10, 2, 2)) {
            // The driver closes a connection that it sees leaving UTF-8, and reading raw bytes is
            // leaving it.
            statements.add("SET SESSION session_track_system_variables = ''");
        }
        statements.add(
                "SET SESSION TRANSACTION ISOLATION LEVEL "
                        + (use == Use.ROWS && !version.isOceanBase()
                                ? "REPEATABLE READ"
                                : "READ COMMITTED"));
        statements.add("SET SESSION " + String.join(", ", sets));
        return statements;
    }

    /// Not less than was chosen: a part of a second counts as one.
    private static long seconds(Duration time) {
        return time.plusSeconds(1).minusNanos(1).toSeconds();
    }

    private static long micros(Duration time) {
        return time.toMillis() * 1000;
    }
}
