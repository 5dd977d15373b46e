package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Looks whether the tests and stories that docs/guarantees.md and docs/features.md name are there:
/// a promise whose test was renamed or lost is none.
class GuaranteesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path GUARANTEES = ROOT.resolve("docs/guarantees.md");
    private static final Path FEATURES = ROOT.resolve("docs/features.md");
    private static final Path STORIES = Path.of("stories");

    /// A class, perhaps with its package before and a method behind.
    private static final Pattern TEST =
            Pattern.compile("`(?:[a-z]+\\.)*([A-Z]\\w*Test)(?:\\.(\\w+))?`");

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern STORY = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)+");

    @Test
    void everyPromiseNamesATestOrSaysThatNobodyHasProvedIt() throws IOException {
        var promises = rows(GUARANTEES, "## Broken on purpose");

        assertThat(promises).hasSizeGreaterThan(50);
        assertThat(promises)
                .allMatch(row ->
                        row.getLast().startsWith("not yet")
                                || TEST.matcher(row.getLast()).find()
                                || names(row.getLast()).stream().anyMatch(GuaranteesTest::isStory));
    }

    @Test
    void everyTestAndStoryOfAPromiseExists() throws IOException {
        var sources = sources();
        for (var row : rows(GUARANTEES, "## Broken on purpose")) {
            for (var name : names(row.getLast())) {
                assertThat(isStory(name) || missing("`" + name + "`", sources).isEmpty())
                        .as("`%s` proves \"%s\"", name, row.get(1))
                        .isTrue();
            }
        }
    }

    @Test
    void everyTestThatAFeatureNamesExists() throws IOException {
        var sources = sources();
        var text = Files.readString(FEATURES);

        assertThat(TEST.matcher(text).results().count()).isGreaterThan(50);
        assertThat(
                        TEST.matcher(text)
                                .results()
                                .map(MatchResult::group)
                                .distinct()
                                .flatMap(name -> missing(name, sources).stream()))
                .isEmpty();
    }

    /// The name if there is no such test; empty if there is.
    private static Optional<String> missing(String quoted, Map<String, String> sources) {
        var named = TEST.matcher(quoted);
        if (!named.matches()) {
            return Optional.of(quoted);
        }
        var source = sources.get(named.group(1));
        var method = named.group(2);
        var isThere =
                source != null
                        && (method == null
                                || Pattern.compile("\\b" + method + "\\(").matcher(source).find());
        return isThere ? Optional.empty() : Optional.of(quoted);
    }

    /// What stands in quotes and is a test or may be a story.
    private static List<String> names(String cell) {
        return QUOTED.matcher(cell)
                .results()
                .map(found -> found.group(1))
                .filter(name ->
                        TEST.matcher("`" + name + "`").matches() || STORY.matcher(name).matches())
                .toList();
    }

    private static boolean isStory(String name) {
        return Files.isRegularFile(STORIES.resolve(name).resolve("why.md"));
    }

    /// The cells of a page's table rows, up to a heading; without the table's own heading.
    private static List<List<String>> rows(Path page, String upTo) throws IOException {
        var text = Files.readString(page);
        return text.substring(0, text.indexOf(upTo))
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| § |"))
                .map(line -> List.of(line.substring(1, line.lastIndexOf('|')).split("\\|")))
                .map(cells -> cells.stream().map(String::strip).toList())
                .toList();
    }

    /// The text of every test class of all modules, by its simple name.
    private static Map<String, String> sources() throws IOException {
        var sources = new TreeMap<String, String>();
        for (var parent : List.of(ROOT, ROOT.resolve("dialects"))) {
            for (var module : list(parent)) {
                var tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) {
                    collect(tests, sources);
                }
            }
        }
        return sources;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static void collect(Path folder, Map<String, String> sources) throws IOException {
        try (var found = Files.walk(folder)) {
            for (var file : found.filter(path -> path.toString().endsWith(".java")).toList()) {
                var name = file.getFileName().toString().replaceFirst("\\.java$", "");
                sources.merge(name, Files.readString(file), String::concat);
            }
        }
    }
}
