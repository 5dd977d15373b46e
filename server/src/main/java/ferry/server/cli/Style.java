package ferry.server.cli;

/// How texts look where they go: in colours on a terminal, with signs that the character set has.
/// Plain otherwise.
record Style(boolean colours, boolean unicode) {
    static final Style PLAIN = new Style(false, true);

    String green(String text) {
        return wrap("32", text);
    }

    String yellow(String text) {
        return wrap("33", text);
    }

    String red(String text) {
        return wrap("31", text);
    }

    String bold(String text) {
        return wrap("1", text);
    }

    String faint(String text) {
        return wrap("2", text);
    }

    String passed() {
        return green(unicode ? "✓" : "+");
    }

    String warned() {
        return yellow("!");
    }

    String failed() {
        return red(unicode ? "✗" : "x");
    }

    String working() {
        return bold(unicode ? "●" : "*");
    }

    String waiting() {
        return faint(unicode ? "○" : "-");
    }

    String arrow() {
        return unicode ? "→" : "->";
    }

    /// A bar of this many columns; an unknown share is an empty bar.
    String bar(double share, int columns) {
        var full = (int) Math.round(Math.clamp(share, 0, 1) * columns);
        return (unicode ? "█" : "#").repeat(full)
                + faint((unicode ? "░" : ".").repeat(columns - full));
    }

    private String wrap(String code, String text) {
        return colours && !text.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
