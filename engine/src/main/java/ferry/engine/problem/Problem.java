package ferry.engine.problem;

/// What an operator is told: what happened, why, and what to do about it. Never holds a secret or a
/// row's values.
public record Problem(ProblemCode code, String what, String why, String remedy) {
    @Override
    public String toString() {
        return code.id() + " " + what + ". Why: " + why + ". Do: " + remedy;
    }
}
