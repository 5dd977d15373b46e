package ferry.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Fits texts into the columns of a terminal. Colour codes take no room; East Asian wide characters
/// and emoji take two columns.
final class Columns {
    /// Blanks before a column of words.
    private static final Pattern GAP = Pattern.compile("^ +| {2,}");

    private Columns() {}

    static int width(String text) {
        var width = 0;
        for (var i = 0; i < text.length(); ) {
            var end = endOfCode(text, i);
            if (end > i) {
                i = end;
                continue;
            }
            var codePoint = text.codePointAt(i);
            width += width(codePoint);
            i += Character.charCount(codePoint);
        }
        return width;
    }

    /// The text cut to this many columns; colour codes behind the cut are kept, so that no colour
    /// runs on.
    static String fit(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        var fitted = new StringBuilder();
        var width = 0;
        for (var i = 0; i < text.length(); ) {
            var end = endOfCode(text, i);
            if (end > i) {
                fitted.append(text, i, end);
                i = end;
                continue;
            }
            var codePoint = text.codePointAt(i);
            width += width(codePoint);
            if (width <= columns) {
                fitted.appendCodePoint(codePoint);
            }
            i += Character.charCount(codePoint);
        }
        return fitted.toString();
    }

    /// The same with a sign at the end where something was cut.
    static String cut(String text, int columns) {
        return width(text) <= columns ? text : fit(text, columns - 1) + "…";
    }

    /// The text with blanks behind it, or cut, so that it takes exactly this many columns.
    static String pad(String text, int columns) {
        var fitted = fit(text, columns);
        return fitted + " ".repeat(columns - width(fitted));
    }

    /// The text on as many lines as it needs, broken between words; further lines begin below the
    /// text's last column of words, where two blanks or more stand in front of it.
    static List<String> wrap(String text, int columns) {
        if (width(text) <= columns) {
            return List.of(text);
        }
        var indent = indent(text, columns);
        var lines = new ArrayList<String>();
        var line = new StringBuilder(text.substring(0, indent.end()));
        var width = indent.columns();
        var isEmpty = true;
        for (var word : text.substring(indent.end()).split(" ")) {
            if (!isEmpty && width + 1 + width(word) > columns) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(indent.columns()));
                width = indent.columns();
                isEmpty = true;
            }
            line.append(isEmpty ? "" : " ").append(word);
            width += (isEmpty ? 0 : 1) + width(word);
            isEmpty = false;
        }
        lines.add(line.toString());
        return lines;
    }

    private record Indent(int end, int columns) {}

    /// The last column of words that leaves half of the line to the text.
    private static Indent indent(String text, int columns) {
        var found = new Indent(0, 0);
        var gaps = GAP.matcher(text);
        while (gaps.find()) {
            var width = width(text.substring(0, gaps.end()));
            if (width <= columns / 2) {
                found = new Indent(gaps.end(), width);
            }
        }
        return found;
    }

    private static int endOfCode(String text, int start) {
        if (text.charAt(start) != '\033'
                || start + 1 >= text.length()
                || text.charAt(start + 1) != '[') {
            return start;
        }
        var end = start + 2;
        while (end < text.length() && !Character.isLetter(text.charAt(end))) {
            end++;
        }
        return Math.min(text.length(), end + 1);
    }

    private static int width(int codePoint) {
        var type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT) {
            return 0;
        }
        var wide =
                (codePoint >= 0x1100 && codePoint <= 0x115f)
                        || (codePoint >= 0x2e80 && codePoint <= 0xa4cf)
                        || (codePoint >= 0xac00 && codePoint <= 0xd7a3)
                        || (codePoint >= 0xf900 && codePoint <= 0xfaff)
                        || (codePoint >= 0xfe30 && codePoint <= 0xfe6f)
                        || (codePoint >= 0xff00 && codePoint <= 0xff60)
                        || (codePoint >= 0xffe0 && codePoint <= 0xffe6)
                        || (codePoint >= 0x1f300 && codePoint <= 0x1faff)
                        || (codePoint >= 0x20000 && codePoint <= 0x3fffd);
        return wide ? 2 : 1;
    }
}
