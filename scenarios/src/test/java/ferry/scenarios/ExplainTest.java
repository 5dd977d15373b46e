package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ferry explain` names what limits a running project, where that is known because the test has
/// slowed it down.
@Tag("servers")
final class ExplainTest {
    private static final Duration SLOW = Duration.ofMillis(25);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int ROWS = 200_000;

    @TempDir private Path folder;
    private final DatabaseServer source = Servers.source();
    private final DatabaseServer target = Servers.target(Pair.MYSQL);
    private String database = "";

    private void rowsIn(String name) throws SQLException {
        database = name;
        source.execute(
                "CREATE database " + database,
                "CREATE TABLE %s.t (id INT PRIMARY KEY, v INT)".formatted(database),
                "SET SESSION cte_max_recursion_depth = 1000000",
                "INSERT INTO %s.t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i, 0 FROM n"
                        .formatted(database, ROWS));
    }

    @AfterEach
    void drop() throws SQLException {
        source.execute("DROP database " + database);
        target.execute("DROP database IF EXISTS " + database);
    }

    @Test
    void aTargetFarAwayIsTheLimitWhileChangesAreApplied() throws Exception {
        rowsIn("explained_apply");
        try (var toTarget = Relay.to(target);
                var ferry = start(source.port(), toTarget.port())) {
            await(ferry, "INCR_TRANSFER", "MONITORING");
            toTarget.delay(SLOW);
            writing(() -> awaitLimit("the target, while changes are applied"));
        }
    }

    @Test
    void aSourceFarAwayIsTheLimitWhileRowsAreLoaded() throws Exception {
        rowsIn("explained_load");
        try (var toSource = Relay.to(source)) {
            toSource.delay(SLOW);
            try (var ferry = start(toSource.port(), target.port())) {
                await(ferry, "FULL_TRANSFER", "RUNNING");
                awaitLimit("the source, while rows are loaded");
            }
        }
    }

    private interface Look {
        void look() throws IOException, InterruptedException;
    }

    /// Somebody changes rows, each by itself, so that nothing merges them away.
    private void writing(Look look) throws Exception {
        var goesOn = new AtomicBoolean(true);
        var writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try (var connection = source.connect(database);
                                    var update =
                                            connection.prepareStatement(
                                                    "UPDATE t SET v = v + 1 WHERE id = ?")) {
                                for (var i = 0; goesOn.get(); i++) {
                                    update.setInt(1, 1 + i % ROWS);
                                    update.executeUpdate();
                                }
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        try {
            look.look();
        } finally {
            goesOn.set(false);
            writer.join();
        }
    }

    private static void await(FerryProcess ferry, String step, String state)
            throws InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!ferry.told(step, state)) {
            assertThat(ferry.isAlive()).as(ferry.story()).isTrue();
            assertThat(System.nanoTime()).as(ferry.story()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /// The first look may still see what was before.
    private void awaitLimit(String limit) throws IOException, InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        var told = "";
        while (!told.contains("The limit is " + limit)) {
            assertThat(System.nanoTime()).as("told last: %s", told).isLessThan(deadline);
            try (var explain =
                    new FerryProcess(
                            "explain", file().toString(), "--home", home(), "--seconds", "2")) {
                explain.exitCode();
                told = explain.output();
            }
        }
    }

    private FerryProcess start(int sourcePort, int targetPort) throws IOException {
        Files.writeString(
                file(),
                """
                name: %1$s
                source: { type: mysql, host: 127.0.0.1, port: %2$d, username: root, password: "" }
                target: { type: mysql, host: 127.0.0.1, port: %3$d, username: root, password: "" }
                objects: { include: ["%1$s.*"] }
                steps: [schema, full, incremental]
                settings: { load.chunk.rows: 200, load.workers: 2 }
                """
                        .formatted(database, sourcePort, targetPort));
        return new FerryProcess(
                "migrate",
                file().toString(),
                "--json",
                "--yes",
                "--home",
                home(),
                "--until",
                "forever");
    }

    private Path file() {
        return folder.resolve("project.yaml");
    }

    private String home() {
        return folder.resolve("home").toString();
    }
}
