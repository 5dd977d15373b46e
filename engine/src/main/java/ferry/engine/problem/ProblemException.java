package ferry.engine.problem;

/// Stops what is going on and tells the operator.
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    public ProblemException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    public static ProblemException of(ProblemCode code, String what, String why, String remedy) {
        return new ProblemException(new Problem(code, what, why, remedy));
    }

    public Problem problem() {
        return problem;
    }

    public ProblemCode code() {
        return problem.code();
    }
}
