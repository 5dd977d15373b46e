package ferry.dialects.mysql;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;

/// The position of a read on a server without a log: a target, or OceanBase. It includes nothing,
/// and nobody follows a log from it.
record NoPosition() implements Position {
    private static final String TEXT = "none";

    /// True for the text of such a position.
    static boolean is(String text) {
        return text.equals(TEXT);
    }

    @Override
    public boolean covers(Position other) {
        return other instanceof NoPosition;
    }

    @Override
    public boolean includes(TransactionId id) {
        return false;
    }

    @Override
    public Position plus(TransactionId id) {
        throw new IllegalStateException("a server without a log has no transaction " + id);
    }

    @Override
    public String text() {
        return TEXT;
    }
}
