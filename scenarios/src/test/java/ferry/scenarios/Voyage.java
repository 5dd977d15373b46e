package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.model.TableName;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import ferry.server.run.ProjectFile;
import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// One migration under live writes by Ferry's command line, to which bad things are done, and which
/// must end equal.
final class Voyage implements AutoCloseable {
    static final int WORKERS = 2;
    private static final int CHUNK_ROWS = 300;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Pair pair;
    private final String name;
    private final Random random;
    private final Path folder;
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final Workload workload;
    private final Path file;
    private final Project project;
    private final MarksInTarget marks;
    private final List<FerryProcess> processes = new ArrayList<>();

    /// Makes a database, fills it and lets writers write. The ports are those of the servers, or of
    /// relays in front of them.
    Voyage(Pair pair, String name, long seed, Path folder, int sourcePort, int targetPort)
            throws IOException, SQLException {
        this.pair = pair;
        this.name = name;
        this.random = new Random(seed);
        this.folder = Files.createDirectories(folder.resolve(name));
        this.source = Servers.source(pair);
        this.target = Servers.target(pair);
        this.workload = new Workload(source, name, seed);
        this.file = this.folder.resolve("project.yaml");
        Files.writeString(
                file,
                """
                name: %1$s
                source: { type: %7$s, host: 127.0.0.1, port: %2$d, username: %8$s, password: "" }
                target: { type: %3$s, host: 127.0.0.1, port: %4$d, username: root, password: "" }
                objects: { include: ["%1$s.*"] }
                settings: { load.workers: %5$d, load.chunk.rows: %6$d, verify.workers: 1, verify.chunk.rows: 200 }
                """
                        .formatted(
                                name,
                                sourcePort,
                                pair.targetType(),
                                targetPort,
                                WORKERS,
                                CHUNK_ROWS,
                                pair.sourceType(),
                                pair.sourceUser()));
        this.project = ProjectFile.read(file, Dialects.installed().endpointTypes(), Map.of());
        this.marks = new MarksInTarget(project, target);
        workload.start();
    }

    Random random() {
        return random;
    }

    DatabaseServer source() {
        return source;
    }

    DatabaseServer target() {
        return target;
    }

    /// Gives a setting to every process that is started from now on.
    void set(String setting, String value) throws IOException {
        var text = Files.readString(file);
        var begins = "settings: { ";
        Files.writeString(file, text.replace(begins, begins + setting + ": " + value + ", "));
    }

    /// Starts Ferry on this project in one of its homes.
    FerryProcess ferry(String home, String until, String... more) {
        var words = new ArrayList<>(List.of("migrate", file.toString(), "--json", "--yes"));
        words.addAll(List.of("--home", folder.resolve(home).toString(), "--until", until));
        words.addAll(List.of(more));
        var process = new FerryProcess(words.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    /// The marks of all chunks that are in the target.
    Set<ChunkMark> chunks() {
        return marks.chunks();
    }

    /// Waits for the moment of a step, and then for a random while.
    void await(CrashStep step, FerryProcess ferry) throws InterruptedException {
        switch (step) {
            case LOAD -> {
                var chunks = 1 + random.nextInt(Workload.ORDERS / CHUNK_ROWS);
                until(chunks + " chunks", ferry, () -> chunks().size() >= chunks || loaded());
            }
            case WINDOW_END -> until("all chunks", ferry, this::loaded);
            case VERIFY ->
                    until(
                            "verification",
                            ferry,
                            () ->
                                    ferry.told("FULL_VERIFIER", "RUNNING")
                                            || ferry.told("FULL_VERIFIER", "FINISHED"));
            case APPLY -> until("every table exact", ferry, this::exact);
        }
        pause(random.nextInt(step.jitterMillis()));
    }

    boolean loaded() {
        return marks.everyTable(Phase.LOADED);
    }

    boolean exact() {
        return marks.everyTable(Phase.EXACT);
    }

    void until(String what, FerryProcess ferry, BooleanSupplier condition)
            throws InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (!ferry.isAlive()) {
                throw new AssertionError("Ferry ended before " + what + ":\n" + ferry.story());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "not within "
                                + LIMIT
                                + ": "
                                + what
                                + "\n"
                                + ferry.story()
                                + "\n"
                                + ferry.lastPicture());
            }
            pause(10);
        }
    }

    static void pause(int millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    /// Pauses Ferry as an operator does with Ctrl-C.
    void end(FerryProcess ferry) throws InterruptedException {
        // A JVM that is interrupted in its first moments ends with an error of its own.
        until("Ferry speaks", ferry, () -> !ferry.output().isEmpty());
        ferry.signal("INT");
        assertThat(ferry.exitCode()).as("exit code of a pause:\n%s", ferry.story()).isEqualTo(130);
    }

    /// Ends the writers, lets Ferry finish in this home and compares both ends, whole tables, by
    /// other means than Ferry's.
    void arrive(String home, String... more)
            throws InterruptedException, SQLException, IOException {
        workload.close();
        assertThat(workload.commits())
                .as("transactions that the writers committed")
                .isGreaterThan(50);
        var last = ferry(home, "verified", more);
        var code = last.exitCode();
        assertThat(code).as("exit code of the last run:\n%s", last.story()).isZero();
        var certificate = folder.resolve(home).resolve(name).resolve("certificate.json");
        assertThat(Files.readString(certificate)).contains("orders").doesNotContain("DIFFERENT");
        assertThat(
                        new Comparison(source, target, pair, name, project.objects()::mapping)
                                .differences())
                .as("differences by the test's own comparison")
                .isEmpty();
        System.out.printf(
                "%s: %d transactions were written meanwhile, %d orders, %d journal rows at the end%n",
                name,
                workload.commits(),
                Comparison.count(target, new TableName(name, "orders")),
                Comparison.count(target, new TableName(name, "journal")));
    }

    @Override
    public void close() throws InterruptedException, SQLException {
        workload.close();
        for (var process : processes) {
            process.close();
        }
        for (var server : List.of(source, target)) {
            if (!server.isRunning()) {
                server.restart();
            }
            server.execute("DROP DATABASE IF EXISTS " + name);
        }
    }
}
