package ferry.dialects.mysql;

import ferry.dialects.mysql.CreateText.Default;
import ferry.dialects.mysql.CreateText.Raw;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// Reads what stands behind DEFAULT and ON UPDATE. Servers spell one default in many ways; here it
/// gets one.
final class DefaultReader {
    private DefaultReader() {}

    /// `raw` is what the dictionary of OceanBase tells, which prints some defaults without escapes.
    static Default read(SqlScanner scanner, Optional<Raw> raw) {
        var told = raw.flatMap(Raw::defaultValue);
        if (told.isPresent() && scanner.acceptRaw(quoted(told.get()))) {
            return new Default.Literal(told.get());
        }
        if (scanner.peek() == '\'') {
            return new Default.Literal(scanner.literal());
        }
        var expression = expression(scanner);
        if (expression.startsWith("CURRENT_TIMESTAMP")) {
            return new Default.Sql(expression);
        }
        if (expression.equalsIgnoreCase("NULL")) {
            return new Default.None();
        }
        if (expression.matches("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?")) {
            return new Default.Literal(expression.getBytes(StandardCharsets.US_ASCII));
        }
        if (expression.matches("(?i)b'[01]*'")) {
            return new Default.Sql(expression.toLowerCase(Locale.ROOT));
        }
        if (expression.matches("(?i)0x([0-9a-f]{2})+")) {
            return new Default.Hex(HexFormat.of().parseHex(expression.substring(2)));
        }
        return new Default.Sql("(" + SqlScanner.bare(expression) + ")");
    }

    private static byte[] quoted(byte[] value) {
        var bytes = new ByteArrayOutputStream();
        bytes.write('\'');
        bytes.writeBytes(value);
        bytes.write('\'');
        return bytes.toByteArray();
    }

    /// An expression that is not a plain string: in parentheses, a number, `b'…'`, a function call,
    /// or a word; the present moment is always called CURRENT_TIMESTAMP.
    static String expression(SqlScanner scanner) {
        if (scanner.peek() == '(') {
            return scanner.parenthesised();
        }
        var start = scanner.position();
        scanner.accept('-');
        var word = scanner.word();
        if (word.isEmpty()) {
            throw scanner.unexpected("a default");
        }
        var end = scanner.end();
        switch (scanner.peek()) {
            case '.' -> {
                scanner.expect('.');
                scanner.word(); // the fraction of a number
                end = scanner.end();
            }
            case '(' -> {
                scanner.parenthesised();
                end = scanner.end();
            }
            case '\'' -> {
                scanner.literal(); // b'101', _utf8mb4'abc'
                end = scanner.end();
            }
            default -> scanner.back(end);
        }
        return now(scanner.between(start, end));
    }

    private static String now(String expression) {
        var lower = expression.toLowerCase(Locale.ROOT).replace(" ", "");
        if (lower.equals("current_timestamp")
                || lower.equals("current_timestamp()")
                || lower.equals("now()")) {
            return "CURRENT_TIMESTAMP";
        }
        return lower.matches("current_timestamp\\([0-6]\\)")
                ? lower.toUpperCase(Locale.ROOT)
                : expression;
    }
}
