package ferry.dialects.mysql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;

/// Parses JSON texts as strictly as the servers do (RFC 8259).
final class JsonParser {
    /// The servers refuse deeper documents.
    private static final int DEPTH_MAX = 100;

    private final byte[] text;
    private int at;

    private JsonParser(byte[] text) {
        this.text = text;
    }

    /// Empty if the text is no JSON, or deeper nested than a server takes.
    static Optional<JsonValue> parse(byte[] text) {
        var parser = new JsonParser(text);
        try {
            var value = parser.value(0);
            parser.blanks();
            return parser.at == text.length ? Optional.of(value) : Optional.empty();
        } catch (Wrong wrong) {
            return Optional.empty();
        }
    }

    /// The text is no JSON.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong() {
            super(null, null, false, false);
        }
    }

    private JsonValue value(int depth) throws Wrong {
        blanks();
        return switch (peek()) {
            case '{' -> object(deeper(depth));
            case '[' -> array(deeper(depth));
            case '"' -> new JsonValue.Text(string());
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private static int deeper(int depth) throws Wrong {
        if (depth == DEPTH_MAX) {
            throw new Wrong();
        }
        return depth + 1;
    }

    private JsonValue array(int depth) throws Wrong {
        var elements = new ArrayList<JsonValue>();
        at++;
        blanks();
        if (peek() != ']') {
            do {
                elements.add(value(depth));
                blanks();
            } while (accept(','));
        }
        expect(']');
        return new JsonValue.Array(elements);
    }

    private JsonValue object(int depth) throws Wrong {
        var members = new ArrayList<JsonValue.Member>();
        at++;
        blanks();
        if (peek() != '}') {
            do {
                blanks();
                var name = string();
                blanks();
                expect(':');
                members.add(new JsonValue.Member(name, value(depth)));
                blanks();
            } while (accept(','));
        }
        expect('}');
        return new JsonValue.Object(members);
    }

    private JsonValue word(String word) throws Wrong {
        for (var i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
        return new JsonValue.Word(word);
    }

    private JsonValue number() throws Wrong {
        var from = at;
        accept('-');
        if (!accept('0')) {
            digits();
        }
        if (accept('.')) {
            digits();
        }
        if (accept('e') || accept('E')) {
            var _ = accept('+') || accept('-');
            digits();
        }
        return new JsonValue.Number(new String(text, from, at - from, StandardCharsets.US_ASCII));
    }

    private void digits() throws Wrong {
        var from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == from) {
            throw new Wrong();
        }
    }

    private byte[] string() throws Wrong {
        expect('"');
        var out = new AsciiText();
        for (var from = at; ; from = at) {
            while (peek() != '"' && peek() != '\\' && (peek() >= ' ' || peek() < 0)) {
                if (at == text.length) {
                    throw new Wrong();
                }
                at++;
            }
            out.add(text, from, at - from);
            if (accept('"')) {
                return out.copy();
            }
            expect('\\');
            escape(out);
        }
    }

    private void escape(AsciiText out) throws Wrong {
        var character = peek();
        at++;
        switch (character) {
            case '"', '\\', '/' -> out.add(character);
            case 'b' -> out.add('\b');
            case 'f' -> out.add('\f');
            case 'n' -> out.add('\n');
            case 'r' -> out.add('\r');
            case 't' -> out.add('\t');
            case 'u' -> unicode(out);
            default -> throw new Wrong();
        }
    }

    private void unicode(AsciiText out) throws Wrong {
        var unit = unit();
        if (Character.isHighSurrogate(unit)) {
            expect('\\');
            expect('u');
            var low = unit();
            if (!Character.isLowSurrogate(low)) {
                throw new Wrong();
            }
            out.add(Character.toString(Character.toCodePoint(unit, low)));
        } else if (Character.isLowSurrogate(unit)) {
            throw new Wrong();
        } else {
            out.add(Character.toString(unit));
        }
    }

    private char unit() throws Wrong {
        var unit = 0;
        for (var i = 0; i < 4; i++) {
            var digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw new Wrong();
            }
            unit = unit << 4 | digit;
            at++;
        }
        return (char) unit;
    }

    /// The byte that comes next; 0, which stands nowhere in JSON, at the end.
    private int peek() {
        return at < text.length ? text[at] : 0;
    }

    private void blanks() {
        while (at < text.length
                && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
            at++;
        }
    }

    private boolean accept(char character) {
        if (peek() != character) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char character) throws Wrong {
        if (!accept(character)) {
            throw new Wrong();
        }
    }
}
