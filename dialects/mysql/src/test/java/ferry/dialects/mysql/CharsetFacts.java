package ferry.dialects.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Asks a server which character every code of a character set is, and which code it writes for
/// every character.
final class CharsetFacts {
    private static final HexFormat HEX = HexFormat.of();

    private CharsetFacts() {}

    /// Every sequence of bytes that the server reads as exactly one character, with that character.
    static Map<String, Integer> decoded(Connection connection, String charset) throws SQLException {
        var facts = new TreeMap<String, Integer>();
        ask(connection, sequences(charset), "CONVERT(CONVERT(b USING " + charset + ") USING utf32)")
                .forEach((bytes, utf32) -> {
                    // '?' stands for what is no character; more than one character means
                    // that the sequence is not one.
                    if (utf32.length() == 8
                            && (!utf32.equals("0000003f") || bytes.equals("3f"))
                            && !utf32.equals("0000fffd")) {
                        facts.put(bytes, Integer.parseInt(utf32, 16));
                    }
                });
        // A valid first byte in front of something that is no character is read as that byte alone.
        var single = new TreeMap<>(facts);
        facts.entrySet()
                .removeIf(fact ->
                        fact.getKey().length() > 2
                                && fact.getValue()
                                        .equals(single.get(fact.getKey().substring(0, 2))));
        return facts;
    }

    /// What the server writes for each character of the Basic Multilingual Plane that it can write.
    static Map<Integer, String> encoded(Connection connection, String charset) throws SQLException {
        var points = new ArrayList<String>();
        for (var point = 0; point < 0x10000; point++) {
            if (point < 0xd800 || point > 0xdfff) {
                points.add("%08x".formatted(point));
            }
        }
        var facts = new TreeMap<Integer, String>();
        ask(connection, points, "CONVERT(CONVERT(b USING utf32) USING " + charset + ")")
                .forEach((utf32, bytes) -> {
                    if (!bytes.equals("3f") || utf32.equals("0000003f")) {
                        facts.put(Integer.parseInt(utf32, 16), bytes);
                    }
                });
        return facts;
    }

    private static Map<String, String> ask(
            Connection connection, List<String> values, String expression) throws SQLException {
        var answers = new TreeMap<String, String>();
        try (var statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = ''");
            statement.execute("DROP TEMPORARY TABLE IF EXISTS codes");
            statement.execute("CREATE TEMPORARY TABLE codes (b varbinary(4) PRIMARY KEY)");
            for (var from = 0; from < values.size(); from += 5_000) {
                var some = values.subList(from, Math.min(values.size(), from + 5_000));
                statement.execute(
                        "INSERT INTO codes VALUES (0x" + String.join("),(0x", some) + ")");
            }
            try (var rows =
                    statement.executeQuery(
                            "SELECT LOWER(HEX(b)), LOWER(HEX(" + expression + ")) FROM codes")) {
                while (rows.next()) {
                    if (rows.getString(2) != null) {
                        answers.put(rows.getString(1), rows.getString(2));
                    }
                }
            }
        }
        return answers;
    }

    private static List<String> sequences(String charset) {
        var sequences = new ArrayList<String>();
        for (var first = 0; first < 256; first++) {
            sequences.add(HEX.toHexDigits((byte) first));
        }
        if (!List.of(
                        "big5", "cp932", "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "sjis",
                        "ujis")
                .contains(charset)) {
            return sequences;
        }
        for (var pair = 0x8000; pair < 0x10000; pair++) {
            sequences.add("%04x".formatted(pair));
            if (charset.equals("ujis") || charset.equals("eucjpms")) {
                if ((pair & 255) >= 0xa1 && pair >>> 8 >= 0xa1) {
                    sequences.add("8f%04x".formatted(pair));
                }
            }
        }
        for (var number = 0; number < 4 * 10 * 126 * 10 && charset.equals("gb18030"); number++) {
            sequences.add(
                    "%02x%02x%02x%02x"
                            .formatted(
                                    number / 12600 + 0x81,
                                    number / 1260 % 10 + 0x30,
                                    number / 10 % 126 + 0x81,
                                    number % 10 + 0x30));
        }
        return sequences;
    }
}
