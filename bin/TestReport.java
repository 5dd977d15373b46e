import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Adds up the XML reports of a test run: lists what failed and what was skipped with the reason,
/// and ends with one line of counts. Exit code 1 if anything failed or nothing ran.
///
/// Arguments: the project's root, the scope (`all`, `fast` or `only`), a file with one line for
/// each failure outside tests.
final class TestReport {
    private static final int MESSAGE_LINES_MAX = 12;
    private static final Pattern TEST =
            Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");

    private final List<String> failed = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final Set<String> reported = new HashSet<>();
    private int passed;

    public static void main(String[] args) throws Exception {
        // A failed test may print more than the parser takes by default.
        System.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
        System.setProperty("jdk.xml.totalEntitySizeLimit", "0");

        var root = Path.of(args[0]);
        var report = new TestReport();
        for (var problem : Files.readAllLines(Path.of(args[2]))) {
            report.failed.add(problem);
        }
        for (var file : find(root, "/target/surefire-reports/TEST-[^/]*\\.xml")) {
            report.add(file);
        }
        if (args[1].equals("all") && report.failed.isEmpty()) {
            report.addClassesThatDidNotRun(root);
        }
        System.exit(report.print());
    }

    private static List<Path> find(Path root, String pattern) throws IOException {
        var wanted = Pattern.compile(".*" + pattern);
        try (Stream<Path> modules = Files.list(root)) {
            var found = new ArrayList<Path>();
            for (var module : modules.filter(TestReport::mayHoldTests).sorted().toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    files.filter(file -> wanted.matcher(file.toString()).matches())
                            .sorted()
                            .forEach(found::add);
                }
            }
            return found;
        }
    }

    private static boolean mayHoldTests(Path folder) {
        return Files.isDirectory(folder) && !folder.getFileName().toString().startsWith(".");
    }

    private void add(Path file) throws Exception {
        var suite = parser().parse(file.toFile()).getDocumentElement();
        reported.add(suite.getAttribute("name"));
        for (Node node = suite.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element test && test.getTagName().equals("testcase")) {
                addTest(test);
            }
        }
    }

    private static DocumentBuilder parser() throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder();
    }

    private void addTest(Element test) {
        var name = test.getAttribute("classname") + "." + test.getAttribute("name");
        for (Node node = test.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element outcome) {
                switch (outcome.getTagName()) {
                    case "failure", "error" -> {
                        failed.add(name + ": " + failure(outcome));
                        return;
                    }
                    case "skipped" -> {
                        skipped.add(name + ": " + reason(outcome));
                        return;
                    }
                    default -> {
                        // system-out, system-err and properties say nothing about the outcome
                    }
                }
            }
        }
        passed++;
    }

    private static String failure(Element outcome) {
        var message = outcome.getAttribute("message");
        var text =
                message.isBlank()
                        ? outcome.getTextContent()
                        : outcome.getAttribute("type") + ": " + message;
        return String.join(
                "\n", text.strip().lines().limit(MESSAGE_LINES_MAX).map(String::strip).toList());
    }

    /// A test that gives up with a reason leaves it as the first line of a stack trace.
    private static String reason(Element outcome) {
        var message = outcome.getAttribute("message");
        var text = message.isBlank() ? outcome.getTextContent() : message;
        var first = text.strip().lines().findFirst().orElse("no reason given");
        var type = outcome.getAttribute("type") + ": ";
        return first.startsWith(type) ? first.substring(type.length()) : first;
    }

    /// A class that the runner forgets looks exactly like one that passes, so each one must have
    /// left a report.
    private void addClassesThatDidNotRun(Path root) throws IOException {
        for (var file : find(root, "/src/test/java/.*Test\\.java")) {
            var source = Files.readString(file);
            var name =
                    file.toString()
                            .replaceFirst(".*/src/test/java/", "")
                            .replaceFirst("\\.java$", "")
                            .replace('/', '.');
            if (!source.contains("abstract class")
                    && TEST.matcher(source).find()
                    && !reported.contains(name)) {
                failed.add(name + ": was not run");
            }
        }
    }

    private int print() {
        if (passed + failed.size() + skipped.size() == 0) {
            failed.add("no test ran");
        }
        printList("Skipped:", counted(skipped));
        printList("Failed:", failed);
        System.out.println(
                passed + " passed, " + failed.size() + " failed, " + skipped.size() + " skipped");
        return failed.isEmpty() ? 0 : 1;
    }

    /// Each entry once: what every dialect skips for one reason would hide the rest.
    private static List<String> counted(List<String> entries) {
        var counts = new LinkedHashMap<String, Integer>();
        entries.forEach(entry -> counts.merge(entry, 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry ->
                        entry.getValue() == 1
                                ? entry.getKey()
                                : entry.getValue() + " times " + entry.getKey())
                .toList();
    }

    private static void printList(String title, List<String> entries) {
        if (entries.isEmpty()) {
            return;
        }
        System.out.println();
        System.out.println(title);
        for (var entry : entries) {
            System.out.println("  " + entry.replace("\n", "\n      "));
        }
        System.out.println();
    }
}
