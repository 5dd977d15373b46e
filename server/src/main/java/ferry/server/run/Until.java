package ferry.server.run;

/// When a run has done what was asked and ends.
public enum Until {
    /// It keeps up with the source until somebody pauses it.
    FOREVER,
    /// All tables are loaded.
    LOADED,
    /// All that the source had committed when loading ended, or when this run began, is applied, and every table is proved equal.
    VERIFIED
}
