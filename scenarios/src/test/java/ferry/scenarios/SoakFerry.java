package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.TableMark.Phase;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import ferry.server.run.ProjectFile;
import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Ferry in a soak: one project in one home, and the process that works on it now. Whoever looks
/// after it starts it again when it could not begin because a server was away, as an operator does;
/// once it is at work it may not end by itself.
final class SoakFerry implements AutoCloseable {
    static final String DATABASE = "soak";
    private static final int REFUSED_STARTS_MAX = 40;
    private static final int ENVIRONMENT = 3;
    private static final String OTHER_OWNER = "FERRY-1020";
    private static final String PRECHECK_FAILED = "FERRY-1010";

    /// The problems that end a start while a server is away.
    private static final Set<String> AWAY = Set.of("FERRY-2001", "FERRY-3001", PRECHECK_FAILED);

    private static final Pattern STOPPED =
            Pattern.compile("\"event\":\"stopped\".*?\"code\":\"(FERRY-\\d+)\"");

    /// A precheck item that failed because a server was away.
    private static final Pattern LOST = Pattern.compile("\"item\":\"RDB_CONNECT\"|SQLSTATE 08");

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern APPLIED =
            Pattern.compile("\"step\":\"INCR_TRANSFER\"[^}]*?\"rows\":(\\d+)");
    private static final Pattern LAG = Pattern.compile("\"totalMillis\":(\\d+)");

    private final Path folder;
    private final Path file;
    private final Project project;
    private final MarksInTarget marks;
    private final List<String> refusedStarts = new ArrayList<>();
    private FerryProcess process;
    private int lives;
    private int refusedInARow;
    private long appliedBefore;
    private boolean away;

    /// The ports are those of the relays in front of the servers.
    SoakFerry(Path folder, Pair pair, int sourcePort, int targetPort, DatabaseServer target)
            throws IOException {
        this.folder = folder;
        this.file = folder.resolve("project.yaml");
        Files.writeString(
                file,
                """
                name: %1$s
                source: { type: mysql, host: 127.0.0.1, port: %2$d, username: root, password: "" }
                target: { type: %3$s, host: 127.0.0.1, port: %4$d, username: root, password: "" }
                objects: { include: ["%1$s.*"] }
                settings:
                  load.workers: 2
                  load.chunk.rows: 1000
                  load.keys.rows: 0
                  verify.workers: 2
                  verify.chunk.rows: 1000
                  changelog.segment.bytes: 256KiB
                  changelog.retention: 10s
                  apply.checkpoint.time: 1s
                """
                        .formatted(DATABASE, sourcePort, pair.targetType(), targetPort));
        this.project = ProjectFile.read(file, Dialects.installed().endpointTypes(), Map.of());
        this.marks = new MarksInTarget(project, target);
        start();
    }

    Project project() {
        return project;
    }

    Path home() {
        return folder.resolve("home").resolve(DATABASE);
    }

    /// Processes that worked on the project so far.
    int lives() {
        return lives;
    }

    FerryProcess process() {
        return process;
    }

    /// Starts that ended at once, because a server was away or seemed to have another owner.
    int refusedStarts() {
        return refusedStarts.size();
    }

    /// What those starts printed.
    List<String> refused() {
        return List.copyOf(refusedStarts);
    }

    /// Row changes that were applied, by all processes as far as their last pictures say.
    long applied() {
        return appliedBefore + number(APPLIED);
    }

    /// The lag in milliseconds; -1 while it is unknown.
    long lagMillis() {
        return LAG.matcher(process.lastPicture()).find() ? number(LAG) : -1;
    }

    private long number(Pattern pattern) {
        var found = pattern.matcher(process.lastPicture());
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    /// True while a process is at work, so that it can be asked for its figures.
    boolean isAtWork() {
        return !away && process.isAlive() && !process.lastPicture().isEmpty();
    }

    void start() {
        appliedBefore += process == null ? 0 : number(APPLIED);
        process = run("migrate", "--yes", "--until", "forever");
        away = false;
    }

    private FerryProcess run(String command, String... more) {
        lives++;
        var words = new ArrayList<>(List.of(command, file.toString(), "--json"));
        words.addAll(List.of("--home", folder.resolve("home").toString()));
        words.addAll(List.of(more));
        return new FerryProcess(words.toArray(String[]::new));
    }

    /// Ends it as a crash would; it is away until it is started again.
    void kill() throws InterruptedException {
        away = true;
        process.kill();
        keepStory();
    }

    /// Starts it again where it could not begin; throws if it ended otherwise, or found a
    /// difference.
    void look() throws InterruptedException {
        if (away) {
            return;
        }
        if (process.isAlive()) {
            if (!process.lastPicture().isEmpty() && lagMillis() >= 0) {
                refusedInARow = 0;
            }
            return;
        }
        var code = process.exitCode();
        keepStory();
        if (code != ENVIRONMENT || !couldNotBegin() || ++refusedInARow > REFUSED_STARTS_MAX) {
            throw new AssertionError(
                    "Ferry ended by itself with code " + code + ":\n" + process.story());
        }
        refusedStarts.add(process.story());
        start();
    }

    /// True if a server was away, by what it printed, before it was at work; or if connections of
    /// its life before still stood at the target.
    private boolean couldNotBegin() {
        var output = process.output();
        var stopped = STOPPED.matcher(output).results().map(found -> found.group(1)).toList();
        if (stopped.equals(List.of(OTHER_OWNER))) {
            return true;
        }
        return process.lastPicture().isEmpty()
                && AWAY.containsAll(stopped)
                && output.lines()
                        .filter(line -> line.contains("\"outcome\":\"FAILED\""))
                        .allMatch(line -> LOST.matcher(line).find());
    }

    /// Pauses it as an operator does, and compares both ends while the source is written to; then
    /// it goes on.
    void verifyMeanwhile() throws InterruptedException, IOException {
        awaitExact();
        verify();
        start();
    }

    /// Pauses it and compares both ends by Ferry's own means: what it finds must be equality.
    void verify() throws InterruptedException, IOException {
        process.signal("INT");
        assertThat(process.exitCode(PATIENCE))
                .as("exit code of a pause:\n%s", process.story())
                .isEqualTo(130);
        keepStory();
        appliedBefore += number(APPLIED);
        process = run("verify");
        var code = process.exitCode(PATIENCE);
        keepStory();
        assertThat(code).as("exit code of verify:\n%s", process.story()).isZero();
        assertThat(Files.readString(home().resolve("certificate.json")))
                .as("certificate")
                .contains("sbtest1", "order_line")
                .doesNotContain("DIFFERENT", "UNFINISHED");
    }

    /// Returns when every table is exact, so that it can be compared.
    void awaitExact() throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isAtWork() || !marks.everyTable(Phase.EXACT)) {
            look();
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "not every table is exact after %s:\n%s\n%s"
                                .formatted(PATIENCE, process.story(), process.lastPicture()));
            }
            Voyage.pause(200);
        }
    }

    private void keepStory() {
        try {
            Files.writeString(
                    folder.resolve("ferry-%03d.out".formatted(lives)),
                    process.output() + "\n" + process.lastPicture() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (process.output().contains("\"DIFFERENT\"")) {
            throw new AssertionError("Ferry found differences:\n" + process.story());
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
