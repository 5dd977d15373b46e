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
import java.util.EnumSet;
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

/// What real servers answer stops a load and lets it go: an operator's query, and for how long the
/// source keeps its log.
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
            try (var load =
                    new Load(ends(source, target, settings), plan(source, target, Set.of()))) {
                until(() -> load.waitsFor("throttle query says 1"));
                assertThat(load.rows()).isZero();
                source.execute("DELETE FROM stop");
                until(() -> load.rows() > 0);
                until(() -> load.waitsFor("200 rows a second"));
                source.execute("INSERT INTO stop VALUES (1), (2)");
                until(() -> load.waitsFor("throttle query says 2"));
                assertThat(load.rows()).isLessThan(ROWS);
                assertThat(load.done).isNotDone();
                source.execute("DELETE FROM stop");

                assertThat(load.done.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            requireLoaded(target);
        }
    }

    /// A source without changes gives a sign of life once a second, and capture is behind by the
    /// time since the last one.
    @Test
    void aSourceThatKeepsItsLogTooShortlySlowsTheLoadDownUntilItKeepsItLonger() throws Exception {
        try (var server = TestServers.start(ServerKind.MYSQL_8_0);
                var source = TestServers.database(server, "kept");
                var target = TestServers.database(ServerKind.MYSQL_8_0)) {
            fill(source);
            server.execute("SET GLOBAL binlog_expire_logs_seconds = 10");
            var settings =
                    Settings.defaults()
                            .with(Settings.BOOKKEEPING_DATABASE, target.name() + "_ferry")
                            .with(Settings.LOAD_WORKERS, "2")
                            .with(Settings.LOAD_CHUNK_ROWS, "20")
                            .with(GovernorSettings.LOAD_ROWS, "200")
                            .with(GovernorSettings.SAMPLE_TIME, "100ms")
                            .with(GovernorSettings.GROW_TIME, "2s")
                            .with(GovernorSettings.SOURCE_LOG_SHARE, "1"); // 100 ms
            try (var load =
                    new Load(
                            ends(source, target, settings),
                            plan(source, target, Set.of(Part.INCREMENTAL)))) {
                until(() -> load.waitsFor("calm, 0 of 2 load workers go on: capture, which is "));
                until(() ->
                        load.waitsFor(
                                "a source that keeps its log for 10 s (govern.source.log.share: 1)"));
                assertThat(load.rows()).isLessThan(ROWS);
                assertThat(load.done).isNotDone();
                server.execute("SET GLOBAL binlog_expire_logs_seconds = 86400");

                assertThat(load.done.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            requireLoaded(target);
        }
    }

    private static void requireLoaded(TestDatabase target) throws SQLException {
        assertThat(target.query("SELECT CONCAT(COUNT(*), ' ', SUM(id)) FROM t"))
                .containsExactly(ROWS + " " + ROWS * (ROWS + 1) / 2);
        target.execute("DROP DATABASE `" + target.name() + "_ferry`");
    }

    /// A load that runs until it has ended, or until this is closed.
    private static final class Load implements AutoCloseable {
        private final Pipeline pipeline;
        private final PipelineRunner runner;
        private final AtomicBoolean stop = new AtomicBoolean();
        private final CompletableFuture<Boolean> done;

        Load(Ends ends, ProjectPlan plan) {
            pipeline = new Pipeline(ends, plan, new MemoryLogStore(), false);
            runner = new PipelineRunner(pipeline, ends.settings(), (_, _) -> {});
            done =
                    CompletableFuture.supplyAsync(
                            () -> run(runner, stop), task -> Thread.ofVirtual().start(task));
        }

        boolean waitsFor(String reason) {
            return runner.progress().waitsFor().contains(reason);
        }

        long rows() {
            return pipeline.progress().rowsLoaded();
        }

        @Override
        public void close() {
            stop.set(true);
            try {
                done.join();
            } finally {
                pipeline.close();
            }
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

    /// Loads the table, with `more` parts.
    private static ProjectPlan plan(TestDatabase source, TestDatabase target, Set<Part> more) {
        var parts = EnumSet.of(Part.SCHEMA, Part.FULL);
        parts.addAll(more);
        return new ProjectPlan(
                name ->
                        Optional.of(TableMapping.of(name, new TableName(target.name(), "t")))
                                .filter(_ -> name.equals(new TableName(source.name(), "t"))),
                parts,
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
