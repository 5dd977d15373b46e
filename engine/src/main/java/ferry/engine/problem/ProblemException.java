package ferry.engine.problem;

import ferry.engine.model.TableName;
import java.util.Optional;

/// Stops what is going on and tells the operator.
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final transient Optional<TableName> table;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    public ProblemException(Problem problem, Throwable cause) {
        this(problem, cause, Optional.empty());
    }

    private ProblemException(Problem problem, Throwable cause, Optional<TableName> table) {
        super(problem.toString(), cause);
        this.problem = problem;
        this.table = table;
    }

    public static ProblemException of(ProblemCode code, String what, String why, String remedy) {
        return new ProblemException(new Problem(code, what, why, remedy));
    }

    /// The same, which the changes of this table of the source met.
    public ProblemException concerning(TableName concerned) {
        var same = new ProblemException(problem, getCause(), Optional.of(concerned));
        same.setStackTrace(getStackTrace());
        for (var suppressed : getSuppressed()) {
            same.addSuppressed(suppressed);
        }
        return same;
    }

    /// The table of the source whose changes met it, if that is known.
    public Optional<TableName> table() {
        return table;
    }

    public Problem problem() {
        return problem;
    }

    public ProblemCode code() {
        return problem.code();
    }
}
