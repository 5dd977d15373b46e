package ferry.dialects.mysql;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the log reader must know of MySQL's character sets: how long a character may be, how names
/// of ENUM and SET members are encoded, and in which of them a statement was logged.
final class MySqlCharsets {
    /// MySQL's name, the longest character in bytes, and Java's name (empty: Java has none; only
    /// ASCII can be written in it).
    private static final String TABLE =
            """
            armscii8 1, ascii 1 US-ASCII, big5 2 Big5, binary 1 ISO-8859-1, cp1250 1 windows-1250, cp1251 1 windows-1251
            cp1256 1 windows-1256, cp1257 1 windows-1257, cp850 1 IBM850, cp852 1 IBM852, cp866 1 IBM866, cp932 2 windows-31j
            dec8 1, eucjpms 3 x-eucJP-Open, euckr 2 EUC-KR, gb18030 4 GB18030, gb2312 2 GB2312, gbk 2 GBK, geostd8 1
            greek 1 ISO-8859-7, hebrew 1 ISO-8859-8, hp8 1, keybcs2 1, koi8r 1 KOI8-R, koi8u 1 KOI8-U
            latin1 1 windows-1252, latin2 1 ISO-8859-2, latin5 1 ISO-8859-9, latin7 1 ISO-8859-13, macce 1 x-MacCentralEurope
            macroman 1 x-MacRoman, sjis 2 Shift_JIS, swe7 1, tis620 1 TIS-620, ucs2 2 UTF-16BE, ujis 3 EUC-JP
            utf16 4 UTF-16BE, utf16le 4 UTF-16LE, utf32 4 UTF-32BE, utf8 3 UTF-8, utf8mb3 3 UTF-8, utf8mb4 4 UTF-8
            """;

    private static final Map<String, MySqlCharset> ALL = read();

    /// Collation numbers of the character sets that a client may use; ranges of equal sets.
    private static final int[][] UTF8 = {
        {33, 33},
        {45, 46},
        {76, 76},
        {83, 83},
        {192, 247},
        {255, 323},
        {576, 640},
        {1057, 1270},
        {2048, 4095}
    };

    private static final Map<Integer, String> CLIENT = client();

    private MySqlCharsets() {}

    private record MySqlCharset(int lengthMax, Optional<Charset> java) {}

    private static Map<String, MySqlCharset> read() {
        var all = new HashMap<String, MySqlCharset>();
        for (var entry : TABLE.split("[,\n]")) {
            var words = entry.strip().split(" ");
            var java =
                    words.length > 2 && Charset.isSupported(words[2])
                            ? Optional.of(Charset.forName(words[2]))
                            : Optional.<Charset>empty();
            all.put(words[0], new MySqlCharset(Integer.parseInt(words[1]), java));
        }
        return Map.copyOf(all);
    }

    private static Map<Integer, String> client() {
        var names = new HashMap<Integer, String>();
        put(names, "big5", 1, 84);
        put(names, "latin2", 2, 9, 21, 27, 77);
        put(names, "cp850", 4, 80);
        put(names, "latin1", 5, 8, 15, 31, 47, 48, 49, 94);
        put(names, "koi8r", 7, 74);
        put(names, "ascii", 11, 65);
        put(names, "ujis", 12, 91);
        put(names, "sjis", 13, 88);
        put(names, "cp1251", 14, 23, 50, 51, 52);
        put(names, "hebrew", 16, 71);
        put(names, "tis620", 18, 89);
        put(names, "euckr", 19, 85);
        put(names, "koi8u", 22, 75);
        put(names, "gb2312", 24, 86);
        put(names, "greek", 25, 70);
        put(names, "cp1250", 26, 34, 44, 66, 99);
        put(names, "gbk", 28, 87);
        put(names, "cp1257", 29, 58, 59);
        put(names, "latin5", 30, 78);
        put(names, "cp866", 36, 68);
        put(names, "cp852", 40, 81);
        put(names, "latin7", 20, 41, 42, 79);
        put(names, "cp1256", 57, 67);
        put(names, "binary", 63);
        put(names, "cp932", 95, 96);
        put(names, "eucjpms", 97, 98);
        put(names, "gb18030", 248, 249, 250);
        return Map.copyOf(names);
    }

    private static void put(Map<Integer, String> names, String charset, int... collations) {
        for (var collation : collations) {
            names.put(collation, charset);
        }
    }

    /// The most bytes that one character takes; empty for an unknown character set.
    static Optional<Integer> lengthMax(String charset) {
        return Optional.ofNullable(ALL.get(charset)).map(MySqlCharset::lengthMax);
    }

    /// The bytes of a text in a character set; throws IllegalArgumentException if it cannot be
    /// written in it.
    static byte[] encode(String text, String charset) {
        if (charset.equals("binary")) {
            return text.getBytes(
                    StandardCharsets.UTF_8); // the dictionary's bytes as they were, read as UTF-8
        }
        return CharsetTable.of(charset)
                .flatMap(table -> table.encode(text))
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'" + text + "' cannot be written in " + charset));
    }

    /// The text of a statement that was sent under this collation; bytes that are no text in it
    /// (binary literals) are replaced. Empty if its character set is not known here.
    static Optional<String> statement(byte[] bytes, int from, int length, int collation) {
        return clientCharset(collation, ascii(bytes, from, length))
                .map(charset -> {
                    try {
                        return charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPLACE)
                                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                                .decode(ByteBuffer.wrap(bytes, from, length))
                                .toString();
                    } catch (CharacterCodingException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private static Optional<Charset> clientCharset(int collation, boolean ascii) {
        for (var range : UTF8) {
            if (range[0] <= collation && collation <= range[1] && !CLIENT.containsKey(collation)) {
                return Optional.of(StandardCharsets.UTF_8);
            }
        }
        var name = CLIENT.get(collation);
        if (ascii || "binary".equals(name)) {
            return Optional.of(
                    StandardCharsets
                            .UTF_8); // the server itself reads names in binary text as UTF-8
        }
        return Optional.ofNullable(name).map(ALL::get).flatMap(MySqlCharset::java);
    }

    private static boolean ascii(byte[] bytes, int from, int length) {
        for (var i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
