package ferry.dialects.mysql;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes `charsets.txt` from what a server tells: run it with the JDBC URL of a MySQL 8.0 and put
/// its output there.
final class CharsetPatches {
    static final Map<String, List<String>> JAVA =
            new TreeMap<>(
                    Map.ofEntries(
                            entry("armscii8"),
                            entry("ascii", "US-ASCII"),
                            entry("big5", "Big5", "x-windows-950"),
                            entry("cp1250", "windows-1250"),
                            entry("cp1251", "windows-1251"),
                            entry("cp1256", "windows-1256"),
                            entry("cp1257", "windows-1257"),
                            entry("cp850", "IBM850"),
                            entry("cp852", "IBM852"),
                            entry("cp866", "IBM866"),
                            entry("cp932", "windows-31j"),
                            entry("dec8"),
                            entry("eucjpms", "x-eucJP-Open", "EUC-JP"),
                            entry("euckr", "x-windows-949", "EUC-KR"),
                            entry("gb18030", "GB18030"),
                            entry("gb2312", "GB2312"),
                            entry("gbk", "x-mswin-936", "GBK"),
                            entry("geostd8"),
                            entry("greek", "ISO-8859-7"),
                            entry("hebrew", "ISO-8859-8"),
                            entry("hp8"),
                            entry("keybcs2"),
                            entry("koi8r", "KOI8-R"),
                            entry("koi8u", "KOI8-U"),
                            entry("latin1", "windows-1252"),
                            entry("latin2", "ISO-8859-2"),
                            entry("latin5", "ISO-8859-9"),
                            entry("latin7", "ISO-8859-13"),
                            entry("macce", "x-MacCentralEurope"),
                            entry("macroman", "x-MacRoman"),
                            entry("sjis", "Shift_JIS"),
                            entry("swe7"),
                            entry("tis620", "TIS-620"),
                            entry("ujis", "EUC-JP")));

    private CharsetPatches() {}

    private static Map.Entry<String, List<String>> entry(String charset, String... java) {
        return Map.entry(charset, List.of(java));
    }

    public static void main(String[] arguments) throws SQLException {
        System.out.println(
                "# Character set, nearest one of Java, what a MySQL 8.0 server reads differently (code[-code]:character, '-' for none),");
        System.out.println(
                "# and which of several codes it writes (character>code). Made by CharsetPatches; checked by CharsetTableTest.");
        for (var unicode :
                List.of(
                        "ucs2 UTF-16BE",
                        "utf16 UTF-16BE",
                        "utf16le UTF-16LE",
                        "utf32 UTF-32BE",
                        "utf8mb3 UTF-8",
                        "utf8mb4 UTF-8")) {
            System.out.println(unicode);
        }
        try (var connection = DriverManager.getConnection(arguments[0])) {
            try (var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE IF NOT EXISTS charset_facts");
                statement.execute("USE charset_facts");
            }
            for (var charset : JAVA.keySet()) {
                System.out.println(line(connection, charset));
            }
        }
    }

    private static String line(Connection connection, String charset) throws SQLException {
        var decoded = CharsetFacts.decoded(connection, charset);
        var best = "";
        var names = new ArrayList<>(JAVA.get(charset));
        names.add("-");
        for (var java : names) {
            var line = charset + " " + java + patches(decoded, java);
            best = best.isEmpty() || line.length() < best.length() ? line : best;
        }
        return best + preferences(decoded, CharsetFacts.encoded(connection, charset));
    }

    private static String patches(Map<String, Integer> decoded, String java) {
        var different = new TreeMap<Long, Integer>();
        var codes = new TreeSet<>(decoded.keySet());
        for (var first = 0; first < 256; first++) {
            codes.add("%02x".formatted(first));
            for (var second = 0; second < 256 && first >= 0x80 && decoded.size() > 256; second++) {
                codes.add("%02x%02x".formatted(first, second));
            }
        }
        for (var code : codes) {
            var told = decoded.getOrDefault(code, -1);
            if (!told.equals(java.equals("-") ? -1 : javaCharacter(code, Charset.forName(java)))) {
                different.put(Long.parseLong(code, 16), told);
            }
        }
        var text = new StringBuilder();
        Long from = null;
        Long last = null;
        for (var code : different.keySet()) {
            var follows =
                    last != null
                            && code == last + 1
                            && (different.get(code) == -1
                                    ? different.get(from) == -1
                                    : different.get(from) != -1
                                            && different.get(code)
                                                    == different.get(from) + (int) (code - from));
            if (!follows) {
                append(text, from, last, different);
                from = code;
            }
            last = code;
        }
        append(text, from, last, different);
        return text.toString();
    }

    private static void append(
            StringBuilder text, Long from, Long last, Map<Long, Integer> different) {
        if (from != null) {
            text.append(' ')
                    .append(Long.toHexString(from))
                    .append(last > from ? "-" + Long.toHexString(last) : "")
                    .append(':');
            text.append(different.get(from) == -1 ? "-" : Integer.toHexString(different.get(from)));
        }
    }

    private static int javaCharacter(String code, Charset java) {
        try {
            var text =
                    java.newDecoder()
                            .decode(ByteBuffer.wrap(HexFormat.of().parseHex(code)))
                            .toString();
            return text.codePointCount(0, text.length()) == 1 ? text.codePointAt(0) : -1;
        } catch (CharacterCodingException noCharacter) {
            return -1;
        }
    }

    /// Only characters that are read back as themselves: what a server writes as a likeness is no
    /// code of it.
    private static String preferences(Map<String, Integer> decoded, Map<Integer, String> encoded) {
        var lowest = new HashMap<Integer, String>();
        decoded.forEach((code, point) ->
                lowest.merge(
                        point,
                        code,
                        (one, other) ->
                                Long.parseLong(one, 16) < Long.parseLong(other, 16) ? one : other));
        var text = new StringBuilder();
        new TreeMap<>(lowest)
                .forEach((point, code) -> {
                    var written = encoded.get(point);
                    if (written != null
                            && !written.equals(code)
                            && point.equals(decoded.get(written))) {
                        text.append(' ')
                                .append(Integer.toHexString(point))
                                .append('>')
                                .append(written);
                    }
                });
        return text.toString();
    }
}
