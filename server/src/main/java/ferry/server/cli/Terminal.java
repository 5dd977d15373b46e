package ferry.server.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// What a command writes to: standard output and error, whether a person looks at them, and how
/// large their window is.
record Terminal(PrintStream out, PrintStream error, boolean interactive, Style style) {
    private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)");

    record Size(int lines, int columns) {
        static final Size USUAL = new Size(24, 80);
    }

    /// The process's own terminal. No colours where NO_COLOR is set, the terminal is dumb, or
    /// output goes to a file.
    static Terminal standard(Map<String, String> environment) {
        var interactive =
                System.console() != null
                        && System.console().isTerminal()
                        && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
        var colours = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        var encoder = Charset.forName(System.getProperty("stdout.encoding", "UTF-8")).newEncoder();
        return new Terminal(
                System.out,
                System.err,
                interactive,
                new Style(colours, encoder.canEncode("█░✓✗●○→")));
    }

    /// The window's size now; the usual size where nobody can tell.
    Size size() {
        try {
            var process =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (var reader = process.inputReader()) {
                var answer = reader.readLine();
                process.waitFor(1, TimeUnit.SECONDS);
                var size = SIZE.matcher(answer == null ? "" : answer);
                if (size.matches() && Integer.parseInt(size.group(2)) > 0) {
                    return new Size(
                            Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
                }
            }
        } catch (IOException e) {
            return Size.USUAL; // no stty here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Size.USUAL;
    }
}
