package ferry.server.run;

/// How a run ended, when no problem stopped it.
public enum Outcome {
    /// All that was asked is done; where tables were compared, they are equal.
    FINISHED,
    /// All that was asked is done, and at least one table differs.
    DIFFERENT,
    /// An operator paused it.
    PAUSED
}
