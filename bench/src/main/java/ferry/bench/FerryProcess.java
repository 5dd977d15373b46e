package ferry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Ferry's command line in a process of its own, and the events that it tells. It must be started
/// by a thread that outlives it, because the kernel ends it together with that thread.
final class FerryProcess implements AutoCloseable {
    private static final int LINES_KEPT = 200;

    private final Process process;
    private final Thread reader;
    // Both are guarded by this object.
    private final List<String> steps = new ArrayList<>();
    private final Deque<String> lines = new ArrayDeque<>();

    private FerryProcess(Process process) {
        this.process = process;
        this.reader =
                Thread.ofPlatform().daemon().name("ferry-" + process.pid()).unstarted(this::read);
    }

    static FerryProcess start(List<String> javaCommand) throws IOException {
        var command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        command.addAll(javaCommand);
        var started =
                new FerryProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
        started.reader.start();
        return started;
    }

    private void read() {
        try (var output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(its output broke off: " + e.getMessage() + ")");
        }
    }

    private synchronized void add(String line) {
        if (line.contains("\"stepChanged\"")) {
            steps.add(line);
        }
        if (!line.contains("\"progressed\"")) {
            lines.add(line);
        }
        if (lines.size() > LINES_KEPT) {
            lines.removeFirst();
        }
        notifyAll();
    }

    /// Returns when it has told that this step reached this state; throws if it ends before, or
    /// does not tell it in time.
    void awaitStep(String step, String state, Duration limit)
            throws IOException, InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!hasTold(step, state)) {
            if (!process.isAlive()) {
                reader.join();
                if (!hasTold(step, state)) {
                    throw new IOException("Ferry ended before " + step + " was " + state + story());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "Ferry's %s was not %s after %s%s".formatted(step, state, limit, story()));
            }
            synchronized (this) {
                wait(100);
            }
        }
    }

    private synchronized boolean hasTold(String step, String state) {
        return steps.stream()
                .anyMatch(line ->
                        line.contains('"' + step + '"') && line.contains('"' + state + '"'));
    }

    /// The end of what it told, for a message.
    synchronized String story() {
        return ":\n" + String.join("\n", lines);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end; false if it did not end in time.
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    /// The most memory that it ever had, in megabytes; 0 if it has ended.
    double peakMegabytes() throws IOException {
        try (var status = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return status.filter(line -> line.startsWith("VmHWM:"))
                            .map(line -> line.replaceAll("\\D", ""))
                            .mapToLong(Long::parseLong)
                            .max()
                            .orElse(0)
                    / 1024.0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /// Ends it at once, as a crash would: what it did is durable.
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the kernel ends it all the same
        }
    }
}
