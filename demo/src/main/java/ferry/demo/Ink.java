package ferry.demo;

/// Colours, where a person looks at a terminal that has them.
record Ink(boolean colours) {
    /// No colours where NO_COLOR is set, the terminal is dumb, or output goes to a file.
    static Ink standard() {
        var console = System.console();
        return new Ink(
                console != null
                        && console.isTerminal()
                        && !"dumb".equals(environment("TERM", "dumb"))
                        && environment("NO_COLOR", "").isEmpty());
    }

    private static String environment(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    String bold(String text) {
        return in("1", text);
    }

    String faint(String text) {
        return in("2", text);
    }

    String green(String text) {
        return in("32", text);
    }

    String red(String text) {
        return in("31", text);
    }

    private String in(String code, String text) {
        return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
