package ferry.engine.filter;

import java.util.ArrayList;
import java.util.List;

/// A pattern over one name: `*` any string, `?` one character, `[a-z]` one of a set, `[!a-z]` one
/// outside it. Case counts.
///
/// Matching goes back to the last `*` only: with several stars an earlier one never needs to give
/// characters back, because whatever lies behind the last star is searched in all of the rest. So
/// it takes at most length × pattern steps.
record NamePattern(List<Token> tokens) {
    sealed interface Token {}

    record Literal(int codePoint) implements Token {}

    record AnyOne() implements Token {}

    record AnyString() implements Token {}

    record OneOf(List<Range> ranges, boolean negated) implements Token {
        boolean holds(int codePoint) {
            return ranges.stream()
                            .anyMatch(range -> range.from <= codePoint && codePoint <= range.to)
                    != negated;
        }
    }

    record Range(int from, int to) {}

    NamePattern {
        tokens = List.copyOf(tokens);
    }

    static NamePattern of(RuleText text) {
        var tokens = new ArrayList<Token>();
        var glyphs = text.glyphs();
        for (var i = 0; i < glyphs.size(); i++) {
            var glyph = glyphs.get(i);
            if (glyph.is('*')) {
                tokens.add(new AnyString());
            } else if (glyph.is('?')) {
                tokens.add(new AnyOne());
            } else if (glyph.is('[')) {
                var end = endOfSet(text, i + 1);
                tokens.add(set(text, glyphs.subList(i + 1, end)));
                i = end;
            } else if (glyph.is(']')) {
                throw new IllegalArgumentException(
                        "'" + text.whole() + "' has a ']' without its '['");
            } else {
                tokens.add(new Literal(glyph.codePoint()));
            }
        }
        return new NamePattern(tokens);
    }

    boolean matches(String name) {
        var characters = name.codePoints().toArray();
        var token = 0;
        var character = 0;
        var starToken = -1;
        var starCharacter = 0;
        while (character < characters.length) {
            if (token < tokens.size() && tokens.get(token) instanceof AnyString) {
                starToken = token++;
                starCharacter = character;
            } else if (token < tokens.size()
                    && matchesOne(tokens.get(token), characters[character])) {
                token++;
                character++;
            } else if (starToken >= 0) {
                token = starToken + 1;
                character = ++starCharacter;
            } else {
                return false;
            }
        }
        while (token < tokens.size() && tokens.get(token) instanceof AnyString) {
            token++;
        }
        return token == tokens.size();
    }

    private static boolean matchesOne(Token token, int character) {
        return switch (token) {
            case Literal literal -> literal.codePoint == character;
            case AnyOne _ -> true;
            case OneOf oneOf -> oneOf.holds(character);
            case AnyString _ -> throw new IllegalStateException("a star is not one character");
        };
    }

    private static int endOfSet(RuleText text, int from) {
        for (var i = from; i < text.glyphs().size(); i++) {
            if (text.glyphs().get(i).is(']')) {
                return i;
            }
        }
        throw new IllegalArgumentException("'" + text.whole() + "' has a '[' without its ']'");
    }

    private static OneOf set(RuleText text, List<RuleText.Glyph> inside) {
        var negated = !inside.isEmpty() && inside.getFirst().is('!');
        var glyphs = negated ? inside.subList(1, inside.size()) : inside;
        if (glyphs.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text.whole() + "' has an empty set of characters");
        }
        var ranges = new ArrayList<Range>();
        for (var i = 0; i < glyphs.size(); i++) {
            var from = glyphs.get(i).codePoint();
            var isRange = i + 2 < glyphs.size() && glyphs.get(i + 1).is('-');
            var to = isRange ? glyphs.get(i + 2).codePoint() : from;
            if (to < from) {
                throw new IllegalArgumentException(
                        "'%s' has the range '%s-%s', which runs backwards"
                                .formatted(
                                        text.whole(),
                                        Character.toString(from),
                                        Character.toString(to)));
            }
            ranges.add(new Range(from, to));
            i += isRange ? 2 : 0;
        }
        return new OneOf(ranges, negated);
    }
}
