package ferry.testkit.simulation;

/// How often what happens at one call between a client and a server, out of 10,000 calls.
///
/// @param meanwhile other actors run before the call or before its reply
/// @param crash the calling process dies
/// @param lost the connection breaks, half of them after the call was executed
/// @param late the caller gives up, and the call is executed some time later
public record FaultPlan(int meanwhile, int crash, int lost, int late) {
    public static final FaultPlan CALM = new FaultPlan(0, 0, 0, 0);

    /// The same without faults, but still with everybody running at once.
    public FaultPlan faultless() {
        return new FaultPlan(meanwhile, 0, 0, 0);
    }
}
