package ferry.engine.changelog;

import ferry.engine.model.TransactionId;

/// A transaction that has its own blocks because it is larger than one, and the place of its Begin.
record Spanning(TransactionId id, Place place) {}
