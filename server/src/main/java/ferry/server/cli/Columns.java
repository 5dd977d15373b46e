package ferry.server.cli;

/// Fits texts into the columns of a terminal. Colour codes take no room; East Asian wide characters
/// and emoji take two columns.
final class Columns {
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

    /// The text with blanks behind it, or cut, so that it takes exactly this many columns.
    static String pad(String text, int columns) {
        var fitted = fit(text, columns);
        return fitted + " ".repeat(columns - width(fitted));
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
