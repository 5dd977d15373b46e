package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Writes canonical values as SQL literals: numbers as they are, everything else as printable ASCII
/// in quotes or hexadecimal, behind the introducer of the column's character set: so the server
/// takes the bytes as they are and converts nothing. Only [#escaped] writes bytes that are not
/// ASCII.
final class MySqlLiterals {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /// Character sets in which an ASCII byte is not that character.
    private static final Set<String> WIDE = Set.of("utf16", "utf16le", "ucs2", "utf32");

    /// Character sets in which printable ASCII is what it is in our sessions, whatever theirs is.
    private static final Set<String> LIKE_ASCII =
            Set.of("utf8mb4", "utf8mb3", "utf8", "latin1", "ascii");

    private MySqlLiterals() {}

    /// Adds a string of printable ASCII without an introducer, which costs the server a check of
    /// its own for each value. False, and nothing is added, if it is something else.
    static boolean appendPlain(AsciiText sql, DataType type, Row row, int index) {
        var fits =
                type instanceof DataType.Text text
                        ? LIKE_ASCII.contains(text.charset())
                        : type instanceof DataType.Bytes;
        return fits && quoted(sql, row, index);
    }

    /// Adds a value in quotes. False, and nothing is added, if it is not plain.
    private static boolean quoted(AsciiText sql, Row row, int index) {
        var begin = sql.length();
        sql.add('\'').add(row, index);
        if (!plain(sql.array(), begin + 1, sql.length())) {
            sql.truncate(begin);
            return false;
        }
        sql.add('\'');
        return true;
    }

    /// A value to be stored: NULL is NULL; absent must not come here.
    static void append(AsciiText sql, DataType type, Row row, int index) {
        if (row.isNull(index)) {
            sql.add("NULL");
            return;
        }
        if (row.isAbsent(index)) {
            throw new IllegalStateException(
                    "value " + index + " is absent where a whole row is needed");
        }
        switch (type) {
            case DataType.Int _, DataType.Decimal _ -> sql.add(row, index);
            case DataType.Year _ -> sql.number(Integer.parseInt(row.text(index)));
            case DataType.Float(var bits, _) ->
                    floating(sql, bits == 32 ? narrowed(row.text(index)) : row.text(index));
            case DataType.Bits _ -> sql.add(Long.toUnsignedString(bits(row.bytes(index))));
            case DataType.Text text -> characters(sql, text.charset(), row, index);
            // The empty text that is no member has the number 0.
            case DataType.Enumeration(var members, _, _)
                    when row.length(index) == 0 && !members.contains("") ->
                    sql.add('0');
            case DataType.Enumeration enumeration ->
                    characters(sql, enumeration.charset(), row, index);
            case DataType.Members members -> characters(sql, members.charset(), row, index);
            case DataType.Json _ -> characters(sql, "utf8mb4", row, index);
            case DataType.Bytes _ -> literal(sql.add("_binary"), true, row, index);
            // The introducer would make MySQL 9 see a string where it wants a vector's bytes.
            case DataType.Geometry _, DataType.Vector _ -> hex(sql, row.bytes(index));
            case DataType.Date _, DataType.Time _, DataType.DateTime _, DataType.Timestamp _ ->
                    sql.add('\'').add(row, index).add('\'');
            case DataType.Unknown(var spelling) ->
                    throw new IllegalStateException("type " + spelling + " is not carried");
        }
    }

    /// A value as it stands in a comparison with a key's column: as [#append], but enumerations by
    /// number, because the server sorts them by number and compares them with text as text. A FLOAT
    /// column is compared as the double that it holds.
    static String key(DataType type, byte[] value) {
        var sql = new AsciiText();
        switch (type) {
            case DataType.Enumeration(var members, var charset, _) ->
                    sql.number(MySqlMembers.numberOf(members, charset, value));
            case DataType.Members(var members, var charset, _) ->
                    sql.add(Long.toUnsignedString(MySqlMembers.maskOf(members, charset, value)));
            case DataType.Float _ -> floating(sql, text(value));
            default -> append(sql, type, Row.of(value), 0);
        }
        return sql.toString();
    }

    /// Always with an exponent: otherwise it is a decimal, which has no negative zero and no 1e300.
    private static void floating(AsciiText sql, String value) {
        sql.add(value);
        if (value.indexOf('E') < 0) {
            sql.add("E0");
        }
    }

    /// The shortest digits of a 32-bit value: OceanBase holds 9999.9990234375 to be too large for
    /// FLOAT(7,3), though it is what 9999.999 becomes there.
    private static String narrowed(String value) {
        var widened = Double.parseDouble(value);
        var shortest = Float.toString((float) widened);
        var read = Double.parseDouble(shortest);
        // The largest float's shortest digits lie beyond it.
        return (float) read == widened && Math.abs(read) <= Float.MAX_VALUE ? shortest : value;
    }

    private static long bits(byte[] value) {
        var bits = 0L;
        for (var one : value) {
            bits = bits << 8 | one & 255;
        }
        return bits;
    }

    private static void characters(AsciiText sql, String charset, Row row, int index) {
        // The bytes of utf8mb3 are bytes of utf8mb4, and its introducer has another name on each
        // server.
        var introducer = charset.equals("utf8mb3") || charset.equals("utf8") ? "utf8mb4" : charset;
        literal(sql.add('_').add(introducer), !WIDE.contains(introducer), row, index);
    }

    /// In quotes if it is plain, otherwise hexadecimal.
    private static void literal(AsciiText sql, boolean quotable, Row row, int index) {
        if (!quotable || !quoted(sql, row, index)) {
            hex(sql.add(' '), row.bytes(index));
        }
    }

    private static void hex(AsciiText sql, byte[] value) {
        if (value.length == 0) {
            sql.add("''");
            return;
        }
        sql.add("0x");
        for (var one : value) {
            sql.add(HEX[one >> 4 & 15]).add(HEX[one & 15]);
        }
    }

    /// A binary string as it is, behind what the lexer of every member takes: NUL, quotes and
    /// backslashes are escaped. Its bytes cannot hide a quote from a session of UTF-8.
    static void escaped(AsciiText sql, byte[] value) {
        sql.add("_binary'");
        for (var one : value) {
            switch (one) {
                case 0 -> sql.add('\\').add('0');
                case '\'', '"', '\\' -> sql.add('\\').add(one);
                default -> sql.add(one);
            }
        }
        sql.add('\'');
    }

    private static boolean plain(byte[] bytes, int from, int to) {
        for (var i = from; i < to; i++) {
            var one = bytes[i];
            if (one < ' ' || one > '~' || one == '\'' || one == '\\') {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.US_ASCII);
    }
}
