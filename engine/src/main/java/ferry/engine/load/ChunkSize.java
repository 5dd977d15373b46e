package ferry.engine.load;

import ferry.engine.config.Settings;

/// How many rows the next chunk of one table has: so many that their values are about
/// `load.chunk.bytes`, by the source's statistics at first and by what was read since. Statistics
/// may be old, or know nothing of values that are stored elsewhere; and rows may be of one size at
/// the beginning of a table and of another later. Not safe for several threads.
public final class ChunkSize {
    /// By so much one chunk may differ from one that was read: a single odd one must not make the
    /// next one huge.
    private static final int STEP = 2;

    /// And so many times the statistics' own: behind small rows there may be large ones.
    private static final int GROWTH = 8;

    private final long bytes;
    private final long rowsMax;
    private long rows;

    /// `rowBytes` as the source's statistics tell.
    public ChunkSize(Settings settings, long rowBytes) {
        bytes = settings.get(Settings.LOAD_CHUNK_BYTES);
        var told = Math.max(1, bytes / Math.max(1, rowBytes));
        rowsMax = Math.min(settings.get(Settings.LOAD_CHUNK_ROWS), told * GROWTH);
        rows = within(told);
    }

    long rows() {
        return rows;
    }

    /// A chunk was read that had so many rows and bytes of values.
    void met(long readRows, long readBytes) {
        if (readRows > 0) {
            var wanted = bytes * readRows / Math.max(1, readBytes);
            rows = within(Math.clamp(wanted, readRows / STEP, readRows * STEP));
        }
    }

    private long within(long wanted) {
        return Math.clamp(wanted, 1, rowsMax);
    }
}
