package ferry.dialects.toy;

/// What there is more of in a simulated world than chance would have it, so that few seeds are
/// enough to meet the history that breaks one rule.
enum Emphasis {
    /// Two tables joined by a foreign key.
    FOREIGN_KEYS,
    /// Of every table only some rows move.
    ROW_CONDITIONS,
    /// Of every table only some columns move, some under other names.
    COLUMNS,
    /// Tables with secondary unique keys only.
    UNIQUE_KEYS,
    /// Tables without a key only.
    KEYLESS,
    /// Commits that become visible, and stand in the set of executed ones, in another order than
    /// that of the log.
    OVERTAKING,
    /// The target's tables were made by hand, with all their keys.
    EXISTING_TABLES,
    /// Definitions change often.
    SCHEMA_CHANGES,
    /// Most changes of definitions compute values for old rows.
    SERIAL_COLUMNS,
    /// Processes die and connections are lost often.
    FAULTS,
    /// Calls are executed after their callers gave up.
    LATE_CALLS,
    /// Two processes take the project from each other.
    TWO_OWNERS
}
