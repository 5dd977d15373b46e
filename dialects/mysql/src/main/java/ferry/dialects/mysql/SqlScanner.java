package ferry.dialects.mysql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Walks through the text of SHOW CREATE TABLE word by word. It works on bytes (one `char` per
/// byte), because a default of a binary column stands there raw and is not valid UTF-8. Blanks and
/// the marks of versioned comments (`/*!50100`, `*/`) are passed over, so that what stands inside
/// such a comment counts.
final class SqlScanner {
    private final String text; // ISO 8859-1: one char per byte
    private int at;

    SqlScanner(byte[] bytes) {
        text = new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static SqlScanner of(String text) {
        return new SqlScanner(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean atEnd() {
        skip();
        return at >= text.length();
    }

    int position() {
        skip();
        return at;
    }

    void back(int position) {
        at = position;
    }

    /// The place right behind what was passed last, before any blanks.
    int end() {
        return at;
    }

    /// What stands between two places, as text.
    String between(int from, int to) {
        return utf8(text.substring(from, to));
    }

    /// The next byte as a char, or NUL at the end.
    char peek() {
        skip();
        return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean accept(char symbol) {
        if (peek() != symbol) {
            return false;
        }
        at++;
        return true;
    }

    void expect(char symbol) {
        if (!accept(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
    }

    /// Accepts these words in this order, whatever their letter case, or nothing.
    boolean accept(String... words) {
        var start = position();
        for (var word : words) {
            if (!word().equalsIgnoreCase(word)) {
                at = start;
                return false;
            }
        }
        return true;
    }

    void expect(String... words) {
        if (!accept(words)) {
            throw unexpected(String.join(" ", words));
        }
    }

    /// Passes exactly these bytes if they stand here.
    boolean acceptRaw(byte[] bytes) {
        skip();
        var raw = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(raw, at)) {
            return false;
        }
        at += raw.length();
        return true;
    }

    /// The next bare word (letters, digits, `_`, `$`, and bytes above 127), empty if something else
    /// stands here.
    String word() {
        skip();
        var start = at;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        return utf8(text.substring(start, at));
    }

    String lowerWord() {
        return word().toLowerCase(Locale.ROOT);
    }

    /// A quoted or bare identifier.
    String identifier() {
        if (peek() == '`') {
            return utf8(quoted('`', false));
        }
        var word = word();
        if (word.isEmpty()) {
            throw unexpected("an identifier");
        }
        return word;
    }

    /// A string literal's bytes; the escapes of MySQL's own printing are undone.
    byte[] literal() {
        if (peek() != '\'') {
            throw unexpected("a string");
        }
        return quoted('\'', true).getBytes(StandardCharsets.ISO_8859_1);
    }

    String literalText() {
        return new String(literal(), StandardCharsets.UTF_8);
    }

    /// A value of an option: a string, an identifier in backticks, or a bare word with digits,
    /// signs and points.
    String value() {
        if (peek() == '\'') {
            return literalText();
        }
        if (peek() == '`') {
            return identifier();
        }
        if (peek() == '(') {
            return parenthesised();
        }
        var start = at;
        while (at < text.length()
                && (isWord(text.charAt(at)) || text.charAt(at) == '.' || text.charAt(at) == '-')) {
            at++;
        }
        if (at == start) {
            throw unexpected("a value");
        }
        return utf8(text.substring(start, at));
    }

    /// A text in parentheses, with them, however deep they nest; quotes inside are respected.
    String parenthesised() {
        if (peek() != '(') {
            throw unexpected("'('");
        }
        var start = at;
        var depth = 0;
        do {
            if (at >= text.length()) {
                throw unexpected("')'");
            }
            var symbol = text.charAt(at);
            if (symbol == '\'' || symbol == '"' || symbol == '`') {
                quoted(symbol, symbol != '`');
                continue;
            }
            depth += symbol == '(' ? 1 : symbol == ')' ? -1 : 0;
            at++;
        } while (depth > 0);
        return utf8(text.substring(start, at));
    }

    /// Everything that is left, with versioned comments opened and blanks outside of quotes reduced
    /// to one.
    String rest() {
        skip();
        var left = new StringBuilder();
        while (at < text.length()) {
            var before = at;
            skip();
            if (at > before && !left.isEmpty() && at < text.length()) {
                left.append(' ');
            }
            if (at >= text.length()) {
                break;
            }
            var symbol = text.charAt(at);
            if (symbol == '\'' || symbol == '"' || symbol == '`') {
                var start = at;
                quoted(symbol, symbol != '`');
                left.append(text, start, at);
            } else {
                left.append(symbol);
                at++;
            }
        }
        return utf8(left.toString());
    }

    /// Everything that is left, with blanks reduced to one wherever they stand.
    String raw() {
        var left = utf8(text.substring(at)).replaceAll("\\s+", " ");
        at = text.length();
        return left;
    }

    IllegalArgumentException unexpected(String wanted) {
        var from = Math.min(at, text.length());
        return new IllegalArgumentException(
                "%s expected at offset %d, before: %s"
                        .formatted(
                                wanted,
                                from,
                                utf8(text.substring(from, Math.min(from + 80, text.length())))));
    }

    /// Removes pairs of parentheses that enclose the whole text: `((a + 1))` becomes `a + 1`.
    static String bare(String expression) {
        var stripped = expression.strip();
        while (stripped.startsWith("(")) {
            var scanner = of(stripped);
            try {
                scanner.parenthesised();
            } catch (IllegalArgumentException unbalanced) {
                return stripped;
            }
            if (!scanner.atEnd()) {
                return stripped;
            }
            stripped = stripped.substring(1, stripped.length() - 1).strip();
        }
        return stripped;
    }

    /// A string literal for statements that run with backslash escapes, which every session of ours
    /// does; unlike a hexadecimal literal it may stand after COMMENT and inside ENUM.
    static String print(String value) {
        var printed = new StringBuilder("'");
        for (var i = 0; i < value.length(); i++) {
            var symbol = value.charAt(i);
            switch (symbol) {
                case '\'' -> printed.append("''");
                case '\\' -> printed.append("\\\\");
                case '\0' -> printed.append("\\0");
                case '\n' -> printed.append("\\n");
                case '\r' -> printed.append("\\r");
                case '\u001a' -> printed.append("\\Z");
                default -> printed.append(symbol);
            }
        }
        return printed.append('\'').toString();
    }

    /// The number that begins at the next byte, if one does.
    Optional<Integer> number() {
        var start = position();
        var word = word();
        if (word.isEmpty() || !word.chars().allMatch(Character::isDigit)) {
            at = start;
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(word));
    }

    private String quoted(char quote, boolean escapes) {
        var value = new ByteArrayOutputStream();
        at++;
        while (at < text.length()) {
            var symbol = text.charAt(at++);
            if (symbol == quote) {
                if (at < text.length() && text.charAt(at) == quote) {
                    at++;
                } else {
                    return value.toString(StandardCharsets.ISO_8859_1);
                }
            } else if (symbol == '\\' && escapes && at < text.length()) {
                symbol = unescaped(text.charAt(at++));
            }
            value.write(symbol);
        }
        throw unexpected("closing " + quote);
    }

    private static char unescaped(char escape) {
        return switch (escape) {
            case '0' -> '\0';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'Z' -> '\u001a';
            default -> escape;
        };
    }

    private void skip() {
        while (at < text.length()) {
            var symbol = text.charAt(at);
            if (symbol == ' ' || symbol == '\n' || symbol == '\r' || symbol == '\t') {
                at++;
            } else if (text.startsWith("/*!", at) || text.startsWith("/*M!", at)) {
                at = text.indexOf('!', at) + 1;
                while (at < text.length() && Character.isDigit(text.charAt(at))) {
                    at++;
                }
            } else if (text.startsWith("*/", at)) {
                at += 2;
            } else if (text.startsWith("/*", at)) {
                var end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
            } else {
                return;
            }
        }
    }

    private static boolean isWord(char symbol) {
        return symbol == '_'
                || symbol == '$'
                || symbol > 127
                || symbol < 128 && Character.isLetterOrDigit(symbol);
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
