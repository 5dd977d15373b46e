package ferry.scenarios;

/// The steps of a migration in which something is killed, in their order.
enum CrashStep {
    LOAD(60),
    WINDOW_END(400),
    VERIFY(1_000),
    APPLY(1_500);

    private final int jitterMillis;

    CrashStep(int jitterMillis) {
        this.jitterMillis = jitterMillis;
    }

    /// How long after the step's beginning the kill may come.
    int jitterMillis() {
        return jitterMillis;
    }
}
