package ferry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs programs and pipelines of programs.
final class Shell {
    /// Shows what the programs print; for those who look for the time.
    private static final boolean TALK = Boolean.getBoolean("ferry.bench.talk");

    private Shell() {}

    static boolean has(String program) {
        var path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// One program's words as a line of the shell.
    static String line(List<String> words) {
        return words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /// Runs one pipeline to its end.
    static void run(String pipeline) throws IOException, InterruptedException {
        run(pipeline, 0);
    }

    /// Runs one pipeline to its end; throws if it ends with another code.
    static void run(String pipeline, int code) throws IOException, InterruptedException {
        await(start(pipeline), code);
    }

    /// Runs several pipelines at the same time, to the end of all.
    static void together(List<String> pipelines) throws IOException, InterruptedException {
        var started = new ArrayList<Started>();
        for (var pipeline : pipelines) {
            started.add(start(pipeline));
        }
        for (var one : started) {
            await(one, 0);
        }
    }

    private record Started(String pipeline, Process process, Path output) {}

    private static Started start(String pipeline) throws IOException {
        // A file, because a full pipe would stop a program that we only wait for.
        var output = Files.createTempFile("ferry-bench", ".out");
        var process =
                new ProcessBuilder("bash", "-c", "set -eo pipefail; " + pipeline)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile())
                        .start();
        return new Started(pipeline, process, output);
    }

    private static void await(Started started, int expected)
            throws IOException, InterruptedException {
        try {
            var code = started.process().waitFor();
            if (code != expected) {
                throw new IOException(
                        "'%s' ended with code %d and not %d: %s"
                                .formatted(
                                        shortened(started.pipeline()),
                                        code,
                                        expected,
                                        tail(started.output())));
            }
            if (TALK) {
                Files.readAllLines(started.output()).forEach(System.out::println);
            }
        } finally {
            started.process().destroyForcibly();
            Files.deleteIfExists(started.output());
        }
    }

    /// A class path is longer than all that somebody wants to read.
    private static String shortened(String pipeline) {
        return pipeline.replaceAll("'-cp' '[^']*'", "-cp …");
    }

    private static String tail(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
