package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Waits for XA COMMITs that a server has counted and not yet made visible
/// (docs/adr/0010-xa-commits-under-way.md).
///
/// MySQL 8.0 counts and logs an XA COMMIT of a session that did not prepare it before its rows
/// become visible. Until they are, two things hold: XA RECOVER lists the transaction, and the
/// session, be it a client's or a replica's applier, stands in the process list with its XA COMMIT.
/// So what is listed while nobody runs an XA COMMIT was not committed at all, and needs no wait.
final class XaCommits {
    /// The first words are enough: a statement of its own begins with them, and the server cuts
    /// several statements that were sent at once, and those of a routine, into single ones.
    private static final int STATEMENT_CHARACTERS = 65_536;

    /// Rather too often than too rarely: comments may stand anywhere.
    private static final Pattern XA_COMMIT =
            Pattern.compile("\\bXA\\b.*\\bCOMMIT\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration LOOK_MAX = Duration.ofMillis(100);

    static final int MAY_NOT_LIST = 1401;

    private static final String DEED =
            "see which sessions commit XA transactions (this needs PROCESS)";

    private final MySqlConnection connection;
    private final Duration limit;
    private boolean seesAll;

    XaCommits(MySqlConnection connection, Settings settings) {
        this.connection = connection;
        limit = settings.get(Settings.SOURCE_XA_TIME);
    }

    /// Returns when every XA COMMIT that was counted before this call is visible.
    void await() {
        var listed = listed();
        if (listed.isEmpty()) {
            return;
        }
        var committing = committing();
        var until = System.nanoTime() + limit.toNanos();
        var backoff = new Backoff("an XA COMMIT of the source", LOOK, LOOK_MAX);
        while (!committing.isEmpty() && !listed.isEmpty()) {
            if (System.nanoTime() - until >= 0) {
                throw late(committing);
            }
            backoff.sleep();
            listed.retainAll(listed());
            committing.retainAll(committing());
        }
    }

    /// Where an account may not list them (MySQL 8.0 without XA_RECOVER_ADMIN), the precheck DB_XA
    /// has asked the operator whether the source has none.
    private Set<List<String>> listed() {
        try {
            return new HashSet<>(Sql.rows(connection.jdbc(), "XA RECOVER"));
        } catch (SQLException refused) {
            if (refused.getErrorCode() == MAY_NOT_LIST) {
                return Set.of();
            }
            throw connection.problem("list prepared XA transactions", refused);
        }
    }

    /// Sessions with what they run. The condition is written so that it does not find itself, nor
    /// another look at the same moment.
    private Set<List<String>> committing() {
        proveThatAllAreSeen();
        var running =
                connection.rows(
                        DEED,
                        """
                        SELECT ID, LEFT(INFO, %d)
                        FROM information_schema.PROCESSLIST
                        WHERE INFO LIKE CONCAT('%%X', 'A%%COM', 'MIT%%')\
                        """
                                .formatted(STATEMENT_CHARACTERS));
        var committing = new HashSet<List<String>>();
        for (var session : running) {
            if (XA_COMMIT.matcher(session.get(1)).find()) {
                committing.add(session);
            }
        }
        return committing;
    }

    /// Without PROCESS the list would only be shorter. This small table refuses where it is
    /// missing.
    private void proveThatAllAreSeen() {
        if (!seesAll) {
            connection.rows(DEED, "SELECT COUNT(*) FROM information_schema.INNODB_CMP");
            seesAll = true;
        }
    }

    private ProblemException late(Set<List<String>> committing) {
        return ProblemException.of(
                ProblemCode.SOURCE_UNREACHABLE,
                "Could not tell up to where the source's log is visible",
                "connection %s of the source has been running an XA COMMIT for longer than %s (source.xa.time)"
                        .formatted(
                                committing.iterator().next().getFirst(),
                                Settings.SOURCE_XA_TIME.print(limit)),
                "Look at that connection with SHOW PROCESSLIST at the source; it is tried again");
    }
}
