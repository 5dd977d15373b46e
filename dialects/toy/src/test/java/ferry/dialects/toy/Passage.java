package ferry.dialects.toy;

import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Ends;
import ferry.engine.filter.ColumnChoice;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Pipeline;
import ferry.engine.pipeline.ProjectPlan;
import ferry.engine.pipeline.ProjectPlan.Bounds;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.problem.ProblemException;
import ferry.testkit.simulation.MemoryLogStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// One project from `shop.*` to `copy.*`, whose loops a test steps in the order that it wants, and
/// whose calls it may let fail: for single histories, where the simulation has random ones.
final class Passage implements AutoCloseable {
    private static final int STEPS_MAX = 20_000;

    long sourceMicros = 1_000_000; // the source's clock
    final ToyServer source = new ToyServer("source", ToyServer.Options.DEFAULT, () -> sourceMicros);
    final ToyServer target = new ToyServer("target", ToyServer.Options.DEFAULT, () -> 1_000_000);
    final List<ProblemException> retried = new ArrayList<>();
    Settings settings = Settings.defaults().with(Settings.LOAD_WORKERS, "2");
    long keysRows; // of all sizes of tables keys are built behind the load
    Set<Part> parts = EnumSet.allOf(Part.class);
    Until until = Until.FOREVER;
    Bounds bounds = Bounds.NONE;
    String ids = ToyDialect.GLOBAL_IDS;
    boolean corrects;
    Optional<Set<String>> retries = Optional.empty();
    Predicate<TableName> selects = name -> name.database().equals("shop");
    Optional<String> where = Optional.empty(); // what rows of all tables must meet
    Function<TableName, Optional<ColumnChoice>> columns = _ -> Optional.empty();
    Line line = Line.CALM;
    long tickMicros = 1; // that pass with every look at the clock
    UnaryOperator<Dialect> sourceDialect = dialect -> dialect;
    UnaryOperator<Dialect> targetDialect = dialect -> dialect;
    MemoryLogStore home = new MemoryLogStore();
    private final List<Loop> kept = new ArrayList<>();
    private Pipeline pipeline;
    private long micros = 1_000_000;

    Ends ends() {
        Dialect dialect =
                new ToyDialect(
                        Map.of("source", source, "target", target),
                        new Line() {
                            @Override
                            public Fate before(String call) {
                                return line.before(call);
                            }

                            @Override
                            public void after(String call) {
                                line.after(call);
                            }
                        });
        InstantSource clock = () -> Instant.ofEpochSecond(0, (micros += tickMicros) * 1_000);
        return new Ends(
                "passage",
                sourceDialect.apply(dialect),
                ToyDialect.endpoint(ids, "source"),
                targetDialect.apply(dialect),
                ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "target"),
                settings.with(Settings.LOAD_KEYS_ROWS, "" + keysRows),
                Rules.ALL,
                clock);
    }

    Optional<TableMapping> select(TableName name) {
        return Optional.of(
                        new TableMapping(
                                name,
                                new TableName("copy", name.table()),
                                where,
                                columns.apply(name)))
                .filter(_ -> selects.test(name));
    }

    /// Starts a process; an earlier one is closed first.
    Pipeline start() {
        close();
        pipeline =
                new Pipeline(
                        ends(),
                        new ProjectPlan(this::select, parts, until, corrects, retries, bounds),
                        home,
                        true);
        return pipeline;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    /// Later processes have another disk, without a change log.
    void move() {
        close();
        home = new MemoryLogStore();
    }

    /// The loops that the pipeline names now.
    List<Loop> loops() {
        var wanted = pipeline.loops();
        kept.stream().filter(loop -> !wanted.contains(loop)).forEach(Loop::reset);
        kept.clear();
        kept.addAll(wanted);
        return List.copyOf(kept);
    }

    Loop loop(String name) {
        return loops().stream().filter(loop -> loop.name().equals(name)).findFirst().orElseThrow();
    }

    /// Steps all loops in turns until `done`; what may be tried again is.
    void drive(BooleanSupplier done) {
        for (var steps = 0; !done.getAsBoolean(); steps++) {
            if (steps > STEPS_MAX) {
                throw new AssertionError(
                        "no end in "
                                + pipeline.stage()
                                + " "
                                + pipeline.progress()
                                + ", retried "
                                + new HashSet<>(
                                        retried.stream().map(Throwable::getMessage).toList()));
            }
            step(pipeline);
            loops().forEach(this::step);
        }
    }

    void step(Loop loop) {
        try {
            loop.step();
        } catch (ProblemException e) {
            if (!e.code().retryable()) {
                throw e;
            }
            retried.add(e);
            loop.reset();
        }
    }

    /// True when apply has caught up with the source, outside windows.
    boolean follows() {
        try (var snapshot = ends().sourceSnapshot()) {
            return pipeline.stage() == ferry.engine.pipeline.Stage.FOLLOWING
                    && pipeline.applied().filter(at -> at.covers(snapshot.logEnd())).isPresent();
        }
    }

    void sleep(Duration time) {
        micros += time.toNanos() / 1_000;
    }

    void insert(ToyServer server, String table, String... values) {
        var transaction = server.begin(false);
        transaction.insert(name(server, table), Row.ofText(values));
        transaction.commit();
    }

    List<Row> copied(String table) {
        return target.rows(name(target, table));
    }

    /// True when the target has the table.
    boolean stands(String table) {
        return target.definition(name(target, table)).isPresent();
    }

    TableName name(ToyServer server, String table) {
        return new TableName(server == source ? "shop" : "copy", table);
    }

    @Override
    public void close() {
        if (pipeline != null) {
            kept.forEach(Loop::reset);
            kept.clear();
            pipeline.close();
        }
    }
}
