package ferry.dialects.mysql;

import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;

/// A statement that changes rows of one table, and what must come of it.
///
/// @param source the source's table whose changes it makes, which problems concern; empty for rows
///   that are loaded
/// @param deed what it does, for problems: "update rows of shop.orders"
/// @param rows how many it is made for
record RowStatement(Optional<TableName> source, String deed, RowSql sql, long rows, Count count) {
    /// What the server's number of rows must be.
    enum Count {
        /// Anything: rows may be missing, or displace others.
        FREE,
        /// All rows, stored.
        STORED,
        /// All rows, found.
        FOUND
    }

    /// Throws if the server told another number of rows than it must.
    void require(long told) {
        if (count == Count.FREE || told == rows) {
            return;
        }
        throw concerned(
                count == Count.FOUND
                        ? missing(deed, "it found %d rows where %d must be".formatted(told, rows))
                        : ProblemException.of(
                                ProblemCode.VALUE_REFUSED,
                                "Could not " + deed,
                                "the server stored "
                                        + told
                                        + " of "
                                        + rows
                                        + " rows without a word",
                                "Look for triggers or a plugin in the target that drops rows"));
    }

    /// A problem that this statement met.
    ProblemException concerned(ProblemException problem) {
        return source.map(problem::concerning).orElse(problem);
    }

    static ProblemException missing(String deed, String why) {
        return ProblemException.of(
                ProblemCode.ROW_MISSING,
                "Could not " + deed,
                why,
                "Look who else writes to the target; verify the table and correct it, or load it again");
    }
}
