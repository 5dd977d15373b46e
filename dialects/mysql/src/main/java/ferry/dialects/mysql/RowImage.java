package ferry.dialects.mysql;

/// Which of a table map's columns the rows of an event carry.
final class RowImage {
    private final boolean[] carried;
    private final int count;

    private RowImage(boolean[] carried, int count) {
        this.carried = carried;
        this.count = count;
    }

    /// Reads the bitmap that stands before the rows.
    static RowImage read(EventBytes in, int columns) {
        var from = in.skip((columns + 7) / 8);
        var carried = new boolean[columns];
        var count = 0;
        for (var i = 0; i < columns; i++) {
            carried[i] = in.bit(from, i);
            count += carried[i] ? 1 : 0;
        }
        return new RowImage(carried, count);
    }

    boolean carries(int column) {
        return carried[column];
    }

    boolean isFull() {
        return count == carried.length;
    }

    /// The bytes before each row that say which of its values are NULL.
    int nullBytes() {
        return (count + 7) / 8;
    }
}
