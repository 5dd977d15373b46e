package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Secret;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Pipeline;
import ferry.engine.pipeline.PipelineRunner;
import ferry.engine.pipeline.ProjectPlan;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestDatabase;
import ferry.testkit.servers.TestServers;
import ferry.testkit.simulation.MemoryLogStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An operator's query at a real server stops a load and lets it go.
@Tag("servers")
final class ThrottleTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int ROWS = 1_000;

    @Test
    void aQueryStopsTheLoadAtItsBeginningAndInItsMiddle() throws Exception {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        try (var source = TestServers.database(server, "throttled");
                var target = TestServers.database(server, "throttled_to")) {
            fill(source);
            source.execute("INSERT INTO stop VALUES (1)");
            var settings =
                    Settings.defaults()
                            .with(Settings.BOOKKEEPING_DATABASE, target.name() + "_ferry")
                            .with(Settings.LOAD_CHUNK_ROWS, "20")
                            .with(GovernorSettings.LOAD_ROWS, "200")
                            .with(GovernorSettings.SAMPLE_TIME, "100ms")
                            .with(
                                    GovernorSettings.SOURCE_QUERY,
                                    "SELECT COUNT(*) FROM `" + source.name() + "`.stop");
            var pipeline =
                    new Pipeline(
                            ends(source, target, settings),
                            plan(source, target),
                            new MemoryLogStore(),
                            false);
            var runner = new PipelineRunner(pipeline, settings, (_, _) -> {});
            var stop = new AtomicBoolean();
            var run =
                    CompletableFuture.supplyAsync(
                            () -> run(runner, stop), task -> Thread.ofVirtual().start(task));
            try {
                until(() -> runner.progress().waitsFor().contains("throttle query says 1"));
                assertThat(pipeline.progress().rowsLoaded()).isZero();
                source.execute("DELETE FROM stop");
                until(() -> pipeline.progress().rowsLoaded() > 0);
                until(() -> runner.progress().waitsFor().contains("200 rows a second"));
                source.execute("INSERT INTO stop VALUES (1), (2)");
                until(() -> runner.progress().waitsFor().contains("throttle query says 2"));
                assertThat(pipeline.progress().rowsLoaded()).isLessThan(ROWS);
                assertThat(run).isNotDone();
                source.execute("DELETE FROM stop");

                assertThat(run.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } finally {
                stop.set(true);
                run.join();
                pipeline.close();
            }
            assertThat(target.query("SELECT CONCAT(COUNT(*), ' ', SUM(id)) FROM t"))
                    .containsExactly(ROWS + " " + ROWS * (ROWS + 1) / 2);
            server.execute("DROP DATABASE `" + target.name() + "_ferry`");
        }
    }

    private static boolean run(PipelineRunner runner, AtomicBoolean stop) {
        try {
            return runner.run(stop::get, () -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fill(TestDatabase source) throws SQLException {
        source.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(50))",
                "CREATE TABLE stop (id INT PRIMARY KEY)");
        var values = new StringBuilder();
        for (var id = 1; id <= ROWS; id++) {
            values.append(id == 1 ? "" : ",").append("(%d, 'value %d')".formatted(id, id));
        }
        source.execute("INSERT INTO t VALUES " + values);
    }

    private static Ends ends(TestDatabase source, TestDatabase target, Settings settings) {
        var dialect = new MySqlDialect();
        return new Ends(
                "throttled",
                dialect,
                endpoint(source),
                dialect,
                endpoint(target),
                settings,
                Rules.ALL,
                InstantSource.system());
    }

    private static Endpoint endpoint(TestDatabase database) {
        return new Endpoint(
                "mysql",
                List.of(new Endpoint.Host("127.0.0.1", database.server().port())),
                "root",
                new Secret(""),
                Map.of());
    }

    private static ProjectPlan plan(TestDatabase source, TestDatabase target) {
        return new ProjectPlan(
                name ->
                        Optional.of(TableMapping.of(name, new TableName(target.name(), "t")))
                                .filter(_ -> name.equals(new TableName(source.name(), "t"))),
                Set.of(Part.SCHEMA, Part.FULL),
                Until.LOADED,
                false);
    }

    private static void until(BooleanSupplier done) throws InterruptedException {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("nothing came of it").isLessThan(end);
            Thread.sleep(10);
        }
    }
}
