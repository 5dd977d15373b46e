package ferry.engine.model;

/// A place in one source's log (or a set of transactions of it), opaque outside its dialect.
/// Immutable. The order is partial.
public interface Position {
    /// True when every transaction that `other` includes is included here too.
    boolean covers(Position other);

    /// True when this transaction lies at or before this place.
    boolean includes(TransactionId id);

    /// This position and this transaction, which is the next one of the log.
    Position plus(TransactionId id);

    /// A text from which the dialect makes the same position again; at most a few kilobytes.
    String text();
}
