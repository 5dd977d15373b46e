package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import ferry.engine.model.Row;

/// A statement that is being written, as the bytes that the server will receive. Long values go as
/// they are, in quotes, where a hexadecimal literal would take twice the room.
final class RowSql {
    private static final int LITERAL_BYTES_MAX = 16 << 10;

    private static final DataType TEXT =
            new DataType.Text("utf8mb4", "utf8mb4_bin", Integer.MAX_VALUE, false);

    private final int literalBytesMax;
    private final AsciiText text = new AsciiText();

    RowSql() {
        this(LITERAL_BYTES_MAX);
    }

    /// Values longer than this go as they are, which people cannot read.
    RowSql(int literalBytesMax) {
        this.literalBytesMax = literalBytesMax;
    }

    RowSql add(String sql) {
        text.add(sql);
        return this;
    }

    RowSql add(char ascii) {
        text.add(ascii);
        return this;
    }

    /// A value to be stored, or to be compared with bytes.
    RowSql value(DataType type, Row row, int index) {
        if (type instanceof DataType.Json && row.isPresent(index)) {
            var json = row.bytes(index);
            if (!JsonSql.isPlain(json)) {
                JsonSql.add(this, json);
                return this;
            }
        }
        if (!row.isPresent(index) || row.length(index) <= literalBytesMax) {
            MySqlLiterals.append(text, type, row, index);
        } else if (type instanceof DataType.Json) {
            longUtf8(row.bytes(index));
        } else {
            // A binary string keeps its bytes when it is stored in a column of characters.
            MySqlLiterals.escaped(text, row.bytes(index));
        }
        return this;
    }

    /// A value that goes into its column by itself, with nothing else to be compared or combined
    /// with: shorter than [#value] where the column's character set does not matter.
    RowSql stored(DataType type, Row row, int index) {
        var isShort = row.isPresent(index) && row.length(index) <= literalBytesMax;
        return isShort && MySqlLiterals.appendPlain(text, type, row, index)
                ? this
                : value(type, row, index);
    }

    /// A string of characters in an expression; JSON refuses bytes.
    RowSql utf8(byte[] value) {
        if (value.length <= literalBytesMax) {
            MySqlLiterals.append(text, TEXT, Row.of(value), 0);
        } else {
            longUtf8(value);
        }
        return this;
    }

    private void longUtf8(byte[] value) {
        text.add("CONVERT(");
        MySqlLiterals.escaped(text, value);
        text.add(" USING utf8mb4)");
    }

    /// A text of ours, such as a checkpoint.
    RowSql text(String value) {
        return value(TEXT, Row.ofText(value), 0);
    }

    RowSql add(RowSql other) {
        text.add(other.text);
        return this;
    }

    /// Cuts off what was added after this length.
    void truncate(int toLength) {
        text.truncate(toLength);
    }

    /// Bytes that the server will receive.
    int length() {
        return text.length();
    }

    byte[] array() {
        return text.array();
    }

    String text() {
        return text.toString();
    }
}
