package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/// What a kill of seekdb 1.4.0 must spare. It never ends a transaction that a kill left half in its
/// log, over restarts too: row locks stay, an index of a table that was there is built for ever,
/// and nobody's migration can go on. Rows reach the log at COMMIT only, as the tests start it; but
/// the kernel's own transactions that define objects do not (measured: 2 of 12 kills while a key
/// was added).
final class KernelKill {
    private static final Duration DEFINITION = Duration.ofSeconds(20);
    private static final Duration HALF_DONE = Duration.ofSeconds(30);

    private static final String DEFINES =
            "SELECT 1 FROM information_schema.processlist"
                    + " WHERE UPPER(info) REGEXP '^ *(ALTER|CREATE|DROP|TRUNCATE) '";
    private static final String LEFT =
            "SELECT 1 FROM oceanbase.__all_virtual_trans_stat"
                    + " WHERE session_id = 0 AND flushed_log_size > 0";

    private KernelKill() {}

    /// Waits until the kernel defines nothing, or is at it for so long that it does not matter.
    static void awaitNoDefinition(DatabaseServer kernel) throws InterruptedException {
        await(kernel, DEFINES, DEFINITION);
    }

    /// Fails where a kill has left such a transaction all the same.
    static void requireNothingHalfDone(DatabaseServer kernel) throws InterruptedException {
        assertThat(await(kernel, LEFT, HALF_DONE))
                .as("the kernel ended what a kill left half in its log")
                .isTrue();
    }

    private static boolean await(DatabaseServer kernel, String query, Duration atMost)
            throws InterruptedException {
        var until = Instant.now().plus(atMost);
        try {
            while (!kernel.query(query).isEmpty()) {
                if (Instant.now().isAfter(until)) {
                    return false;
                }
                Voyage.pause(20);
            }
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("the kernel does not answer", e);
        }
    }
}
