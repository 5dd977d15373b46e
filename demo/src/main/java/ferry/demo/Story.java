package ferry.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the demo tells: numbered chapters with a few calm lines each, and at the end how long each
/// of them took.
final class Story {
    private static final String INDENT = "   ";

    private final PrintStream out;
    private final Ink ink;
    private final List<Chapter> chapters = new ArrayList<>();
    private final long begin = System.nanoTime();

    private record Chapter(String title, long begin) {}

    Story(PrintStream out, Ink ink) {
        this.out = out;
        this.ink = ink;
    }

    void title(String text) {
        out.println();
        out.println(ink.bold(text));
    }

    /// Begins the next chapter; `command` is what one would type to do the same by hand, or empty.
    void chapter(String title, String command) {
        chapters.add(new Chapter(title, System.nanoTime()));
        out.println();
        out.println(
                "%s  %s%s"
                        .formatted(
                                ink.bold("%2d".formatted(chapters.size())),
                                ink.bold(title),
                                command.isEmpty() ? "" : "   " + ink.faint(command)));
    }

    void say(String text, Object... values) {
        tell(String.format(Locale.ROOT, text, values));
    }

    /// Tells lines as they are.
    void tell(String text) {
        text.lines().forEach(line -> out.println(line.isEmpty() ? "" : INDENT + " " + line));
    }

    void good(String text, Object... values) {
        out.println(INDENT + " " + ink.green("✓") + " " + String.format(Locale.ROOT, text, values));
    }

    void bad(String text, Object... values) {
        out.println(INDENT + " " + ink.red("✗") + " " + String.format(Locale.ROOT, text, values));
    }

    /// The time of each chapter, and of all.
    void summary() {
        out.println();
        out.println(ink.bold("    How long it took"));
        for (var i = 0; i < chapters.size(); i++) {
            var end = i + 1 < chapters.size() ? chapters.get(i + 1).begin : System.nanoTime();
            out.println(
                    line(
                            "%2d  %s".formatted(i + 1, chapters.get(i).title),
                            end - chapters.get(i).begin));
        }
        out.println(ink.bold(line("    All of it", System.nanoTime() - begin)));
    }

    private static String line(String title, long nanos) {
        return String.format(
                Locale.ROOT,
                "%s%-64s %6.1f s",
                INDENT + " ",
                title,
                Duration.ofNanos(nanos).toMillis() / 1000.0);
    }
}
