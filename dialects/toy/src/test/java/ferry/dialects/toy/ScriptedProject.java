package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Certificate;
import ferry.engine.pipeline.Pipeline;
import ferry.engine.pipeline.ProjectPlan;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.problem.ProblemException;
import ferry.testkit.simulation.Crash;
import ferry.testkit.simulation.MemoryLogStore;
import ferry.testkit.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One project for a [Script]: its source has the table `shop.t`, which is copied to `copy.t`.
/// Processes work on it from homes that have names; the loops of a process take turns, and at
/// certain calls happens what the script says.
final class ScriptedProject {
    static final TableName SOURCE_TABLE = new TableName("shop", "t");
    static final TableName TARGET_TABLE = new TableName("copy", "t");
    static final Set<Part> EVERYTHING = EnumSet.allOf(Part.class);
    private static final int ROUNDS_MAX = 2_000;

    private final World world = new World(1, Simulation.STEPS_MAX, false);
    private final ToyServer target =
            new ToyServer("target", ToyServer.Options.DEFAULT, world::micros);
    private final Mutation mutation;
    private final Map<String, MemoryLogStore> homes = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private ToyServer source;
    private Process running;

    /// Something that happens once, at a call of this number that a loop of this home makes.
    private record Event(String home, String call, int number, Supplier<Line.Fate> happens) {}

    ScriptedProject(Mutation mutation) {
        this.mutation = mutation;
    }

    /// The source's table and its rows, in the order of their insertion.
    void createSource(String uuid, String columns, Row... rows) {
        source = new ToyServer(uuid, ToyServer.Options.DEFAULT, world::micros);
        source.execute("create table " + SOURCE_TABLE + " " + columns);
        atSource(transaction -> {
            for (var row : rows) {
                transaction.insert(SOURCE_TABLE, row);
            }
        });
    }

    ToyServer source() {
        return source;
    }

    ToyServer target() {
        return target;
    }

    void atSource(Consumer<ToyTransaction> statements) {
        commit(source, statements);
    }

    void atTarget(Consumer<ToyTransaction> statements) {
        commit(target, statements);
    }

    private static void commit(ToyServer server, Consumer<ToyTransaction> statements) {
        var transaction = server.begin();
        statements.accept(transaction);
        transaction.commit();
    }

    /// `happens` once, before the call of this number that a loop makes in one run from this home.
    void at(String home, String loop, String call, int number, Runnable happens) {
        fate(
                home,
                loop,
                call,
                number,
                () -> {
                    happens.run();
                    return Line.Fate.DELIVERED;
                });
    }

    /// What becomes of that call.
    void fate(String home, String loop, String call, int number, Supplier<Line.Fate> fate) {
        events.add(new Event(home, loop + " " + call, number, fate));
    }

    /// What becomes of the next such call of a loop of the running process.
    void fateOfNext(String loop, String call, Supplier<Line.Fate> fate) {
        var number = running.calls.getOrDefault(loop + " " + call, 0) + 1;
        fate(running.home, loop, call, number, fate);
    }

    /// One step of a loop of the running process.
    void step(String loop) {
        running.pipeline.loops().stream()
                .filter(each -> each.name().equals(loop))
                .forEach(running::step);
    }

    void sleep(Duration time) {
        world.pass(time);
    }

    /// The running process does not survive the loss of a connection.
    void dieOfLoss() {
        running.dying = true;
    }

    /// What the servers would still do for clients that are gone.
    void executeLateCalls() {
        while (target.lateCalls() > 0) {
            target.executeLate(0);
        }
    }

    /// Runs a process to the end of the project, or to its first problem; empty if it crashed or
    /// compared nothing.
    Optional<Certificate> run(String home, Set<Part> parts, boolean corrects) {
        var outer = running;
        var process = new Process(home, parts, corrects);
        running = process;
        try {
            process.takeTurns();
            return process.pipeline.certificate();
        } catch (Crash _) {
            process.toy.vanish();
            return Optional.empty();
        } finally {
            running = outer;
        }
    }

    /// Lets capture and apply of the running process go on alone, as far as they can.
    void follow() {
        for (var round = 0; round < 50; round++) {
            for (var loop : running.pipeline.loops()) {
                if (loop.name().equals("capture") || loop.name().startsWith("apply")) {
                    running.step(loop);
                }
            }
        }
    }

    /// Throws if the target has other columns or rows.
    void requireCopied() {
        var columns = source.definition(SOURCE_TABLE).orElseThrow().columns();
        var copied = target.definition(TARGET_TABLE).orElseThrow().columns();
        if (!columns.equals(copied)
                || !source.rows(SOURCE_TABLE).equals(target.rows(TARGET_TABLE))) {
            throw new SimulationFailure(
                    "the target holds "
                            + target.rows(TARGET_TABLE)
                            + ", the source "
                            + source.rows(SOURCE_TABLE));
        }
    }

    /// A script whose moment never comes proves nothing.
    void requireAllHappened() {
        if (!events.isEmpty()) {
            throw new IllegalStateException(
                    "never came to: " + events.stream().map(Event::call).toList());
        }
    }

    private final class Process {
        private final String home;
        private final ToyDialect toy;
        private final Pipeline pipeline;
        private final Map<String, Integer> calls = new HashMap<>();
        private String stepping = "";
        private boolean dying;

        Process(String home, Set<Part> parts, boolean corrects) {
            this.home = home;
            this.toy = new ToyDialect(Map.of("source", source, "target", target), this::before);
            var until =
                    parts.contains(Part.VERIFICATION)
                            ? ProjectPlan.Until.VERIFIED
                            : ProjectPlan.Until.LOADED;
            var plan =
                    new ProjectPlan(
                            name ->
                                    Optional.of(TableMapping.of(SOURCE_TABLE, TARGET_TABLE))
                                            .filter(mapping -> mapping.source().equals(name)),
                            parts,
                            until,
                            corrects);
            var store = homes.computeIfAbsent(home, _ -> new MemoryLogStore());
            this.pipeline = new Pipeline(ends(), plan, store, true);
        }

        private Ends ends() {
            var dialect = mutation.mutate(toy, source, target);
            var settings =
                    Settings.defaults()
                            .with(Settings.LOAD_WORKERS, "1")
                            .with(Settings.LOAD_CHUNK_ROWS, "1")
                            .with(Settings.LOAD_KEYS_ROWS, "0")
                            .with(Settings.APPLY_LANES, "1")
                            .with(Settings.VERIFY_WORKERS, "1");
            return new Ends(
                    "scripted",
                    dialect,
                    ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "source"),
                    dialect,
                    ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "target"),
                    settings,
                    mutation.rules(),
                    world);
        }

        void takeTurns() {
            var kept = new ArrayList<Loop>();
            for (var round = 0; round < ROUNDS_MAX; round++) {
                if (step(pipeline) == Loop.Outcome.DONE) {
                    kept.forEach(Loop::reset);
                    pipeline.close();
                    return;
                }
                var wanted = pipeline.loops();
                kept.stream().filter(loop -> !wanted.contains(loop)).forEach(Loop::reset);
                kept.clear();
                kept.addAll(wanted);
                kept.forEach(this::step);
                world.pass(Duration.ofMillis(1));
            }
            throw new SimulationFailure("the run did not end within " + ROUNDS_MAX + " rounds");
        }

        Loop.Outcome step(Loop loop) {
            var outer = stepping;
            stepping = loop.name();
            try {
                return loop.step();
            } catch (ProblemException e) {
                if (!e.code().retryable()) {
                    toy.vanish();
                    throw e;
                }
                if (dying) {
                    throw new Crash("the loss of a connection");
                }
                loop.reset();
                return Loop.Outcome.WORKED;
            } finally {
                stepping = outer;
            }
        }

        private Line.Fate before(String call) {
            var name = stepping + " " + call;
            var number = calls.merge(name, 1, Integer::sum);
            for (var event : events) {
                if (event.home.equals(home) && event.call.equals(name) && event.number == number) {
                    events.remove(event);
                    return event.happens.get();
                }
            }
            return Line.Fate.DELIVERED;
        }
    }
}
