package ferry.engine.dialect;

/// What an endpoint type can do. An ability that is not declared must be refused cleanly, and the
/// contract test tries both.
public enum Ability {
    /// Its committed changes can be read from a log.
    LOG,
    /// It can be written to, with the checkpoint in the same transaction.
    TARGET,
    /// A table without a key can be read at one exact position.
    EXACT_SNAPSHOT,
    /// Checksums of a key range can be computed inside the server.
    CHECKSUM,
    /// Transactions have global ids, so that the log can be followed on another server.
    GLOBAL_IDS
}
