package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One transaction whose rows are more than twice as large as all of Ferry's heap.
@Tag("servers")
final class LargerThanMemoryTest {
    private static final String DATABASE = "larger_than_memory";
    private static final String HEAP = "-Xmx80m";
    private static final int ROWS = 40_000;
    private static final int ROW_BYTES = 1_500;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir private Path folder;
    private final DatabaseServer source = Servers.source();
    private Pair pair;
    private DatabaseServer target;

    private void aFewRowsOn(Pair chosen) throws SQLException {
        pair = chosen;
        target = Servers.target(pair);
        source.execute(
                "CREATE DATABASE " + DATABASE,
                "CREATE TABLE %s.big (id INT PRIMARY KEY, memo VARCHAR(2000))".formatted(DATABASE),
                "INSERT INTO %s.big VALUES (1, 'one'), (2, 'two')".formatted(DATABASE));
    }

    @AfterEach
    void drop() throws SQLException {
        source.execute("DROP DATABASE " + DATABASE);
        target.execute("DROP DATABASE IF EXISTS " + DATABASE);
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "OCEANBASE"})
    void itArrivesInOneTargetTransaction(Pair chosen) throws Exception {
        aFewRowsOn(chosen);
        run("verified", "0");

        write();
        run("verified", "0");

        assertThat(state(target)).isEqualTo(state(source));
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "OCEANBASE"})
    void splitItGoesOnBehindWhatAKilledProcessHadWritten(Pair chosen) throws Exception {
        aFewRowsOn(chosen);
        run("verified", "8MiB");
        write();

        try (var ferry = start("forever", "8MiB")) {
            awaitAPart(ferry);
            ferry.kill();
        }
        assertThat(state(target)).as("a part of it").isNotEqualTo(state(source));
        run("verified", "8MiB");

        assertThat(state(target)).isEqualTo(state(source));
    }

    /// Every row comes, changes, and every third one goes.
    private void write() throws SQLException {
        try (var connection = source.connect(DATABASE);
                var statement = connection.createStatement()) {
            statement.execute("SET SESSION cte_max_recursion_depth = 1000000");
            connection.setAutoCommit(false);
            statement.execute(
                    """
                    INSERT INTO big
                    WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                    SELECT i, REPEAT(SHA2(i, 256), %d) FROM n
                    """
                            .formatted(ROWS, ROW_BYTES / 64));
            statement.execute("UPDATE big SET memo = REVERSE(memo)");
            statement.execute("DELETE FROM big WHERE id % 3 = 0");
            connection.commit();
        }
    }

    private void awaitAPart(FerryProcess ferry) throws SQLException, InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        var begun =
                "SELECT COUNT(*) FROM ferry.lane WHERE project = '%s' AND checkpoint LIKE '%%begun%%'"
                        .formatted(DATABASE);
        while (target.query(begun).getFirst().equals("0")) {
            assertThat(ferry.isAlive()).as(ferry.story()).isTrue();
            assertThat(System.nanoTime()).as("no part within " + LIMIT).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private void run(String until, String splitBytes) throws IOException, InterruptedException {
        try (var ferry = start(until, splitBytes)) {
            assertThat(ferry.exitCode()).as(ferry.story()).isZero();
        }
    }

    private FerryProcess start(String until, String splitBytes) throws IOException {
        var file = folder.resolve("project.yaml");
        Files.writeString(
                file,
                """
                name: %1$s
                source: { type: mysql, host: 127.0.0.1, port: %2$d, username: root, password: "" }
                target: { type: %5$s, host: 127.0.0.1, port: %3$d, username: root, password: "" }
                objects: { include: ["%1$s.*"] }
                settings: { apply.held.bytes: 8MiB, apply.batch.bytes: 4MiB, apply.split.bytes: %4$s, load.workers: 1 }
                """
                        .formatted(
                                DATABASE,
                                source.port(),
                                target.port(),
                                splitBytes,
                                pair.targetType()));
        return FerryProcess.withHeap(
                HEAP,
                "migrate",
                file.toString(),
                "--json",
                "--yes",
                "--home",
                folder.resolve("home").toString(),
                "--until",
                until);
    }

    private static String state(DatabaseServer server) throws SQLException {
        return server.query(
                        "SELECT CONCAT(COUNT(*), ' ', SUM(id), ' ', BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT(id, memo), 256), 16), 16, 10) AS UNSIGNED))) FROM %s.big"
                                .formatted(DATABASE))
                .getFirst();
    }
}
