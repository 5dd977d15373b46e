package ferry.testkit.simulation;

/// The power cut of one simulated process: thrown out of whatever it was doing. Not an exception,
/// so that nothing handles it.
public final class Crash extends Error {
    public Crash(String where) {
        super("simulated crash at " + where, null, false, false);
    }
}
