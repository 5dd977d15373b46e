package ferry.dialects.mysql;

import java.util.Optional;
import java.util.Set;

/// Converts text from one character set to another exactly as the servers do ([CharsetTable]), or
/// not at all.
final class MySqlConversion {
    /// Character sets in which an ASCII byte may be something else.
    private static final Set<String> NOT_ASCII =
            Set.of("utf16", "utf16le", "ucs2", "utf32", "swe7");

    /// The bytes of ASCII text mean the same in all others; utf8mb3 and utf8mb4 share more.
    private static final Set<String> UTF8 = Set.of("ascii", "utf8", "utf8mb3", "utf8mb4");

    private MySqlConversion() {}

    /// True when every text has the same bytes in both.
    static boolean sameBytes(String from, String to) {
        return from.equals(to)
                || to.startsWith("utf8")
                        && UTF8.contains(from)
                        && !(from.equals("utf8mb4") && !to.equals("utf8mb4"));
    }

    /// True when an ASCII byte that begins a character means itself.
    static boolean asciiBytes(String charset) {
        return !NOT_ASCII.contains(charset);
    }

    /// The same text in another character set; empty if it cannot be told or has no place there.
    static Optional<byte[]> convert(byte[] bytes, String from, String to) {
        if (sameBytes(from, to)
                || ascii(bytes) && !NOT_ASCII.contains(from) && !NOT_ASCII.contains(to)) {
            return Optional.of(bytes);
        }
        if (from.equals("binary") || to.equals("binary")) {
            return Optional.of(bytes);
        }
        // What was written is read as the same text: the tables have no likenesses.
        return CharsetTable.of(from)
                .flatMap(table -> table.decode(bytes))
                .flatMap(text -> CharsetTable.of(to).flatMap(table -> table.encode(text)));
    }

    private static boolean ascii(byte[] bytes) {
        for (var one : bytes) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }
}
