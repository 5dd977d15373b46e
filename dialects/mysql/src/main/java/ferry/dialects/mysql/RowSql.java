package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.List;

/// A statement that is being written: literals in its text, and long values beside it as
/// parameters, which the driver sends as they are where a hexadecimal literal would take twice the
/// room.
final class RowSql {
    private static final int LITERAL_BYTES_MAX = 16 << 10;

    private static final DataType TEXT =
            new DataType.Text("utf8mb4", "utf8mb4_bin", Integer.MAX_VALUE, false);

    private final int literalBytesMax;
    private final StringBuilder text = new StringBuilder();
    private final List<byte[]> parameters = new ArrayList<>();
    private long parameterBytes;

    RowSql() {
        this(LITERAL_BYTES_MAX);
    }

    /// Values longer than this become parameters.
    RowSql(int literalBytesMax) {
        this.literalBytesMax = literalBytesMax;
    }

    RowSql add(String sql) {
        text.append(sql);
        return this;
    }

    RowSql add(char sql) {
        text.append(sql);
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
            return this;
        }
        // A binary string keeps its bytes when it is stored in a column of characters; only JSON
        // refuses it.
        text.append(type instanceof DataType.Json ? "CONVERT(? USING utf8mb4)" : "?");
        var value = row.bytes(index);
        parameters.add(value);
        parameterBytes += escapedLength(value);
        return this;
    }

    /// A string of characters in an expression; JSON functions refuse bytes.
    RowSql utf8(byte[] value) {
        if (value.length <= literalBytesMax) {
            MySqlLiterals.append(text, TEXT, Row.of(value), 0);
        } else {
            text.append("CONVERT(? USING utf8mb4)");
            parameters.add(value);
            parameterBytes += escapedLength(value);
        }
        return this;
    }

    /// A text of ours, such as a checkpoint.
    RowSql text(String value) {
        return value(TEXT, Row.ofText(value), 0);
    }

    RowSql add(RowSql other) {
        text.append(other.text);
        parameters.addAll(other.parameters);
        parameterBytes += other.parameterBytes;
        return this;
    }

    /// Bytes that the server will receive. The text is ASCII but for the names in it.
    long length() {
        return text.length() + parameterBytes;
    }

    String text() {
        return text.toString();
    }

    List<byte[]> parameters() {
        return parameters;
    }

    private static long escapedLength(byte[] value) {
        var length = value.length + 12L;
        for (var one : value) {
            if (one == '\'' || one == '"' || one == '\\' || one == 0) {
                length++;
            }
        }
        return length;
    }
}
