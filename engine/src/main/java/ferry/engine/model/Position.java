package ferry.engine.model;

import java.util.List;

/// A place in one source's log (or a set of transactions of it), opaque outside its dialect.
/// Immutable. The order is partial.
public interface Position {
    /// True when every transaction that `other` includes is included here too.
    boolean covers(Position other);

    /// True when this transaction lies at or before this place.
    boolean includes(TransactionId id);

    /// True when this is a place between two transactions of the log, and this transaction is known
    /// to begin at or behind it. A set of transactions knows no order, so it never tells.
    default boolean liesBefore(TransactionId id) {
        return false;
    }

    /// This position and this transaction, which is the next one of the log.
    Position plus(TransactionId id);

    /// The same for transactions that follow one another in the log.
    default Position plusAll(List<TransactionId> ids) {
        var position = this;
        for (var id : ids) {
            position = position.plus(id);
        }
        return position;
    }

    /// A text from which the dialect makes the same position again; at most a few kilobytes.
    String text();
}
