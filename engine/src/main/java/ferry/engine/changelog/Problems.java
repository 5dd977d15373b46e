package ferry.engine.changelog;

import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;

/// What the change log tells the operator.
final class Problems {
    private Problems() {}

    static ProblemException damaged(String file, long offset, String why) {
        return ProblemException.of(
                ProblemCode.LOG_DAMAGED,
                "The change log is damaged in " + file + " at offset " + offset,
                why,
                "check the disk, then let the log be rebuilt from the source");
    }

    static ProblemException disk(String doing, IOException cause) {
        return new ProblemException(
                new Problem(
                        ProblemCode.DISK_FULL,
                        "The change log could not " + doing,
                        cause.toString(),
                        "free or repair the disk that holds Ferry's home, then resume"),
                cause);
    }

    static ProblemException noSpace(long free, long needed) {
        return ProblemException.of(
                ProblemCode.DISK_FULL,
                "The change log needs " + needed + " bytes of disk, but " + free + " are free",
                "the disk that holds Ferry's home is full",
                "free some space, then resume");
    }

    /// `pinned`: apply has passed the oldest part, but another reader still needs it.
    static ProblemException limit(long bytes, long limit, boolean pinned) {
        return ProblemException.of(
                ProblemCode.LOG_FULL,
                "The change log holds " + bytes + " bytes and may hold " + limit,
                pinned
                        ? "a comparison, or a table that is loaded again, still needs the oldest part, so that nothing may be dropped"
                        : "apply has not yet read the oldest part, so that nothing may be dropped",
                pinned
                        ? "raise changelog.bytes, compare while less is written, or let the table go by 'ferry aside', then resume"
                        : "find out what slows apply down, or raise changelog.bytes, then resume");
    }

    static ProblemException trimmed(String lowWater, String oldest) {
        return ProblemException.of(
                ProblemCode.LOG_LIMIT,
                "The change log begins at " + oldest + " and does not reach back to " + lowWater,
                "the part before was dropped, or never captured",
                "let the log be rebuilt from the source");
    }

    static ProblemException unknownXa(String xid, String id) {
        return ProblemException.of(
                ProblemCode.XA_UNKNOWN,
                "Transaction " + id + " commits the XA transaction " + xid,
                "its preparation is not in the change log: it was prepared before capture began",
                "load the tables again, with no prepared XA transactions at the start of capture");
    }

    static ProblemException preparedTwice(String xid, String id) {
        return ProblemException.of(
                ProblemCode.LOG_EVENT,
                "Transaction " + id + " prepares the XA transaction " + xid + " a second time",
                "it is prepared already and was neither committed nor rolled back",
                "report it with the source's version");
    }
}
