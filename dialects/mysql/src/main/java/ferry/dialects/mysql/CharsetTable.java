package ferry.dialects.mysql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// One character set of the family as the servers themselves read and write it: which bytes are
/// which character.
///
/// Java knows most of them, but nearly always with differences. `charsets.txt` names for each the
/// Java character set that comes nearest and lists what the server reads differently; a test asks a
/// real server about every code. Bytes that are no character, and characters that have no bytes,
/// are told as such and never replaced.
final class CharsetTable {
    private static final Map<String, String[]> LINES = lines();
    private static final Map<String, CharsetTable> READ = new ConcurrentHashMap<>();
    private static final int NONE = -1;
    private static final int SUPPLEMENTARY = 0x10000;

    private final String name;
    private final Optional<Charset> unicode;
    private final Map<Integer, Integer> decoded =
            new HashMap<>(); // bytes as a number -> code point
    private final Map<Integer, Integer> encoded =
            new HashMap<>(); // code point -> bytes as a number

    private CharsetTable(String name, String[] words) {
        this.name = name;
        var java =
                words[1].equals("-")
                        ? Optional.<Charset>empty()
                        : Optional.of(Charset.forName(words[1]));
        unicode = java.filter(charset -> charset.name().startsWith("UTF-"));
        if (unicode.isEmpty()) {
            java.ifPresent(this::readJava);
            for (var patch : Arrays.asList(words).subList(2, words.length)) {
                patch(patch);
            }
            prefer(words);
        }
    }

    /// The table of a character set by MySQL's name (`utf8` and `utf8mb3` are one); empty for
    /// `binary` and unknown ones.
    static Optional<CharsetTable> of(String charset) {
        var modern = MySqlCollation.modern(charset);
        return LINES.containsKey(modern)
                ? Optional.of(
                        READ.computeIfAbsent(
                                modern, known -> new CharsetTable(known, LINES.get(known))))
                : Optional.empty();
    }

    private static Map<String, String[]> lines() {
        var lines = new HashMap<String, String[]>();
        try (var file = CharsetTable.class.getResourceAsStream("charsets.txt")) {
            if (file == null) {
                throw new IllegalStateException("charsets.txt is missing from the class path");
            }
            new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(words -> lines.put(words[0], words));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Map.copyOf(lines);
    }

    // Building

    private void readJava(Charset java) {
        var decoder = java.newDecoder();
        for (var first = 0; first < 256; first++) {
            read(decoder, first);
            for (var second = 0; second < 256 && lengthAfter(first, 0x40) > 1; second++) {
                if (lengthAfter(first, second) == 2) {
                    read(decoder, first << 8 | second);
                } else {
                    readLonger(decoder, first, second);
                }
            }
        }
    }

    private void readLonger(CharsetDecoder decoder, int first, int second) {
        for (var third = 0x81; third < 256; third++) {
            if (lengthAfter(first, second) == 3) {
                read(decoder, first << 16 | second << 8 | third);
                continue;
            }
            // GB18030: from 0x90 on four bytes count through the supplementary characters; below
            // they hold the rest of the BMP.
            for (var fourth = 0x30; fourth <= 0x39 && first < 0x90; fourth++) {
                read(decoder, first << 24 | second << 16 | third << 8 | fourth);
            }
        }
    }

    private void read(CharsetDecoder decoder, int code) {
        try {
            var text = decoder.decode(ByteBuffer.wrap(bytes(code))).toString();
            if (text.codePointCount(0, text.length()) == 1
                    && lengthAfter(bytes(code)[0] & 255, second(code)) == bytes(code).length) {
                decoded.put(code, text.codePointAt(0));
            }
        } catch (CharacterCodingException noCharacter) {
            decoded.remove(code);
        }
    }

    private static int second(int code) {
        var bytes = bytes(code);
        return bytes.length > 1 ? bytes[1] & 255 : 0;
    }

    /// `8140-8145:4e02` maps six codes to six successive characters, `a1:-` takes a code away.
    private void patch(String patch) {
        if (patch.indexOf('>') >= 0) {
            return;
        }
        var parts = patch.split(":");
        var range = parts[0].split("-");
        var from = Integer.parseUnsignedInt(range[0], 16);
        var to = range.length > 1 ? Integer.parseUnsignedInt(range[1], 16) : from;
        for (var code = from; Integer.compareUnsigned(code, to) <= 0; code++) {
            if (parts[1].equals("-")) {
                decoded.remove(code);
            } else {
                decoded.put(code, Integer.parseInt(parts[1], 16) + code - from);
            }
        }
    }

    /// Several codes may be one character: the server writes the lowest, or the one that
    /// `ff5e>a1c1` names.
    private void prefer(String[] words) {
        decoded.forEach((code, point) ->
                encoded.merge(
                        point,
                        code,
                        (one, other) -> Integer.compareUnsigned(one, other) < 0 ? one : other));
        for (var word : words) {
            var arrow = word.indexOf('>');
            if (arrow >= 0) {
                encoded.put(
                        Integer.parseInt(word.substring(0, arrow), 16),
                        Integer.parseUnsignedInt(word.substring(arrow + 1), 16));
            }
        }
    }

    private static byte[] bytes(int code) {
        var length = code >>> 24 != 0 ? 4 : code >>> 16 != 0 ? 3 : code >>> 8 != 0 ? 2 : 1;
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) {
            bytes[i] = (byte) (code >>> 8 * (length - 1 - i));
        }
        return bytes;
    }

    /// How many bytes the character has that begins with these two.
    private int lengthAfter(int first, int second) {
        return switch (name) {
            case "big5", "gbk", "gb2312", "euckr" -> first >= 0x81 ? 2 : 1;
            case "sjis", "cp932" ->
                    first >= 0x81 && first <= 0x9f || first >= 0xe0 && first <= 0xfc ? 2 : 1;
            case "ujis", "eucjpms" -> first == 0x8f ? 3 : first == 0x8e || first >= 0xa1 ? 2 : 1;
            case "gb18030" -> first < 0x81 ? 1 : second >= 0x30 && second <= 0x39 ? 4 : 2;
            default -> 1;
        };
    }

    // Reading and writing

    /// The text; empty if the bytes hold something that is no character.
    Optional<String> decode(byte[] bytes) {
        if (unicode.isPresent()) {
            return decodeUnicode(bytes);
        }
        var text = new StringBuilder(bytes.length);
        for (var i = 0; i < bytes.length; ) {
            var first = bytes[i] & 255;
            var length = lengthAfter(first, i + 1 < bytes.length ? bytes[i + 1] & 255 : 0);
            if (i + length > bytes.length) {
                return Optional.empty();
            }
            var code = 0;
            for (var end = i + length; i < end; i++) {
                code = code << 8 | bytes[i] & 255;
            }
            var point =
                    decoded.getOrDefault(
                            code, length == 4 && first >= 0x90 ? supplementary(code) : NONE);
            if (point == NONE) {
                return Optional.empty();
            }
            text.appendCodePoint(point);
        }
        return Optional.of(text.toString());
    }

    /// The bytes; empty if a character has none here.
    Optional<byte[]> encode(String text) {
        if (unicode.isPresent()) {
            return encodeUnicode(text);
        }
        var bytes = new byte[text.length() * 4];
        var length = 0;
        for (var i = 0; i < text.length(); ) {
            var point = text.codePointAt(i);
            i += Character.charCount(point);
            var code = encoded.get(point);
            if (code == null && !(name.equals("gb18030") && point >= SUPPLEMENTARY)) {
                return Optional.empty();
            }
            var one = bytes(code != null ? code : supplementaryCode(point));
            System.arraycopy(one, 0, bytes, length, one.length);
            length += one.length;
        }
        return Optional.of(Arrays.copyOf(bytes, length));
    }

    private static int supplementary(int code) {
        var linear =
                (((code >>> 24) - 0x90) * 10 + (code >>> 16 & 255) - 0x30) * 1260
                        + ((code >>> 8 & 255) - 0x81) * 10
                        + (code & 255)
                        - 0x30;
        var valid =
                (code >>> 8 & 255) >= 0x81
                        && (code >>> 8 & 255) <= 0xfe
                        && (code & 255) >= 0x30
                        && (code & 255) <= 0x39;
        return valid && linear + SUPPLEMENTARY <= Character.MAX_CODE_POINT
                ? linear + SUPPLEMENTARY
                : NONE;
    }

    private static int supplementaryCode(int point) {
        var linear = point - SUPPLEMENTARY;
        var fourth = linear % 10 + 0x30;
        var third = linear / 10 % 126 + 0x81;
        var second = linear / 1260 % 10 + 0x30;
        return linear / 12600 + 0x90 << 24 | second << 16 | third << 8 | fourth;
    }

    private Optional<String> decodeUnicode(byte[] bytes) {
        if (name.equals("utf32")) {
            return decodeUtf32(bytes); // Java's decoder drops U+FEFF at the beginning
        }
        try {
            return Optional.of(unicode.get().newDecoder().decode(ByteBuffer.wrap(bytes)).toString())
                    .filter(this::fits);
        } catch (CharacterCodingException noText) {
            return Optional.empty();
        }
    }

    private static Optional<String> decodeUtf32(byte[] bytes) {
        var points = ByteBuffer.wrap(bytes).asIntBuffer();
        var text = new StringBuilder(points.remaining());
        while (points.hasRemaining()) {
            var point = points.get();
            if (!Character.isValidCodePoint(point)
                    || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return Optional.empty();
            }
            text.appendCodePoint(point);
        }
        return bytes.length % 4 == 0 ? Optional.of(text.toString()) : Optional.empty();
    }

    private Optional<byte[]> encodeUnicode(String text) {
        try {
            var buffer = unicode.get().newEncoder().encode(java.nio.CharBuffer.wrap(text));
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return fits(text) ? Optional.of(bytes) : Optional.empty();
        } catch (CharacterCodingException noText) {
            return Optional.empty();
        }
    }

    /// utf8mb3 and ucs2 hold the Basic Multilingual Plane only.
    private boolean fits(String text) {
        return !name.equals("utf8mb3") && !name.equals("ucs2")
                || text.codePoints().allMatch(point -> point < SUPPLEMENTARY);
    }
}
