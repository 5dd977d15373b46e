package ferry.dialects.mysql;

import ferry.dialects.mysql.SqlText.Kind;
import ferry.dialects.mysql.SqlText.Token;
import java.util.ArrayList;
import java.util.List;

/// Walks through the tokens of a statement. What is expected and does not stand there is an
/// IllegalArgumentException.
final class SqlTokens {
    private final List<Token> tokens;
    private int at;

    SqlTokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    boolean atEnd() {
        return at >= tokens.size();
    }

    /// Passes over these words if they all stand here.
    boolean accept(String... words) {
        if (!stands(words)) {
            return false;
        }
        at += words.length;
        return true;
    }

    /// True when these words stand here.
    boolean stands(String... words) {
        for (var i = 0; i < words.length; i++) {
            if (at + i >= tokens.size() || !tokens.get(at + i).is(words[i])) {
                return false;
            }
        }
        return true;
    }

    boolean acceptAny(String... words) {
        for (var word : words) {
            if (accept(word)) {
                return true;
            }
        }
        return false;
    }

    void expect(String word) {
        if (!accept(word)) {
            throw unexpected(word);
        }
    }

    IllegalArgumentException unexpected(String wanted) {
        return new IllegalArgumentException(
                wanted
                        + " expected, but found "
                        + (atEnd() ? "the end" : "'" + tokens.get(at).text() + "'"));
    }

    Token next() {
        if (atEnd()) {
            throw unexpected("more");
        }
        return tokens.get(at++);
    }

    String name() {
        if (atEnd() || !tokens.get(at).isName()) {
            throw unexpected("a name");
        }
        return tokens.get(at++).text();
    }

    /// The text of a quoted string that stands here.
    String string() {
        if (atEnd() || tokens.get(at).kind() != Kind.STRING) {
            throw unexpected("a string");
        }
        return tokens.get(at++).text();
    }

    int number() {
        if (atEnd() || tokens.get(at).kind() != Kind.NUMBER) {
            throw unexpected("a number");
        }
        return Integer.parseInt(tokens.get(at++).text());
    }

    boolean standsString() {
        return !atEnd() && tokens.get(at).kind() == Kind.STRING;
    }

    boolean standsNumber() {
        return !atEnd() && tokens.get(at).kind() == Kind.NUMBER;
    }

    /// The tokens up to the next comma that stands outside of parentheses, which is passed over.
    SqlTokens part() {
        var part = new ArrayList<Token>();
        for (var depth = 0; !atEnd(); at++) {
            var token = tokens.get(at);
            if (token.is("(")) {
                depth++;
            } else if (token.is(")")) {
                depth--;
            } else if (depth == 0 && token.is(",")) {
                at++;
                break;
            }
            part.add(token);
        }
        return new SqlTokens(part);
    }

    /// Whether this word stands anywhere behind.
    boolean holds(String word) {
        return tokens.subList(at, tokens.size()).stream().anyMatch(token -> token.is(word));
    }
}
