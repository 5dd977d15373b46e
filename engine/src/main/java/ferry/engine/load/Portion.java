package ferry.engine.load;

import ferry.engine.config.Settings;

/// What a target transaction holds of a table that does not fit into one.
final class Portion {
    private final long rowsMax;
    private final long bytesMax;
    private long rows;
    private long bytes;

    Portion(Settings settings) {
        rowsMax = settings.get(Settings.LOAD_TRANSACTION_ROWS);
        bytesMax = settings.get(Settings.LOAD_TRANSACTION_BYTES);
    }

    /// Counts a batch; true when it belongs to the next transaction, which it then begins. A batch
    /// that is larger than the limits is a transaction of its own.
    boolean endsBefore(long moreRows, long moreBytes) {
        var ends = rows > 0 && (rows + moreRows > rowsMax || bytes + moreBytes > bytesMax);
        rows = moreRows + (ends ? 0 : rows);
        bytes = moreBytes + (ends ? 0 : bytes);
        return ends;
    }
}
