package ferry.scenarios;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// Ferry's command line in a process of its own, which can be killed, stopped and woken. It must be
/// started by a thread that outlives it, because the kernel ends it together with that thread.
final class FerryProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile String lastPicture = "";

    /// Runs `ferry` with these arguments; what it prints is kept.
    FerryProcess(String... arguments) {
        this("-Xmx256m", List.of(arguments));
    }

    /// The same with another heap, as the JVM takes it.
    static FerryProcess withHeap(String heap, String... arguments) {
        return new FerryProcess(heap, List.of(arguments));
    }

    private FerryProcess(String heap, List<String> arguments) {
        var words =
                new ArrayList<>(
                        List.of("setpriv", "--pdeathsig", "KILL", "env", "--default-signal=INT"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(
                List.of(
                        heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "ferry.server.cli.Main"));
        words.addAll(arguments);
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = Thread.ofPlatform().daemon().name("ferry-" + process.pid()).start(this::read);
    }

    private void read() {
        try (var output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                // A picture comes every second, for hours: only the last one is kept.
                if (line.contains("\"progressed\"")) {
                    lastPicture = line;
                } else {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            lines.add("(its output broke off: " + e.getMessage() + ")");
        }
    }

    /// Everything it printed so far but its pictures.
    String output() {
        return String.join("\n", lines);
    }

    /// The end of what it printed, without its pictures and what it found in order.
    String story() {
        var story = lines.stream().filter(line -> !line.contains("\"PASSED\"")).toList();
        return String.join("\n", story.subList(Math.max(0, story.size() - 60), story.size()));
    }

    /// True when it printed an event of a step in this state.
    boolean told(String step, String state) {
        return lines.stream()
                .anyMatch(line ->
                        line.contains("\"stepChanged\"")
                                && line.contains("\"" + step + "\"")
                                && line.contains("\"" + state + "\""));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Ends it at once, as a crash would.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Sends a signal: INT pauses the project, STOP makes the process stand still, CONT wakes it.
    void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// From here on every write of it behind this offset of a file fails, whatever the file; other
    /// processes are not concerned.
    void limitFiles(String bytes) throws InterruptedException {
        run("prlimit", "--pid", Long.toString(pid()), "--fsize=" + bytes + ":unlimited");
    }

    void unlimitFiles() throws InterruptedException {
        limitFiles("unlimited");
    }

    private static void run(String... words) throws InterruptedException {
        try {
            var code = new ProcessBuilder(words).inheritIO().start().waitFor();
            if (code != 0) {
                throw new AssertionError(String.join(" ", words) + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for its end and returns its exit code.
    int exitCode() throws InterruptedException {
        return exitCode(LIMIT);
    }

    /// The same with another limit.
    int exitCode(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "Ferry still runs after " + limit + ":\n" + story() + "\n" + lastPicture);
        }
        reader.join();
        return process.exitValue();
    }

    /// The last picture it drew; empty before the first.
    String lastPicture() {
        return lastPicture;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
