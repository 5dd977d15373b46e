package ferry.engine.filter;

import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The characters of a rule, each with the mark whether it stood inside backticks and is therefore
/// meant literally.
record RuleText(String whole, List<Glyph> glyphs) {
    /// Characters that a name may only have inside backticks; `*`, `?` and brackets are judged by
    /// [NamePattern].
    private static final String QUOTED_ONLY = "|\"'();/&";

    record Glyph(int codePoint, boolean quoted) {
        boolean is(char character) {
            return !quoted && codePoint == character;
        }
    }

    RuleText {
        glyphs = List.copyOf(glyphs);
    }

    static RuleText of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(
                    "an empty text is no rule; write database.table, for instance shop.*");
        }
        if (!text.equals(text.strip())) {
            throw new IllegalArgumentException("'" + text + "' begins or ends with a space");
        }
        var glyphs = new ArrayList<Glyph>();
        var codePoints = text.codePoints().toArray();
        var quoted = false;
        for (var i = 0; i < codePoints.length; i++) {
            if (codePoints[i] != '`') {
                glyphs.add(new Glyph(checked(text, codePoints[i], quoted), quoted));
            } else if (quoted && i + 1 < codePoints.length && codePoints[i + 1] == '`') {
                glyphs.add(new Glyph('`', true));
                i++;
            } else {
                quoted = !quoted;
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("'" + text + "' has a backtick that is not closed");
        }
        return new RuleText(text, glyphs);
    }

    /// The parts between unquoted separators.
    List<RuleText> split(char separator) {
        var parts = new ArrayList<RuleText>();
        var part = new ArrayList<Glyph>();
        for (var glyph : glyphs) {
            if (glyph.is(separator)) {
                parts.add(new RuleText(whole, part));
                part = new ArrayList<>();
            } else {
                part.add(glyph);
            }
        }
        parts.add(new RuleText(whole, part));
        return parts;
    }

    /// The two parts around the one dot.
    List<RuleText> databaseAndTable() {
        var parts = split('.');
        if (parts.size() < 2) {
            throw new IllegalArgumentException(
                    "'"
                            + whole
                            + "' has no dot; write database.table, for instance shop.* for all tables of shop");
        }
        if (parts.size() > 2) {
            throw new IllegalArgumentException(
                    "'"
                            + whole
                            + "' has more than one dot; write a name with a dot in backticks: shop.`a.b`");
        }
        if (parts.stream().anyMatch(part -> part.glyphs.isEmpty())) {
            throw new IllegalArgumentException(
                    "'" + whole + "' has an empty name beside the dot; write database.table");
        }
        return parts;
    }

    TableName tableName() {
        var parts = databaseAndTable();
        return new TableName(
                parts.get(0).literal("a database name"), parts.get(1).literal("this table name"));
    }

    boolean isStar() {
        return glyphs.size() == 1 && glyphs.getFirst().is('*');
    }

    /// The text as a plain name; wildcards are refused.
    String literal(String role) {
        for (var glyph : glyphs) {
            if (!glyph.quoted && "*?[]=".indexOf(glyph.codePoint) >= 0) {
                throw new IllegalArgumentException(
                        "'%s': %s stands for itself and may not hold '%s'; if the name has that character, put the name in backticks"
                                .formatted(whole, role, Character.toString(glyph.codePoint)));
            }
        }
        return glyphs.stream()
                .map(glyph -> Character.toString(glyph.codePoint))
                .collect(Collectors.joining());
    }

    private static int checked(String text, int codePoint, boolean quoted) {
        if (!quoted && (Character.isWhitespace(codePoint) || QUOTED_ONLY.indexOf(codePoint) >= 0)) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' holds '"
                            + Character.toString(codePoint)
                            + "'; put a name with that character in backticks");
        }
        return codePoint;
    }
}
