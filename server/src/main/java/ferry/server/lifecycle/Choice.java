package ferry.server.lifecycle;

/// What an operator chooses to have done, as it stands under `steps` in a project file.
public enum Choice {
    SCHEMA,
    FULL,
    INCREMENTAL,
    VERIFICATION
}
