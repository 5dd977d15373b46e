package ferry.engine.verify;

import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/// Rows that one check holds in memory, each with what is known of it, within a limit of bytes:
/// whenever that is passed, half of the rows are let go, and what is not held is ignored from then
/// on. The shares that were let go are compared by further checks, which read everything again: so
/// memory is bounded by more reading, and nothing is lost.
final class HeldRows<V> {
    /// Bytes that a row costs besides its values, about: two objects, two arrays and an entry.
    static final long ROW_BYTES = 160;

    private final Map<Row, V> rows = new LinkedHashMap<>();
    private final ToLongFunction<V> size;
    private final long bytesMax;
    private final List<Share> letGo = new ArrayList<>();
    private Share share;
    private long bytes;

    /// `size` says how many bytes the value of a row takes.
    HeldRows(Share share, long bytesMax, ToLongFunction<V> size) {
        this.share = share;
        this.bytesMax = bytesMax;
        this.size = size;
    }

    /// As [Map#compute], if the row is in the share that is held.
    void compute(Row row, BiFunction<Row, V, V> change) {
        if (!share.holds(row)) {
            return;
        }
        var before = rows.get(row);
        var after = change.apply(row, before);
        bytes += cost(row, after) - cost(row, before);
        if (after == null) {
            rows.remove(row);
        } else {
            rows.put(row, after);
            narrow();
        }
    }

    private long cost(Row row, V value) {
        return value == null ? 0 : ROW_BYTES + row.byteCount() + size.applyAsLong(value);
    }

    /// A single row is held whatever its size.
    private void narrow() {
        while (bytes > bytesMax && rows.size() > 1 && share.bits() < Share.BITS_MAX) {
            letGo.add(share.otherHalf());
            share = share.half();
            rows.entrySet()
                    .removeIf(entry -> {
                        var gone = !share.holds(entry.getKey());
                        bytes -= gone ? cost(entry.getKey(), entry.getValue()) : 0;
                        return gone;
                    });
        }
    }

    /// About how much memory they take.
    long bytes() {
        return bytes;
    }

    boolean holds(Row row) {
        return share.holds(row);
    }

    /// The share that is held by now.
    Share share() {
        return share;
    }

    /// The shares that were let go; together with the one that is held they are what it began with.
    List<Share> letGo() {
        return List.copyOf(letGo);
    }

    Set<Row> rows() {
        return rows.keySet();
    }

    Map<Row, V> entries() {
        return rows;
    }
}
