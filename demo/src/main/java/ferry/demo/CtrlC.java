package ferry.demo;

import java.io.PrintStream;
import java.util.List;
import sun.misc.Signal;

/// Ends the demo in order on Ctrl-C and friends: the servers and their folders go, and the main
/// thread, which is still in the middle of something that now fails, says no more.
final class CtrlC {
    static final int EXIT_CODE = 130;

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private CtrlC() {}

    /// From now on a signal ends this JVM with this exit code.
    static void ends(int exitCode) {
        for (var name : SIGNALS) {
            try {
                Signal.handle(new Signal(name), _ -> end(exitCode));
            } catch (IllegalArgumentException e) {
                // This system has no such signal, or the JVM keeps it for itself: then its default
                // stays.
            }
        }
    }

    private static void end(int exitCode) {
        var out = System.out;
        System.setOut(new PrintStream(PrintStream.nullOutputStream()));
        System.setErr(new PrintStream(PrintStream.nullOutputStream()));
        out.println("\nStopping the servers");
        System.exit(exitCode);
    }
}
