package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Ends the writers' connections of an earlier owner, and sees them gone.
final class MySqlLaneConnections {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int NO_SUCH_THREAD = 1094;
    private static final int NOT_OWNER = 1095;

    private final MySqlConnection connection;

    /// An owner that has just ended leaves connections that the server needs a moment to miss.
    private final Duration grace;

    /// A connection that was killed first rolls its transaction back.
    private final Duration killTime;

    private final Duration killAgain;

    MySqlLaneConnections(MySqlConnection connection, Settings settings) {
        this.connection = connection;
        grace = settings.get(Settings.TAKEOVER_TIME);
        killTime = settings.get(Settings.TAKEOVER_KILL_TIME);
        killAgain = settings.get(Settings.TAKEOVER_KILL_AGAIN);
    }

    /// Returns when none of these connections lives any more. Without `force` a living one is
    /// OTHER_OWNER.
    void end(String project, List<MySqlLaneMark> marks, boolean force) {
        for (var mark : marks) {
            end(project, mark, force);
        }
    }

    private void end(String project, MySqlLaneMark mark, boolean force) {
        if (!force) {
            if (!gone(mark, grace)) {
                throw ProblemException.of(
                        ProblemCode.OTHER_OWNER,
                        "Another process works on project " + project,
                        "connection "
                                + mark.connectionId()
                                + " of one of its lanes is alive in the target",
                        "Stop the other process; if it is dead or cut off from the network, start this one with force");
            }
            return;
        }
        if (!killed(mark)) {
            throw ProblemException.of(
                    ProblemCode.TARGET_BUSY,
                    "Connection "
                            + mark.connectionId()
                            + " of the earlier owner of project "
                            + project
                            + " does not end",
                    "it was killed and still rolls back or is stuck: " + mark.shown(connection),
                    "Wait, or look at it in the target's process list");
        }
    }

    /// Kills it again and again: the OceanBase kernel was once seen to show a killed connection for
    /// a minute (not seen again in 14,000 take-overs), and a second KILL does no harm.
    private boolean killed(MySqlLaneMark mark) {
        var deadline = Instant.now().plus(killTime);
        while (Instant.now().isBefore(deadline)) {
            mark.living(connection).ifPresent(this::kill);
            if (gone(mark, killAgain)) {
                return true;
            }
        }
        return false;
    }

    private void kill(long id) {
        try {
            Sql.execute(connection.jdbc(), "KILL " + Long.toUnsignedString(id));
        } catch (SQLException failure) {
            if (failure.getErrorCode() == NOT_OWNER) {
                throw ProblemException.of(
                        ProblemCode.TARGET_REFUSED,
                        "Could not end connection " + id + " of the earlier owner",
                        "it belongs to another account",
                        "Use the same account as before, or GRANT CONNECTION_ADMIN ON *.* (MySQL 8.0), CONNECTION ADMIN (MariaDB 10.5) or SUPER");
            }
            if (failure.getErrorCode() != NO_SUCH_THREAD) {
                throw connection.problem("end connection " + id + " of the earlier owner", failure);
            }
        }
    }

    private boolean gone(MySqlLaneMark mark, Duration limit) {
        var deadline = Instant.now().plus(limit);
        while (mark.living(connection).isPresent()) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(
                    ProblemCode.TARGET_BUSY,
                    "Stopped while waiting for an earlier owner to end",
                    "the work was interrupted",
                    "Nothing");
        }
    }
}
