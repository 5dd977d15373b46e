package ferry.server.cli;

import ferry.server.run.Stop;
import java.util.List;
import java.util.function.Consumer;
import sun.misc.Signal;

/// Ctrl-C and friends: the first asks for a clean pause and lets the command return, the second
/// ends the process at once.
final class Signals {
    private static final List<String> STOPPING = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /// `say` tells the operator what happens now.
    static void pauseOn(Stop stop, Consumer<String> say) {
        for (var name : STOPPING) {
            handle(
                    name,
                    () -> {
                        if (stop.requested()) {
                            Runtime.getRuntime().halt(ExitCode.PAUSED.number());
                        }
                        stop.request();
                        say.accept(
                                "pausing at the next safe place; press Ctrl-C again to stop at once");
                    });
        }
    }

    static void onResize(Runnable action) {
        handle("WINCH", action);
    }

    private static void handle(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), _ -> action.run());
        } catch (IllegalArgumentException e) {
            // This system has no such signal, or the Java VM keeps it for itself: then its default
            // stays.
        }
    }
}
