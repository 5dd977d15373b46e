package ferry.engine.changelog;

import ferry.engine.model.TransactionId;

/// An XA group that is prepared and undecided, and the place of its Begin.
record Group(String xid, TransactionId id, Place place) {
    LogRecord.Prepare prepare() {
        return new LogRecord.Prepare(id, xid);
    }
}
