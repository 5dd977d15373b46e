package ferry.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How a Java program of this class path is started in a process of its own.
final class Java {
    private Java() {}

    /// The command line: the options that this JVM was started with, more options, which win over
    /// them, and the program.
    static List<String> command(List<String> options, String mainClass, List<String> arguments) {
        return command(options, System.getProperty("java.class.path"), mainClass, arguments);
    }

    /// The same with another class path.
    static List<String> command(
            List<String> options, String classPath, String mainClass, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.toLowerCase(Locale.ROOT).contains("agent"))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(arguments);
        return command;
    }
}
