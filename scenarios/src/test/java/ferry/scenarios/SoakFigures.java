package ferry.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// What Ferry takes of its machine while a soak runs, measured now and then, and whether that is
/// bounded.
final class SoakFigures {
    private static final long MEBIBYTE = 1 << 20;
    private static final long LIVE_MAX = 128 * MEBIBYTE;
    private static final long RESIDENT_MAX = 768 * MEBIBYTE;
    private static final long LOG_MAX = 128 * MEBIBYTE;

    /// How much more may live at the end of a life than at its beginning.
    private static final double GROWTH = 1.5;

    private static final long GROWTH_BYTES = 16 * MEBIBYTE;

    /// A shorter life says nothing about growth.
    private static final int SAMPLES_LEAST = 9;

    private final List<Sample> samples = new ArrayList<>();

    /// One measurement.
    ///
    /// @param life which process it was
    /// @param residentBytes of it, by the kernel
    /// @param liveBytes of its heap behind a full collection
    /// @param logBytes of the change log
    /// @param firstSegment the name of the log's oldest segment
    record Sample(
            int life, long residentBytes, long liveBytes, long logBytes, String firstSegment) {}

    /// Measures the process that works on this change log.
    static Sample measure(int life, long pid, Path changeLog)
            throws IOException, InterruptedException {
        var resident = residentBytes(pid);
        var live = liveBytes(pid);
        var bytes = 0L;
        try (var files = Files.list(changeLog)) {
            var segments = files.sorted().toList();
            for (var segment : segments) {
                try {
                    bytes += Files.size(segment);
                } catch (NoSuchFileException e) {
                    // It was dropped meanwhile.
                }
            }
            var first = segments.isEmpty() ? "" : segments.getFirst().getFileName().toString();
            return new Sample(life, resident, live, bytes, first);
        }
    }

    private static long residentBytes(long pid) throws IOException {
        try (var status = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    * 1024;
        }
    }

    /// A histogram collects first, so that it counts what lives; its last line is the sum.
    private static long liveBytes(long pid) throws IOException, InterruptedException {
        var output = Files.createTempFile("ferry-histogram", ".txt");
        try {
            var jcmd =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                            .toString(),
                                    Long.toString(pid),
                                    "GC.class_histogram")
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!jcmd.waitFor(60, TimeUnit.SECONDS)) {
                jcmd.destroyForcibly().waitFor();
                throw new IOException("process " + pid + " gave no histogram within 60 s");
            }
            try (var lines = Files.lines(output)) {
                return lines.filter(line -> line.startsWith("Total"))
                        .map(line -> line.strip().split("\\s+"))
                        .mapToLong(words -> Long.parseLong(words[2]))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no histogram: " + readQuietly(output)));
            }
        } finally {
            Files.delete(output);
        }
    }

    private static String readQuietly(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.limit(5).collect(Collectors.joining("; "));
        } catch (IOException e) {
            return e.toString();
        }
    }

    void add(Sample sample) {
        samples.add(sample);
    }

    /// What is not bounded, in words; empty if everything is.
    List<String> complaints() {
        var found = new ArrayList<String>();
        atMost(found, "live heap", LIVE_MAX, samples.stream().map(Sample::liveBytes).toList());
        atMost(
                found,
                "resident memory",
                RESIDENT_MAX,
                samples.stream().map(Sample::residentBytes).toList());
        atMost(found, "change log", LOG_MAX, samples.stream().map(Sample::logBytes).toList());
        samples.stream()
                .collect(Collectors.groupingBy(Sample::life))
                .forEach((life, ofLife) -> growth(life, ofLife).ifPresent(found::add));
        if (samples.size() >= SAMPLES_LEAST
                && samples.getFirst().firstSegment().equals(samples.getLast().firstSegment())) {
            found.add("the change log still begins with " + samples.getLast().firstSegment());
        }
        return found;
    }

    private static void atMost(List<String> found, String what, long limit, List<Long> values) {
        values.stream()
                .filter(value -> value > limit)
                .max(Long::compare)
                .ifPresent(value ->
                        found.add(
                                "%s reached %d MiB; at most %d may be"
                                        .formatted(what, value / MEBIBYTE, limit / MEBIBYTE)));
    }

    /// Compares the least of the first third with the least of the last one, since what lives goes
    /// up and down with the work.
    private static Optional<String> growth(int life, List<Sample> ofLife) {
        if (ofLife.size() < SAMPLES_LEAST) {
            return Optional.empty();
        }
        var third = ofLife.size() / 3;
        var first = least(ofLife.subList(0, third));
        var last = least(ofLife.subList(ofLife.size() - third, ofLife.size()));
        return last > GROWTH * first + GROWTH_BYTES
                ? Optional.of(
                        "the live heap of process %d grew from %d to %d MiB"
                                .formatted(life, first / MEBIBYTE, last / MEBIBYTE))
                : Optional.empty();
    }

    private static long least(List<Sample> some) {
        return some.stream().mapToLong(Sample::liveBytes).min().orElseThrow();
    }

    /// The last measurement in words.
    String last() {
        if (samples.isEmpty()) {
            return "not measured yet";
        }
        var last = samples.getLast();
        return "RSS %d MiB, live heap %d MiB, change log %.1f MiB"
                .formatted(
                        last.residentBytes() / MEBIBYTE,
                        last.liveBytes() / MEBIBYTE,
                        (double) last.logBytes() / MEBIBYTE);
    }

    /// The extremes of all measurements in words.
    String total() {
        return "%d measurements: RSS at most %d MiB, live heap at most %d MiB, change log at most %.1f MiB"
                .formatted(
                        samples.size(),
                        samples.stream().mapToLong(Sample::residentBytes).max().orElse(0)
                                / MEBIBYTE,
                        samples.stream().mapToLong(Sample::liveBytes).max().orElse(0) / MEBIBYTE,
                        samples.stream().mapToLong(Sample::logBytes).max().orElse(0)
                                / (double) MEBIBYTE);
    }

    /// The time between two measurements of a soak of this length.
    static Duration every(Duration soak) {
        return soak.compareTo(Duration.ofMinutes(3)) < 0
                ? Duration.ofSeconds(5)
                : Duration.ofSeconds(20);
    }
}
