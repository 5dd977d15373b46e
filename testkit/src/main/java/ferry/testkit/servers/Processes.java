package ferry.testkit.servers;

import ferry.testkit.servers.Commands.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Starts servers that never outlive this JVM: a shutdown hook ends them when the JVM ends in
/// order, and the kernel ends them when it is killed.
final class Processes {
    /// The kernel's signal comes when the thread that started a process ends, not when its JVM
    /// does. So one thread that never ends starts all of them.
    private static final ExecutorService STARTER =
            Executors.newSingleThreadExecutor(
                    work -> Thread.ofPlatform().daemon().name("server-starter").unstarted(work));

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final boolean ROOT =
            Commands.attempt(Command.in(Path.of("/"), "id", "-u")).output().strip().equals("0");

    private Processes() {}

    /// The folder of this JVM's servers. It is made with the first of them, and the hook with it.
    private static final class Home {
        static final Scratch SCRATCH = Scratch.open(Path.of(System.getProperty("java.io.tmpdir")));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(Processes::endAll, "server-ender"));
        }

        private Home() {}
    }

    static Path newFolder(String name) {
        return Home.SCRATCH.folder(name);
    }

    static boolean isRoot() {
        return ROOT;
    }

    /// MySQL and MariaDB refuse to run as root unless told to.
    static List<String> userFlags() {
        return ROOT ? List.of("--user=root") : List.of();
    }

    static Process start(Recipe.Launch launch, Path folder, Path log) {
        var words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "sh", "-c"));
        // If the JVM died before the signal was asked for, the parent is another one by now. And a
        // session of its own, so that Ctrl-C on the terminal reaches the JVM only.
        words.add("[ \"$PPID\" = \"$0\" ] || exit 1; exec setsid \"$@\"");
        words.add(Long.toString(ProcessHandle.current().pid()));
        words.addAll(launch.command());
        var builder =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(launch.environment());
        try {
            var process = STARTER.submit(builder::start).get();
            RUNNING.add(process);
            process.onExit().thenAccept(RUNNING::remove);
            return process;
        } catch (ExecutionException e) {
            throw new ServerUnavailableException(
                    "The server cannot be started; it needs setpriv and setsid of util-linux: "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while starting " + launch.command().getFirst(), e);
        }
    }

    static void kill(Process process) {
        process.destroyForcibly();
        await(process, 30);
    }

    static void terminate(Process process) {
        process.destroy();
        await(process, 60);
    }

    static void signal(Process process, String name) {
        Commands.run(Command.in(Path.of("/"), "sh", "-c", "kill -" + name + " " + process.pid()));
    }

    /// Makes it stand still, and returns when each of its threads does: under load a thread may run
    /// on for a while after the signal.
    static void pause(Process process) {
        signal(process, "STOP");
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (process.isAlive() && !stands(process) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean stands(Process process) {
        try (var threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (var thread : threads.toList()) {
                var stat = Files.readString(thread.resolve("stat"));
                // The state stands behind the name, which is in parentheses and may hold any.
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false; // a thread ended meanwhile: look again
        }
    }

    private static void await(Process process, int seconds) {
        var interrupted = false;
        try {
            var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (process.isAlive()) {
                try {
                    if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        throw new IllegalStateException(
                                "process %d still runs after %d s"
                                        .formatted(process.pid(), seconds));
                    }
                } catch (InterruptedException e) {
                    interrupted = true; // A server must not stay behind: wait on, and tell later.
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void endAll() {
        RUNNING.forEach(Process::destroyForcibly);
        RUNNING.forEach(process -> await(process, 30));
        try {
            Home.SCRATCH.delete();
        } catch (UncheckedIOException e) {
            // The next JVM removes what is left.
        }
    }
}
