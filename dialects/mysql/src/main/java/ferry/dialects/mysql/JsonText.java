package ferry.dialects.mysql;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Turns MySQL's binary JSON into exactly the text that the server prints for it: keys in stored
/// order, `", "` and `": "`, its own spelling of doubles, decimals with their scale, dates and
/// unknown types as quoted text. Unlike MySQL 5.7, line breaks in base64 are written as escapes, as
/// JSON demands it ([MySqlRows] does so too).
///
/// The format (offsets count from behind the value's type byte): object and array hold the number
/// of elements, their size in bytes, the places of keys and values, then keys and values; small
/// ones count in 2 bytes, large ones in 4; small scalars stand in the place of the offset.
final class JsonText {
    private static final int SMALL_OBJECT = 0;
    private static final int LARGE_OBJECT = 1;
    private static final int SMALL_ARRAY = 2;
    private static final int LARGE_ARRAY = 3;
    private static final int LITERAL = 4;
    private static final int INT16 = 5;
    private static final int UINT16 = 6;
    private static final int INT32 = 7;
    private static final int UINT32 = 8;
    private static final int INT64 = 9;
    private static final int UINT64 = 10;
    private static final int DOUBLE = 11;
    private static final int STRING = 12;
    private static final int OPAQUE = 15;

    /// The server refuses deeper documents.
    private static final int DEPTH_MAX = 100;

    private static final int BASE64_LINE = 76;

    private final byte[] bytes;
    private final int end;
    private final boolean since80;
    private final AsciiText out;

    private JsonText(byte[] bytes, int end, boolean since80, AsciiText out) {
        this.bytes = bytes;
        this.end = end;
        this.since80 = since80;
        this.out = out;
    }

    /// Adds the text of the document that stands in these bytes. `since80`: as 8.0 and later print;
    /// before, the double 1 was `1`.
    static void write(byte[] bytes, int from, int length, boolean since80, AsciiText out) {
        if (length == 0) {
            out.add("null"); // what the server makes of a value that INSERT IGNORE left empty
            return;
        }
        new JsonText(bytes, from + length, since80, out).value(bytes[from], from + 1, 1);
    }

    private void value(int type, int at, int depth) {
        if (depth > DEPTH_MAX + 1) {
            throw new IllegalArgumentException("JSON is nested deeper than " + DEPTH_MAX);
        }
        switch (type) {
            case SMALL_OBJECT -> container(at, 2, true, depth);
            case LARGE_OBJECT -> container(at, 4, true, depth);
            case SMALL_ARRAY -> container(at, 2, false, depth);
            case LARGE_ARRAY -> container(at, 4, false, depth);
            case LITERAL -> literal(in(at).u8());
            case INT16 -> out.number((short) in(at).u16());
            case UINT16 -> out.number(in(at).u16());
            case INT32 -> out.number((int) in(at).u32());
            case UINT32 -> out.number(in(at).u32());
            case INT64 -> out.number(in(at).i64());
            case UINT64 -> out.add(Long.toUnsignedString(in(at).i64()));
            case DOUBLE -> DoubleText.write(Double.longBitsToDouble(in(at).i64()), since80, out);
            case STRING -> string(in(at));
            case OPAQUE -> opaque(in(at));
            default -> throw new IllegalArgumentException("JSON type " + type + " is unknown");
        }
    }

    private EventBytes in(int at) {
        return new EventBytes(bytes, at, end);
    }

    private void literal(int value) {
        out.add(
                switch (value) {
                    case 0 -> "null";
                    case 1 -> "true";
                    case 2 -> "false";
                    default ->
                            throw new IllegalArgumentException(
                                    "JSON literal " + value + " is unknown");
                });
    }

    private void container(int at, int width, boolean object, int depth) {
        var head = in(at);
        var count = Math.toIntExact(head.little(width));
        head.little(width); // its size
        var keys = head.at();
        var values = object ? keys + count * (width + 2) : keys;
        out.add(object ? '{' : '[');
        for (var i = 0; i < count; i++) {
            if (i > 0) {
                out.add(',').add(' ');
            }
            if (object) {
                var key = in(keys + i * (width + 2));
                var place = at + Math.toIntExact(key.little(width));
                quoted(place, key.u16());
                out.add(':').add(' ');
            }
            var entry = in(values + i * (width + 1));
            var type = entry.u8();
            value(
                    type,
                    inlined(type, width) ? entry.at() : at + Math.toIntExact(entry.little(width)),
                    depth + 1);
        }
        out.add(object ? '}' : ']');
    }

    private static boolean inlined(int type, int width) {
        return switch (type) {
            case LITERAL, INT16, UINT16 -> true;
            case INT32, UINT32 -> width == 4;
            default -> false;
        };
    }

    private void string(EventBytes in) {
        var length = variableLength(in);
        quoted(in.at(), length);
    }

    /// Seven bits in each byte, lowest first; the highest bit says that more follow.
    private static int variableLength(EventBytes in) {
        var length = 0L;
        for (var shift = 0; shift < 35; shift += 7) {
            var next = in.u8();
            length |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return Math.toIntExact(length);
            }
        }
        throw new IllegalArgumentException("JSON length is too long");
    }

    private void quoted(int at, int length) {
        in(at).skip(length);
        quoted(bytes, at, length, out);
    }

    /// Adds a string as servers print it.
    static void quoted(byte[] text, int at, int length, AsciiText out) {
        out.add('"');
        var from = at;
        for (var i = at; i < at + length; i++) {
            var character = text[i];
            if (character >= 0x20 && character != '"' && character != '\\' || character < 0) {
                continue;
            }
            out.add(text, from, i - from);
            escape(character, out);
            from = i + 1;
        }
        out.add(text, from, at + length - from);
        out.add('"');
    }

    private static void escape(int character, AsciiText out) {
        switch (character) {
            case '\b' -> out.add("\\b");
            case '\t' -> out.add("\\t");
            case '\f' -> out.add("\\f");
            case '\n' -> out.add("\\n");
            case '\r' -> out.add("\\r");
            case '"' -> out.add("\\\"");
            case '\\' -> out.add("\\\\");
            default -> out.add("\\u00%02x".formatted(character));
        }
    }

    private void opaque(EventBytes in) {
        var type = in.u8();
        var length = variableLength(in);
        var value = new EventBytes(bytes, in.at(), in.at() + length);
        in.skip(length);
        switch (type) {
            case TableMap.NEWDECIMAL -> BinaryDecimal.read(value, value.u8(), value.u8(), out);
            case TableMap.DATE, TableMap.NEWDATE -> {
                out.add('"');
                BinaryTime.packedDate(value.i64(), out);
                out.add('"');
            }
            case TableMap.DATETIME, TableMap.TIMESTAMP, TableMap.DATETIME2, TableMap.TIMESTAMP2 -> {
                out.add('"');
                BinaryTime.packedDateTime(value.i64(), out);
                out.add('"');
            }
            case TableMap.TIME, TableMap.TIME2 -> {
                out.add('"');
                BinaryTime.packedTime(value.i64(), out);
                out.add('"');
            }
            default -> {
                var text = "base64:type" + type + ":" + base64(value.take(length));
                var ascii = text.getBytes(StandardCharsets.US_ASCII);
                quoted(ascii, 0, ascii.length, out);
            }
        }
    }

    /// The server breaks lines after 76 characters, with a line feed alone.
    private static String base64(byte[] value) {
        return Base64.getMimeEncoder(BASE64_LINE, new byte[] {'\n'}).encodeToString(value);
    }
}
