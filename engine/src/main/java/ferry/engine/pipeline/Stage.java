package ferry.engine.pipeline;

/// What a running project is doing, derived from what is durable; in the order of the picture.
public enum Stage {
    /// Takes the project over and finds out where it stands.
    OPENING,
    /// Selects tables, has them admitted by capture and makes them in the target.
    SCHEMA,
    /// Copies chunks while capture goes on.
    LOADING,
    /// Replays the change log; windows end and keys are built.
    CATCHING_UP,
    /// Compares.
    VERIFYING,
    /// Repairs what verification found.
    CORRECTING,
    /// Goes on replaying until somebody stops it.
    FOLLOWING,
    FINISHED
}
