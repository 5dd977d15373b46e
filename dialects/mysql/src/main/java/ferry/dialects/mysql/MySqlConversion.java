package ferry.dialects.mysql;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Converts text from one character set to another exactly as the servers do, or not at all.
///
/// Java's tables were compared with MySQL 8.0.15's, code by code (all single bytes, all pairs from 0x8140 on). Where they differ the
/// server's character stands in [#EXCEPTIONS]; character sets with too many differences (eucjpms) or without a table in Java (armscii8,
/// dec8, geostd8, hp8, keybcs2, swe7) are converted only as far as they hold ASCII.
final class MySqlConversion {
    private static final String JAVA =
            """
            ascii US-ASCII, big5 Big5, cp1250 windows-1250, cp1251 windows-1251, cp1256 windows-1256, cp1257 windows-1257
            cp850 IBM850, cp852 IBM852, cp866 IBM866, cp932 windows-31j, euckr x-windows-949, gb18030 GB18030, gb2312 GB2312
            gbk x-mswin-936, greek ISO-8859-7, hebrew ISO-8859-8, koi8r KOI8-R, koi8u KOI8-U, latin1 windows-1252, latin2 ISO-8859-2
            latin5 ISO-8859-9, latin7 ISO-8859-13, macce x-MacCentralEurope, macroman x-MacRoman, sjis Shift_JIS, tis620 TIS-620
            ucs2 UTF-16BE, ujis EUC-JP, utf16 UTF-16BE, utf16le UTF-16LE, utf32 UTF-32BE, utf8 UTF-8, utf8mb3 UTF-8, utf8mb4 UTF-8
            """;

    /// Character set, code, the server's character.
    private static final String EXCEPTIONS =
            """
            big5 f9d6 7881, big5 f9d7 92b9, big5 f9d8 88cf, big5 f9d9 58bb, big5 f9da 6052, big5 f9db 7ca7, big5 f9dc 5afa
            cp866 fc 207f, cp866 fd b2, greek a1 2bd, greek a2 2bc, hebrew af 203e, koi8u 95 2022
            latin1 81 81, latin1 8d 8d, latin1 8f 8f, latin1 90 90, latin1 9d 9d
            sjis 815c 2015, sjis 815f 5c, ujis a1bd 2015, ujis a1c0 5c
            """;

    /// Character sets in which an ASCII byte may be something else.
    private static final Set<String> NOT_ASCII = Set.of("utf16", "utf16le", "ucs2", "utf32", "swe7");

    /// The bytes of ASCII text mean the same in all others; utf8mb3 and utf8mb4 share more.
    private static final Set<String> UTF8 = Set.of("ascii", "utf8", "utf8mb3", "utf8mb4");

    private static final Map<String, Charset> CHARSETS = charsets();
    private static final Map<String, Map<Integer, Character>> DECODED = decoded();

    private MySqlConversion() {}

    private static Map<String, Charset> charsets() {
        var charsets = new HashMap<String, Charset>();
        for (var entry : JAVA.split("[,\n]")) {
            var words = entry.strip().split(" ");
            if (Charset.isSupported(words[1])) {
                charsets.put(words[0], Charset.forName(words[1]));
            }
        }
        return Map.copyOf(charsets);
    }

    private static Map<String, Map<Integer, Character>> decoded() {
        var all = new HashMap<String, Map<Integer, Character>>();
        for (var entry : EXCEPTIONS.split("[,\n]")) {
            var words = entry.strip().split(" ");
            all.computeIfAbsent(words[0], _ -> new HashMap<>())
                    .put(Integer.parseInt(words[1], 16), (char) Integer.parseInt(words[2], 16));
        }
        for (var control = 0x80; control < 0xa0; control++) {
            all.computeIfAbsent("tis620", _ -> new HashMap<>()).put(control, (char) control);
        }
        return Map.copyOf(all);
    }

    /// True when every text has the same bytes in both.
    static boolean sameBytes(String from, String to) {
        return from.equals(to) || to.startsWith("utf8") && UTF8.contains(from) && !(from.equals("utf8mb4") && !to.equals("utf8mb4"));
    }

    /// The same text in another character set; empty if it cannot be told or has no place there.
    static Optional<byte[]> convert(byte[] bytes, String from, String to) {
        if (sameBytes(from, to) || ascii(bytes) && !NOT_ASCII.contains(from) && !NOT_ASCII.contains(to)) {
            return Optional.of(bytes);
        }
        if (from.equals("binary") || to.equals("binary")) {
            return Optional.of(bytes);
        }
        var text = decode(bytes, from);
        if (text.isEmpty() || to.equals("utf8mb3") && text.get().codePoints().anyMatch(point -> point > 0xffff)) {
            return Optional.empty();
        }
        // What was written must be read as the same text, so that an exception of the table is never met from its other side.
        return encode(text.get(), to).filter(encoded -> decode(encoded, to).equals(text));
    }

    private static boolean ascii(byte[] bytes) {
        for (var one : bytes) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<byte[]> encode(String text, String charset) {
        var java = CHARSETS.get(charset);
        if (java == null) {
            return Optional.empty();
        }
        if (charset.equals("latin1")) {
            return Optional.of(latin1(text, java));
        }
        try {
            var buffer = java.newEncoder().encode(CharBuffer.wrap(text));
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return Optional.of(bytes);
        } catch (CharacterCodingException notThere) {
            return Optional.empty();
        }
    }

    /// The five codes that windows-1252 leaves free are control characters in MySQL's latin1.
    private static byte[] latin1(String text, Charset java) {
        var bytes = text.getBytes(java);
        for (var i = 0; i < text.length() && bytes.length == text.length(); i++) {
            if (DECODED.get("latin1").containsKey((int) text.charAt(i))) {
                bytes[i] = (byte) text.charAt(i);
            }
        }
        return bytes;
    }

    private static Optional<String> decode(byte[] bytes, String charset) {
        var java = CHARSETS.get(charset);
        if (java == null) {
            return Optional.empty();
        }
        var decoder = java.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var exceptions = DECODED.get(charset);
        if (exceptions != null) {
            return decode(bytes, decoder, exceptions);
        }
        try {
            return Optional.of(decoder.decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    /// Character by character: a lead byte with its trail byte, or one byte.
    private static Optional<String> decode(byte[] bytes, CharsetDecoder decoder, Map<Integer, Character> exceptions) {
        var text = new StringBuilder();
        for (var i = 0; i < bytes.length; ) {
            var single = bytes[i] & 255;
            var pair = i + 1 < bytes.length ? single << 8 | bytes[i + 1] & 255 : -1;
            if (exceptions.containsKey(single)) {
                text.append((char) exceptions.get(single));
                i++;
                continue;
            }
            if (single >= 0x80 && exceptions.containsKey(pair)) {
                text.append((char) exceptions.get(pair));
                i += 2;
                continue;
            }
            var length = decodeOne(bytes, i, decoder, text);
            if (length == 0) {
                return Optional.empty();
            }
            i += length;
        }
        return Optional.of(text.toString());
    }

    /// Appends the character at `from`; returns its length, or 0 if there is none.
    private static int decodeOne(byte[] bytes, int from, CharsetDecoder decoder, StringBuilder text) {
        for (var length = 1; length <= Math.min(3, bytes.length - from); length++) {
            try {
                text.append(decoder.decode(ByteBuffer.wrap(bytes, from, length)));
                return length;
            } catch (CharacterCodingException longer) {
                // A lead byte alone is no character.
            }
        }
        return 0;
    }
}
