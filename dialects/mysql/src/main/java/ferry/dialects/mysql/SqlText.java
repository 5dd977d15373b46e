package ferry.dialects.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts a logged statement into tokens the way its server did: comments are nothing, the content of
/// `/*!40005 … */` counts if the server is that new, and quotes follow the session's sql_mode.
final class SqlText {
    private static final long ANSI_QUOTES = 4;
    private static final long NO_BACKSLASH_ESCAPES = 1 << 20;

    private final String text;
    private final Server server;
    private final boolean ansiQuotes;
    private final boolean backslashEscapes;
    private final ArrayList<Token> tokens = new ArrayList<>();
    private int at;
    private int conditional; // how many conditional comments are open

    private SqlText(String text, Server server, long sqlMode) {
        this.text = text;
        this.server = server;
        this.ansiQuotes = (sqlMode & ANSI_QUOTES) != 0;
        this.backslashEscapes = (sqlMode & NO_BACKSLASH_ESCAPES) == 0;
    }

    /// What decides over conditional comments: 80015 for MySQL 8.0.15, 101119 for MariaDB 10.11.19.
    record Server(boolean mariaDb, int version) {
        static Server of(LogServer server) {
            var numbers = server.version().split("[^0-9]+");
            // A MariaDB behind an old proxy calls itself 5.5.5-10.x.
            var from =
                    server.mariaDb() && numbers.length > 5 && server.version().startsWith("5.5.5-")
                            ? 3
                            : 0;
            var version =
                    Integer.parseInt(numbers[from]) * 10_000
                            + Integer.parseInt(numbers[from + 1]) * 100
                            + Integer.parseInt(numbers[from + 2]);
            return new Server(server.mariaDb(), version);
        }

        private boolean runs(int wanted, boolean forMariaDb) {
            if (mariaDb) {
                // MariaDB ignores what is meant for MySQL 5.7 and later.
                return wanted <= version && (forMariaDb || wanted < 50_700 || wanted > 99_999);
            }
            return !forMariaDb && wanted <= version;
        }
    }

    enum Kind {
        WORD,
        QUOTED_NAME,
        STRING,
        NUMBER,
        SYMBOL
    }

    /// `text` of a quoted name or string is its content; a word is as it was written.
    record Token(Kind kind, String text, int from, int to) {
        boolean is(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word)
                    || kind == Kind.SYMBOL && text.equals(word);
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
        }

        String upper() {
            return kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : "";
        }
    }

    /// Throws IllegalArgumentException if a quote or comment does not end.
    static List<Token> tokens(String text, Server server, long sqlMode) {
        var reader = new SqlText(text, server, sqlMode);
        reader.read();
        return List.copyOf(reader.tokens);
    }

    private void read() {
        while (at < text.length()) {
            var character = text.charAt(at);
            if (Character.isWhitespace(character) || character == '\0') {
                at++;
            } else if (character == '#'
                    || text.startsWith("--", at)
                            && (at + 2 == text.length() || text.charAt(at + 2) <= ' ')) {
                at = lineEnd();
            } else if (text.startsWith("/*", at)) {
                comment();
            } else if (conditional > 0 && text.startsWith("*/", at)) {
                conditional--;
                at += 2;
            } else if (character == '`' || character == '"' && ansiQuotes) {
                quoted(Kind.QUOTED_NAME, character, false);
            } else if (character == '\'' || character == '"') {
                quoted(Kind.STRING, character, backslashEscapes);
            } else if (isWord(character)) {
                word();
            } else {
                tokens.add(new Token(Kind.SYMBOL, String.valueOf(character), at, at + 1));
                at++;
            }
        }
        if (conditional > 0) {
            throw new IllegalArgumentException("a comment does not end");
        }
    }

    private int lineEnd() {
        var end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end + 1;
    }

    private void comment() {
        var forMariaDb = text.startsWith("/*M!", at);
        if (!forMariaDb && !text.startsWith("/*!", at)) {
            at = commentEnd(at + 2);
            return;
        }
        var begin = at + (forMariaDb ? 4 : 3);
        var digits = begin;
        while (digits < text.length()
                && digits < begin + 6
                && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        var count = digits - begin;
        if (count == 6 && !server.mariaDb() && server.version() < 80_000) {
            digits--; // five digits, until 8.0
        }
        var wanted = count < 5 ? 0 : Integer.parseInt(text.substring(begin, digits));
        if (server.runs(wanted, forMariaDb)) {
            conditional++;
            at = count < 5 ? begin : digits;
        } else {
            at = commentEnd(begin);
        }
    }

    private int commentEnd(int from) {
        var end = text.indexOf("*/", from);
        if (end < 0) {
            throw new IllegalArgumentException("a comment does not end");
        }
        return end + 2;
    }

    private void quoted(Kind kind, char quote, boolean escapes) {
        var from = at++;
        var content = new StringBuilder();
        for (; ; at++) {
            if (at >= text.length()) {
                throw new IllegalArgumentException("a quote does not end");
            }
            var character = text.charAt(at);
            if (character == quote) {
                if (at + 1 >= text.length() || text.charAt(at + 1) != quote) {
                    break;
                }
                at++;
            } else if (character == '\\' && escapes && at + 1 < text.length()) {
                at++;
                content.append(unescaped(text.charAt(at)));
                continue;
            }
            content.append(text.charAt(at));
        }
        at++;
        tokens.add(new Token(kind, content.toString(), from, at));
    }

    private static String unescaped(char character) {
        return switch (character) {
            case '0' -> "\0";
            case 'b' -> "\b";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'Z' -> "\u001a";
            case '%', '_' -> "\\" + character;
            default -> String.valueOf(character);
        };
    }

    private void word() {
        var from = at;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        var word = text.substring(from, at);
        var number = word.chars().allMatch(Character::isDigit);
        tokens.add(new Token(number ? Kind.NUMBER : Kind.WORD, word, from, at));
    }

    private static boolean isWord(char character) {
        return character == '_'
                || character == '$'
                || character == '@'
                || character >= 0x80
                || Character.isLetterOrDigit(character);
    }
}
