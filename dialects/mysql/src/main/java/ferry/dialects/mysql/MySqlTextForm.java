package ferry.dialects.mysql;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// The forms of text under a collation: the bytes for a binary one; for one of which
/// [CollationClasses] is known, the text with each character replaced by the lowest that is equal
/// to it. Always without trailing spaces, which most collations do not count, nor does CHAR.
///
/// A text with a character that is not known may equal any other.
final class MySqlTextForm {
    private static final Set<String> UTF8 = Set.of("utf8mb4", "utf8mb3");

    private MySqlTextForm() {}

    static Optional<UniqueForm> of(String anyCharset, String anyCollation) {
        var charset = MySqlCollation.modern(anyCharset);
        var collation = MySqlCollation.modern(anyCollation);
        if (CharsetTable.of(charset).isPresent() && isBinary(charset, collation)) {
            var space = MySqlCharsets.encode(" ", charset);
            return Optional.of((row, index) -> binary(row.bytes(index), space));
        }
        return CollationClasses.of(collation).map(classes -> of(charset, classes));
    }

    /// The exact names, because a server's owner may define collations of his own.
    private static boolean isBinary(String charset, String collation) {
        return collation.equals(charset + "_bin")
                || collation.equals(charset + "_nopad_bin")
                || collation.equals(charset + "_0900_bin");
    }

    private static long binary(byte[] text, byte[] space) {
        var length = text.length;
        while (length >= space.length && endsWith(text, length, space)) {
            length -= space.length;
        }
        return Hash.of(text, 0, length);
    }

    private static boolean endsWith(byte[] text, int length, byte[] end) {
        for (var i = 1; i <= end.length; i++) {
            if (text[length - i] != end[end.length - i]) {
                return false;
            }
        }
        return true;
    }

    private static UniqueForm of(String charset, CollationClasses classes) {
        if (MySqlCharsets.lengthMax(charset).orElseThrow() == 1) {
            return (row, index) -> oneByte(row.bytes(index), classes);
        }
        if (UTF8.contains(charset)) {
            return (row, index) -> utf8(row.bytes(index), classes);
        }
        var table = CharsetTable.of(charset).orElseThrow();
        var ascii = MySqlConversion.asciiBytes(charset);
        return (row, index) -> {
            var text = row.bytes(index);
            return ascii && isAscii(text)
                    ? utf8(text, classes)
                    : table.decode(text)
                            .map(decoded -> utf8(decoded.getBytes(StandardCharsets.UTF_8), classes))
                            .orElse(UniqueForm.ANY);
        };
    }

    private static boolean isAscii(byte[] text) {
        for (var one : text) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }

    private static long oneByte(byte[] text, CollationClasses classes) {
        for (var i = 0; i < text.length; i++) {
            var lowest = classes.of(text[i] & 255);
            if (lowest == CollationClasses.UNKNOWN) {
                return UniqueForm.ANY;
            }
            text[i] = (byte) lowest;
        }
        return hash(text, text.length, classes);
    }

    /// In place: the lowest of a class is never longer than another of its characters.
    private static long utf8(byte[] text, CollationClasses classes) {
        var to = 0;
        for (var at = 0; at < text.length; ) {
            var length = length(text[at]);
            if (at + length > text.length) {
                return UniqueForm.ANY;
            }
            var lowest = classes.of(length == 1 ? text[at] & 255 : point(text, at, length));
            if (lowest == CollationClasses.UNKNOWN) {
                return UniqueForm.ANY;
            }
            at += length;
            to = put(text, to, lowest);
        }
        return hash(text, to, classes);
    }

    private static int length(byte first) {
        return first >= 0 ? 1 : first < (byte) 0xe0 ? 2 : first < (byte) 0xf0 ? 3 : 4;
    }

    private static int point(byte[] text, int at, int length) {
        var point = text[at] & 0x7f >> length;
        for (var i = 1; i < length; i++) {
            point = point << 6 | text[at + i] & 0x3f;
        }
        return point;
    }

    private static int put(byte[] text, int at, int point) {
        if (point < 0x80) {
            text[at] = (byte) point;
            return at + 1;
        }
        if (point < 0x800) {
            text[at] = (byte) (0xc0 | point >> 6);
            text[at + 1] = (byte) (0x80 | point & 0x3f);
            return at + 2;
        }
        text[at] = (byte) (0xe0 | point >> 12);
        text[at + 1] = (byte) (0x80 | point >> 6 & 0x3f);
        text[at + 2] = (byte) (0x80 | point & 0x3f);
        return at + 3;
    }

    private static long hash(byte[] form, int length, CollationClasses classes) {
        var space = (byte) classes.of(' ');
        var end = length;
        while (end > 0 && form[end - 1] == space) {
            end--;
        }
        return Hash.of(form, 0, end);
    }
}
