package ferry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// What the measured machine is.
final class Machine {
    private Machine() {}

    static Map<String, Object> facts() throws IOException {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("processor", line("/proc/cpuinfo", "model name"));
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("memory", line("/proc/meminfo", "MemTotal"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", Runtime.version().toString());
        facts.put("programs", programs());
        return facts;
    }

    /// What ran, in which version: Ferry as it was committed last, and what is installed of others.
    private static Map<String, String> programs() throws IOException {
        var programs = new LinkedHashMap<String, String>();
        programs.put("ferry", said("git", "describe", "--always", "--dirty"));
        for (var tool : List.of("mydumper", "myloader", "mariadb-dump", "mariadb")) {
            if (Shell.has(tool)) {
                programs.put(tool, said(tool, "--version"));
            }
        }
        var debezium = new Properties();
        try (var file =
                Machine.class.getResourceAsStream(
                        "/META-INF/maven/io.debezium/debezium-embedded/pom.properties")) {
            if (file != null) {
                debezium.load(file);
                programs.put("debezium", debezium.getProperty("version"));
            }
        }
        return programs;
    }

    /// The first line that a program says.
    private static String said(String... words) throws IOException {
        var process =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .start();
        try (var lines = process.inputReader()) {
            return Optional.ofNullable(lines.readLine()).orElse("unknown");
        } finally {
            process.destroyForcibly();
        }
    }

    private static String line(String file, String name) throws IOException {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
