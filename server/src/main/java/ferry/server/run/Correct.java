package ferry.server.run;

/// What happens to differences that verification finds.
public enum Correct {
    /// They are reported, with the statements that would correct them.
    NEVER,
    /// They are corrected and verified again.
    AUTOMATIC
}
