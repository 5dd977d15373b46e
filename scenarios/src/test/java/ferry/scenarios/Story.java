package ferry.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// One folder below `stories/`: what happened, what is told to happen while it happens, and how it
/// must end.
record Story(Path folder, Expectation expected, Map<Pair, Expectation> expectedOn) {
    static final Path FOLDER = Path.of("stories");

    /// Every story, by name.
    static List<Story> all() {
        try (var folders = Files.list(FOLDER)) {
            return folders.filter(Files::isDirectory).sorted().map(Story::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Story read(Path folder) {
        var expected = Expectation.parse(text(folder.resolve("expect")));
        var special = new TreeMap<Pair, Expectation>();
        for (var pair : Pair.values()) {
            var file = folder.resolve("expect." + pair.name().toLowerCase(Locale.ROOT));
            if (Files.exists(file)) {
                special.put(pair, Expectation.parse(text(file)));
            }
        }
        return new Story(folder, expected, special);
    }

    String name() {
        return folder.getFileName().toString();
    }

    Expectation expected(Pair pair) {
        return expectedOn.getOrDefault(
                pair, expectedOn.getOrDefault(pair.withUsualSource(), expected));
    }

    List<Pair> pairs() {
        return Stream.of(Pair.values()).filter(expected.pairs()::contains).toList();
    }

    /// What the source (and here and there the target) holds before anything is moved; `fill`
    /// replaces `${db}`.
    Script create(Function<String, String> fill) {
        return Script.parse(fill.apply(text(folder.resolve("create.sql"))));
    }

    /// What happens meanwhile.
    Script during(Function<String, String> fill) {
        var file = folder.resolve("during.sql");
        return Files.exists(file) ? Script.parse(fill.apply(text(file))) : new Script(List.of());
    }

    /// The project file without name, source and target.
    String project(Function<String, String> fill) {
        var file = folder.resolve("project.yaml");
        return fill.apply(text(Files.exists(file) ? file : FOLDER.resolve("project.yaml")));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
