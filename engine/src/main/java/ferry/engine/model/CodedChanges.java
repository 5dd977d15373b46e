package ferry.engine.model;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;

/// Changes of one table in the bytes in which the source wrote them: taken apart when one of them
/// is asked for, and not before. Immutable, as long as nobody changes the array.
public final class CodedChanges extends AbstractList<Change> {
    private final RowCode code;
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final int count;
    private List<Change> decoded = List.of();

    /// `count` changes are in these bytes; at least one.
    public CodedChanges(RowCode code, byte[] bytes, int from, int to, int count) {
        Objects.checkFromToIndex(from, to, bytes.length);
        if (count < 1) {
            throw new IllegalArgumentException("coded changes are at least one, not " + count);
        }
        this.code = code;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.count = count;
    }

    public RowCode code() {
        return code;
    }

    public int byteCount() {
        return to - from;
    }

    /// Copies the bytes into `target` at `offset`.
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, from, target, offset, to - from);
    }

    /// Throws what [RowCode#decode] throws, and IllegalArgumentException if it finds another number
    /// of changes.
    @Override
    public Change get(int index) {
        if (decoded.isEmpty()) {
            decoded = decode(code, bytes, from, to, count);
        }
        return decoded.get(index);
    }

    @Override
    public int size() {
        return count;
    }

    /// The changes in these bytes. Throws what [RowCode#decode] throws, and
    /// IllegalArgumentException if there are not `count`.
    public static List<Change> decode(RowCode code, byte[] bytes, int from, int to, int count) {
        var changes = code.decode(bytes, from, to);
        if (changes.size() != count) {
            throw new IllegalArgumentException(
                    "%d changes are where %d were written".formatted(changes.size(), count));
        }
        return changes;
    }
}
