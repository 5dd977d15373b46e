package ferry.dialects.mysql;

import com.github.shyiko.mysql.binlog.network.AuthenticationException;
import com.github.shyiko.mysql.binlog.network.ServerException;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;

/// Turns what goes wrong on a log connection into problems; the only place that reads the server's
/// messages.
final class LogProblems {
    private static final int ACCESS_DENIED_FOR_DATABASE = 1044;
    private static final int ACCESS_DENIED = 1045;
    private static final int PRIVILEGE_MISSING = 1227;
    private static final int LOG_READ_FAILED = 1236;
    private static final Set<Integer> NOT_NOW =
            Set.of(
                    1040, 1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1317,
                    1927);

    private LogProblems() {}

    static ProblemException of(Exception error, String server) {
        if (error instanceof ProblemException known) {
            return known;
        }
        if (error instanceof AuthenticationException) {
            return refused(error, server);
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServerException answer) {
                return answered(answer, server);
            }
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLHandshakeException) {
                return problem(
                        ProblemCode.SOURCE_REFUSED,
                        "No secure connection to " + server + " could be made",
                        cause.getMessage(),
                        "check the options tls and tls.ca, and the server's certificate",
                        error);
            }
            if (cause instanceof IOException) {
                return unreachable(error, server, String.valueOf(error.getMessage()));
            }
        }
        return event("The log of " + server + " could not be read", error.toString(), error);
    }

    static ProblemException unreachable(Exception error, String server, String why) {
        return problem(
                ProblemCode.SOURCE_UNREACHABLE,
                "The log connection to " + server + " was lost or could not be made",
                why,
                "check that the server runs and that host, port and network are right; it is tried again",
                error);
    }

    private static ProblemException refused(Exception error, String server) {
        return problem(
                ProblemCode.SOURCE_REFUSED,
                "The server " + server + " refused to let us read its log",
                error.getMessage(),
                "check user name and password, and grant REPLICATION SLAVE and REPLICATION CLIENT",
                error);
    }

    private static ProblemException answered(ServerException error, String server) {
        var code = error.getErrorCode();
        if (code == ACCESS_DENIED
                || code == ACCESS_DENIED_FOR_DATABASE
                || code == PRIVILEGE_MISSING) {
            return refused(error, server);
        }
        if (NOT_NOW.contains(code)) {
            return unreachable(error, server, error.getMessage());
        }
        if (code == LOG_READ_FAILED) {
            return logRead(error, server);
        }
        return problem(
                ProblemCode.SOURCE_STATEMENT,
                "The server " + server + " refused a statement that prepares log reading",
                "error " + code + ": " + error.getMessage(),
                "see the message of the server",
                error);
    }

    /// Error 1236 stands for everything that can go wrong with a dump; only its text tells what.
    private static ProblemException logRead(ServerException error, String server) {
        var message = String.valueOf(error.getMessage());
        var text = message.toLowerCase(Locale.ROOT);
        if (text.contains("with the same server_uuid")
                || text.contains("with the same server_id")
                || text.contains("with the same server id")) {
            return problem(
                    ProblemCode.LOG_THROWN_OUT,
                    "The server " + server + " ended our log connection",
                    message,
                    "another reader uses our server id: set capture.server.id to a number that no replica has, or to 0",
                    error);
        }
        if (text.contains("purged")
                || text.contains("could not find first log file")
                || text.contains("too old")) {
            return purged(server, message, error);
        }
        if (text.contains("more gtids")
                || text.contains("position > file size")
                || text.contains("impossible position")
                || text.contains("diverged")
                || text.contains("not in the master's binlog")) {
            return foreign(server, message, error);
        }
        return event("The server " + server + " could not read its own log", message, error);
    }

    static ProblemException purged(String server, String why, Exception cause) {
        return problem(
                ProblemCode.LOG_PURGED,
                "The server " + server + " no longer has the log from the position that is needed",
                why,
                "keep the log longer (binlog_expire_logs_seconds, expire_logs_days); then 'ferry migrate --reload-after-gap' loads the tables again and goes on behind the gap",
                cause);
    }

    static ProblemException foreign(String server, String why, Exception cause) {
        return problem(
                ProblemCode.LOG_FOREIGN,
                "The log of " + server + " does not continue ours",
                why,
                "connect the server that was read before; to begin anew with this one, run 'ferry reset', empty or drop the target's tables, and run 'ferry migrate'",
                cause);
    }

    /// Something in the log that is not on the list of known things.
    static ProblemException event(String what, String why, Exception cause) {
        return problem(
                ProblemCode.LOG_EVENT,
                what,
                why,
                "report it with the server's version; the project cannot pass this event",
                cause);
    }

    static ProblemException incomplete(String what, String why, String remedy) {
        return ProblemException.of(ProblemCode.LOG_INCOMPLETE, what, why, remedy);
    }

    private static ProblemException problem(
            ProblemCode code, String what, String why, String remedy, Exception cause) {
        return new ProblemException(new Problem(code, what, String.valueOf(why), remedy), cause);
    }
}
