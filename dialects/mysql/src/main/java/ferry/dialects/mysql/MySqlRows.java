package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.mariadb.jdbc.client.ReadableByteBuf;

/// Reads rows out of SELECT results in their canonical form, which for most types is what the
/// server prints. Needs a session of [MySqlSession.Use#ROWS] and the text protocol, in which
/// servers send what they hold, down to zero dates and times below zero.
final class MySqlRows {
    private static final int NULL = 0xfb;
    private static final int TWO_BYTES = 0xfc;
    private static final int THREE_BYTES = 0xfd;
    private static final int EIGHT_BYTES = 0xfe;

    private final List<Column> columns;
    private final Cell[] cells;
    private final Row.Builder row;

    /// Adds one value that was sent.
    private interface Cell {
        void add(Row.Builder row, byte[] sent, int from, int length);
    }

    MySqlRows(List<Column> columns) {
        this.columns = List.copyOf(columns);
        cells = columns.stream().map(column -> cell(column.type())).toArray(Cell[]::new);
        row = new Row.Builder(cells.length);
    }

    int columnCount() {
        return cells.length;
    }

    /// The list behind SELECT.
    String selectList() {
        return columns.stream().map(MySqlRows::select).collect(Collectors.joining(", "));
    }

    /// FLOAT prints 6 digits, and FLOAT(m,d) d of them; as a double it prints all that it has.
    /// Adding zero would lose the sign of negative zero. MySQL 9 has no text for vectors.
    private static String select(Column column) {
        var name = MySqlSql.quote(column.name());
        return switch (column.type()) {
            case DataType.Float _ -> name + " * 1e0";
            case DataType.Vector _ -> "CAST(" + name + " AS BINARY)";
            default -> name;
        };
    }

    private static Cell cell(DataType type) {
        return switch (type) {
            case DataType.Text _,
                    DataType.Bytes _,
                    DataType.Enumeration _,
                    DataType.Members _,
                    DataType.Geometry _,
                    DataType.Vector _,
                    DataType.Date _,
                    DataType.Time _,
                    DataType.DateTime _,
                    DataType.Timestamp _ ->
                    Row.Builder::add;
            case DataType.Bits(var bits) -> widened((bits + 7) / 8);
            case DataType.Int _, DataType.Decimal _, DataType.Year _ -> MySqlRows::number;
            case DataType.Float _ -> MySqlRows::floating;
            case DataType.Json _ -> MySqlRows::json;
            case DataType.Unknown(var spelling) ->
                    throw new IllegalStateException("type " + spelling + " is not carried");
        };
    }

    /// The row of a packet, which lies in the buffer from its position on.
    Row read(ReadableByteBuf packet) {
        var sent = packet.buf();
        var at = packet.pos();
        for (var cell : cells) {
            var length = sent[at++] & 0xff;
            if (length == NULL) {
                row.addNull();
                continue;
            }
            if (length > NULL) {
                var bytes =
                        switch (length) {
                            case TWO_BYTES -> 2;
                            case THREE_BYTES -> 3;
                            case EIGHT_BYTES -> 8;
                            default ->
                                    throw new IllegalStateException(
                                            "a value's length begins with " + length);
                        };
                length = length(sent, at, bytes);
                at += bytes;
            }
            cell.add(row, sent, at, length);
            at += length;
        }
        if (at != packet.pos() + packet.readableBytes()) {
            throw new IllegalStateException("a row's values do not end where its packet does");
        }
        return row.next();
    }

    private static int length(byte[] sent, int at, int bytes) {
        var length = 0L;
        for (var i = bytes - 1; i >= 0; i--) {
            length = length << 8 | sent[at + i] & 0xff;
        }
        return Math.toIntExact(length);
    }

    /// Without the zeros of ZEROFILL and of the year 0000.
    private static void number(Row.Builder row, byte[] sent, int from, int length) {
        var sign = length > 0 && sent[from] == '-' ? 1 : 0;
        var digits = from + sign;
        while (digits + 1 < from + length && sent[digits] == '0' && isDigit(sent[digits + 1])) {
            digits++;
        }
        if (digits > from + sign && sign == 1) {
            var shortened = Arrays.copyOfRange(sent, digits - 1, from + length);
            shortened[0] = '-';
            row.add(shortened);
        } else {
            row.add(sent, digits - sign, from + length - digits + sign);
        }
    }

    private static boolean isDigit(byte one) {
        return one >= '0' && one <= '9';
    }

    private static void floating(Row.Builder row, byte[] sent, int from, int length) {
        var printed = new String(sent, from, length, StandardCharsets.ISO_8859_1);
        row.add(Double.toString(Double.parseDouble(printed)).getBytes(StandardCharsets.ISO_8859_1));
    }

    /// MySQL 5.7 prints line breaks inside base64 as they are, which no JSON parser takes; nowhere
    /// else does a line break stand in what a server prints.
    private static void json(Row.Builder row, byte[] sent, int from, int length) {
        for (var i = from; i < from + length; i++) {
            if (sent[i] == '\n') {
                var printed = new String(sent, from, length, StandardCharsets.ISO_8859_1);
                row.add(printed.replace("\n", "\\n").getBytes(StandardCharsets.ISO_8859_1));
                return;
            }
        }
        row.add(sent, from, length);
    }

    private static Cell widened(int width) {
        return (row, sent, from, length) -> {
            if (length == width) {
                row.add(sent, from, length);
                return;
            }
            var wide = new byte[width];
            var present = Math.min(width, length);
            System.arraycopy(sent, from + length - present, wide, width - present, present);
            row.add(wide);
        };
    }
}
