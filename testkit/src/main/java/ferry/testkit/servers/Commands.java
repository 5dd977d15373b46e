package ferry.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Runs short commands: package clients, archivers, initialisers.
final class Commands {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int OUTPUT_CHARACTERS_MAX = 2000;

    private Commands() {}

    /// What to run, where, with which further environment and with what as its input.
    record Command(
            List<String> words,
            Path folder,
            Map<String, String> environment,
            Optional<Path> input) {
        Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }

        static Command in(Path folder, String... words) {
            return new Command(List.of(words), folder, Map.of(), Optional.empty());
        }

        Command withEnvironment(Map<String, String> more) {
            return new Command(words, folder, more, input);
        }

        Command withInput(Path file) {
            return new Command(words, folder, environment, Optional.of(file));
        }
    }

    /// How a command ended. A command that does not exist ends with code 127, as in a shell.
    record Result(int code, String output) {
        boolean succeeded() {
            return code == 0;
        }
    }

    /// Runs the command and returns its output, or says why the server cannot be had.
    static String run(Command command) {
        var result = attempt(command);
        if (!result.succeeded()) {
            throw new ServerUnavailableException(
                    "\"%s\" ended with code %d: %s"
                            .formatted(
                                    String.join(" ", command.words()),
                                    result.code(),
                                    tail(result.output())));
        }
        return result.output();
    }

    /// Runs the command and returns how it ended.
    static Result attempt(Command command) {
        try {
            // A file, because a full pipe would stop a command that we only wait for.
            var output = Files.createTempFile("ferry", ".out");
            try {
                return run(command, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return new Result(127, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnavailableException(
                    "interrupted while running " + command.words().getFirst(), e);
        }
    }

    private static Result run(Command command, Path output)
            throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(command.words())
                        .directory(command.folder().toFile())
                        .redirectErrorStream(true)
                        .redirectInput(command.input().orElse(Path.of("/dev/null")).toFile())
                        .redirectOutput(output.toFile());
        builder.environment().putAll(command.environment());
        var process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return new Result(124, "no end after " + LIMIT.toMinutes() + " minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), readTail(output));
    }

    /// The end of a text file, for messages.
    static String tail(Path file) {
        try {
            return tail(readTail(file));
        } catch (IOException e) {
            return "(" + file + " cannot be read: " + e.getMessage() + ")";
        }
    }

    private static String tail(String text) {
        var trimmed = text.strip();
        return trimmed.substring(Math.max(0, trimmed.length() - OUTPUT_CHARACTERS_MAX));
    }

    private static String readTail(Path file) throws IOException {
        var bytesMax = 1 << 20;
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, Files.size(file) - bytesMax));
            return new String(in.readAllBytes());
        }
    }
}
