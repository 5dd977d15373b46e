package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/// Reads rows out of SELECT results in their canonical form. Needs a session of
/// [MySqlSession.Use#ROWS] and the text protocol, in which servers send what they hold, down to
/// zero dates and times below zero.
final class MySqlRows {
    private final List<Column> columns;

    MySqlRows(List<Column> columns) {
        this.columns = List.copyOf(columns);
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
            // The driver makes 00:00:00.1000 of the DATETIME(3) 00:00:00.001, even as text.
            case DataType.Date _, DataType.Time _, DataType.DateTime _, DataType.Timestamp _ ->
                    "CAST(" + name + " AS CHAR)";
            default -> name;
        };
    }

    /// The row on which the result stands.
    Row read(ResultSet result) throws SQLException {
        var row = new Row.Builder(columns.size());
        for (var i = 0; i < columns.size(); i++) {
            add(row, columns.get(i).type(), result, i + 1);
        }
        return row.build();
    }

    private static void add(Row.Builder row, DataType type, ResultSet result, int place)
            throws SQLException {
        var value =
                switch (type) {
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
                            result.getBytes(place);
                    case DataType.Bits(var bits) -> widened(result.getBytes(place), (bits + 7) / 8);
                    case DataType.Int _, DataType.Decimal _, DataType.Year _ ->
                            ascii(number(result.getString(place)));
                    case DataType.Float _ -> ascii(floating(result.getString(place)));
                    case DataType.Json _ -> utf8(json(result.getString(place)));
                    case DataType.Unknown(var spelling) ->
                            throw new IllegalStateException("type " + spelling + " is not carried");
                };
        if (value == null) {
            row.addNull();
        } else {
            row.add(value);
        }
    }

    /// Without the zeros of ZEROFILL and of the year 0000.
    static String number(String printed) {
        if (printed == null) {
            return null;
        }
        var sign = printed.startsWith("-") ? 1 : 0;
        var from = sign;
        while (from + 1 < printed.length()
                && printed.charAt(from) == '0'
                && Character.isDigit(printed.charAt(from + 1))) {
            from++;
        }
        return from == sign ? printed : printed.substring(0, sign) + printed.substring(from);
    }

    private static String floating(String printed) {
        return printed == null ? null : Double.toString(Double.parseDouble(printed));
    }

    /// MySQL 5.7 prints line breaks inside base64 as they are, which no JSON parser takes; nowhere
    /// else does a line break stand in what a server prints.
    private static String json(String printed) {
        return printed == null || printed.indexOf('\n') < 0
                ? printed
                : printed.replace("\n", "\\n");
    }

    private static byte[] widened(byte[] value, int length) {
        if (value == null || value.length == length) {
            return value;
        }
        var wide = new byte[length];
        var present = Math.min(length, value.length);
        System.arraycopy(value, value.length - present, wide, length - present, present);
        return wide;
    }

    private static byte[] ascii(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] utf8(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
