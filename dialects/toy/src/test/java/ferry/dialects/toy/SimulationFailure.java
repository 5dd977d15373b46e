package ferry.dialects.toy;

/// A promise that did not hold in a simulated history.
final class SimulationFailure extends AssertionError {
    SimulationFailure(String what) {
        super(what);
    }

    SimulationFailure(String what, Throwable cause) {
        super(what + ": " + cause, cause);
    }
}
