package ferry.engine.changelog;

import ferry.engine.model.TransactionId;

/// A transaction that has its own blocks because it is larger than one, the place of its Begin, and
/// the row changes that its pieces hold so far.
record Spanning(TransactionId id, Place place, long changes) {
    Spanning plus(int more) {
        return new Spanning(id, place, changes + more);
    }
}
