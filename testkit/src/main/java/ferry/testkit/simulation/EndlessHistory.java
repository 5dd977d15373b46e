package ferry.testkit.simulation;

/// A history that took more steps than its world allows: somebody goes round in circles, or waits
/// for what never comes.
public final class EndlessHistory extends AssertionError {
    EndlessHistory(String limit) {
        super("the history did not end within " + limit);
    }
}
