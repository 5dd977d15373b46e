package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.dialect.Finding;
import ferry.engine.model.TableName;
import ferry.engine.precheck.Precheck;
import ferry.engine.problem.ProblemException;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import ferry.server.run.ProjectFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every story on every pair of servers. `-Dferry.story=NAME` runs those whose names begin so,
/// `-Dferry.pair=oceanbase` those to one kind of target.
@Tag("servers")
final class ScenarioTest {
    /// A story mostly waits, for heartbeats and for servers, so several are told at the same time.
    private static final int TOLD_TOGETHER = 3;

    @TempDir private static Path folder;

    private static ExecutorService tellers;

    @BeforeAll
    static void openTellers() {
        tellers = Executors.newFixedThreadPool(TOLD_TOGETHER);
    }

    @AfterAll
    static void closeTellers() {
        tellers.close();
    }

    @TestFactory
    Stream<DynamicTest> everyStoryEndsAsExpected() {
        var wanted = System.getProperty("ferry.story", "");
        var only = System.getProperty("ferry.pair", "");
        var tests = new ArrayList<DynamicTest>();
        var alone = new ArrayList<DynamicTest>();
        for (var story : Story.all()) {
            for (var pair : story.pairs()) {
                if (!story.name().startsWith(wanted) || !lowerCase(pair).startsWith(only)) {
                    continue;
                }
                var name = story.name() + " to " + lowerCase(pair);
                if (story.expected().alone()) {
                    alone.add(DynamicTest.dynamicTest(name, () -> tell(story, pair)));
                } else {
                    var told =
                            tellers.submit(() -> {
                                tell(story, pair);
                                return null;
                            });
                    tests.add(DynamicTest.dynamicTest(name, () -> await(told)));
                }
            }
        }
        // JUnit keeps the order: when the first of these begins, all others have ended.
        tests.addAll(alone);
        return tests.stream();
    }

    private static void await(Future<?> told) throws Throwable {
        try {
            told.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static String lowerCase(Pair pair) {
        return pair.name().toLowerCase(Locale.ROOT);
    }

    private static void tell(Story story, Pair pair) throws Exception {
        // Stories of several pairs share a server at the same time.
        var database = story.name().replace('-', '_') + "_" + pair.ordinal();
        Function<String, String> fill =
                text -> Counting.fit(text.replace("${db}", database), pair.origin());
        var source = Servers.source(pair);
        var target = Servers.target(pair);
        var home = Files.createDirectories(folder.resolve(pair + "-" + story.name()));
        source.execute(
                "CREATE DATABASE " + Quoting.name(database) + " DEFAULT CHARACTER SET utf8mb4");
        try (var sessions = new Sessions(source, target, database)) {
            for (var block : story.create(fill).blocks()) {
                sessions.run(block);
            }
            var moments = new Moments(story.during(fill), sessions);
            var project = project(story, pair, fill, home);
            var crossing = new Crossing(project, home.resolve("changelog"), moments);
            cross(story.expected(pair), pair, database, project, crossing, moments);
        } finally {
            forget(database, pair);
        }
    }

    private static void cross(
            Expectation expected,
            Pair pair,
            String database,
            Project project,
            Crossing crossing,
            Moments moments)
            throws Exception {
        moments.reach("start");
        precheck(expected, project, crossing);
        if (expected.problem().isPresent()) {
            assertThat(stoppedBy(crossing))
                    .as("the problem")
                    .contains(expected.problem().orElseThrow().name());
            moments.reach(Moments.PROBLEM);
        }
        if (expected.equal()) {
            crossing.follow();
            verify(crossing);
            if (moments.has(Moments.VERIFYING)) {
                verify(crossing);
            }
            compare(expected, pair, database, project, crossing);
        }
        moments.requireAll(expected.equal());
    }

    private static void precheck(Expectation expected, Project project, Crossing crossing) {
        var findings = new Precheck(crossing.ends(), project.objects()::mapping, true, true).run();
        var failed =
                findings.stream()
                        .filter(finding -> finding.outcome() == Finding.Outcome.FAILED)
                        .toList();
        assertThat(failed.stream().map(Finding::item).collect(Collectors.toSet()))
                .as("failed precheck items: %s", failed)
                .isEqualTo(expected.failed());
    }

    /// What stopped the first run: the problem's code and words, or how it ended otherwise.
    private static String stoppedBy(Crossing crossing) throws InterruptedException {
        try {
            crossing.follow();
            return "no problem";
        } catch (ProblemException e) {
            System.out.println("as expected: " + e.problem());
            return e.code().name();
        }
    }

    private static void verify(Crossing crossing) throws InterruptedException {
        var certificate = crossing.verify();
        assertThat(
                        certificate.tables().stream()
                                .flatMap(table -> table.differences().stream())
                                .toList())
                .as("differences in the certificate")
                .isEmpty();
        assertThat(certificate.equal()).as("the certificate says equal").isTrue();
    }

    private static void compare(
            Expectation expected, Pair pair, String database, Project project, Crossing crossing)
            throws SQLException {
        var source = Servers.source(pair);
        var target = Servers.target(pair);
        var refused =
                crossing.refused().stream().map(RefusedKey::object).collect(Collectors.toSet());
        assertThat(refused)
                .as("keys that the target refused: %s", crossing.refused())
                .isEqualTo(expected.refused());
        var differences =
                new Comparison(source, target, pair, database, project.objects()::mapping)
                        .differences().stream()
                                .filter(line ->
                                        expected.refused().stream()
                                                .noneMatch(
                                                        key -> line.contains("key [" + key + ",")))
                                .toList();
        assertThat(differences).as("differences by the test's own comparison").isEmpty();
        for (var count : expected.rows().entrySet()) {
            var name = new TableName(database, count.getKey());
            assertThat(Comparison.count(target, project.objects().target(name).orElseThrow()))
                    .as("rows of %s", name)
                    .isEqualTo(count.getValue());
        }
        for (var table : expected.absent()) {
            assertThat(Comparison.exists(target, new TableName(database, table)))
                    .as("%s exists", table)
                    .isFalse();
        }
        var generations = generations(crossing);
        expected.again()
                .forEach((table, again) ->
                        assertThat(generations.get(table) > 0)
                                .as("%s was loaded again (generations: %s)", table, generations)
                                .isEqualTo(again));
    }

    /// How often each table was loaded again, by its name.
    private static Map<String, Integer> generations(Crossing crossing) {
        var ends = crossing.ends();
        try (var bookkeeping = ends.bookkeeping()) {
            var marks = new Marks(ends::position);
            marks.read(bookkeeping, ends.project());
            return marks.tables().stream()
                    .collect(
                            Collectors.toMap(
                                    mark -> mark.name().table(), mark -> mark.generation()));
        }
    }

    private static Project project(Story story, Pair pair, Function<String, String> fill, Path home)
            throws IOException {
        var text =
                """
                name: %s
                source: { type: %s, host: 127.0.0.1, port: %d, username: %s, password: "" }
                target: { type: %s, host: 127.0.0.1, port: %d, username: root, password: "" }
                """
                        .formatted(
                                fill.apply("${db}"),
                                pair.sourceType(),
                                Servers.source(pair).port(),
                                pair.sourceUser(),
                                pair.targetType(),
                                Servers.target(pair).port());
        var file = home.resolve("project.yaml");
        Files.writeString(file, text + story.project(fill));
        return ProjectFile.read(file, Dialects.installed().endpointTypes(), Map.of());
    }

    /// Drops what the story made at both ends, so that the next one finds servers as they were.
    private static void forget(String database, Pair pair) throws SQLException {
        if (database.startsWith("xa_")) {
            rollBackPrepared(pair);
        }
        for (var server : List.of(Servers.source(pair), Servers.target(pair))) {
            var names =
                    server.query("SHOW DATABASES").stream()
                            .filter(name ->
                                    name.equals(database) || name.startsWith(database + "_"))
                            .sorted(Comparator.reverseOrder())
                            .toList();
            for (var name : names) {
                server.execute("SET foreign_key_checks = 0", "DROP DATABASE " + Quoting.name(name));
            }
        }
    }

    /// A story that failed may leave a prepared transaction behind, whose locks would stop
    /// everything.
    private static void rollBackPrepared(Pair pair) throws SQLException {
        try (var connection = Servers.source(pair).connect();
                var statement = connection.createStatement()) {
            var open = new ArrayList<String>();
            try (var rows = statement.executeQuery("XA RECOVER")) {
                while (rows.next()) {
                    var name = rows.getBytes("data");
                    var split = rows.getInt("gtrid_length");
                    open.add(
                            "x'%s', x'%s', %d"
                                    .formatted(
                                            HexFormat.of().formatHex(name, 0, split),
                                            HexFormat.of().formatHex(name, split, name.length),
                                            rows.getInt("formatID")));
                }
            }
            for (var xid : open) {
                statement.execute("XA ROLLBACK " + xid);
            }
        }
    }
}
