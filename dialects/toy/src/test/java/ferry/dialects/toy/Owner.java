package ferry.dialects.toy;

import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.pipeline.Certificate;
import ferry.engine.pipeline.Pipeline;
import ferry.engine.pipeline.ProjectPlan;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.simulation.Crash;
import ferry.testkit.simulation.MemoryLogStore;
import ferry.testkit.simulation.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A place from which one process after the other works on the project: it has a home with a change
/// log, crashes, loses its connections, and begins again. It drives the loops of the pipeline as
/// `Crew` does, but in the order of the world.
final class Owner implements World.Actor {
    private static final Set<ProblemCode> REPLACED =
            Set.of(ProblemCode.FENCED, ProblemCode.OTHER_OWNER);

    private final World world;
    private final String name;
    private final Function<Line, Client> connect;
    private final ProjectPlan plan;
    private MemoryLogStore home = new MemoryLogStore();
    private Optional<Process> process = Optional.empty();
    private boolean enabled;
    private boolean force;
    private Optional<Certificate> certificate = Optional.empty();
    private Instant startsAfter = Instant.MIN;
    private int starts;

    Owner(World world, String name, Function<Line, Client> connect, ProjectPlan plan) {
        this.world = world;
        this.name = name;
        this.connect = connect;
        this.plan = plan;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int weight() {
        return process.isPresent() ? 8 : enabled && world.instant().isAfter(startsAfter) ? 1 : 0;
    }

    /// Starts processes from now on, or lets the running one be the last.
    void enable(boolean on, boolean byForce) {
        enabled = on;
        force = byForce;
        startsAfter = Instant.MIN;
    }

    boolean running() {
        return process.isPresent();
    }

    int starts() {
        return starts;
    }

    /// What the last finished verification said; asked once.
    Optional<Certificate> takeCertificate() {
        var taken = certificate;
        certificate = Optional.empty();
        return taken;
    }

    /// What the running process is doing, for messages.
    String describe() {
        return name
                + " "
                + process.map(running ->
                                running.pipeline.stage()
                                        + " "
                                        + running.pipeline.progress().waitsFor()
                                        + " "
                                        + running.pipeline.progress().tables())
                        .orElse(enabled ? "between two processes" : "stopped");
    }

    @Override
    public void step() {
        try {
            if (process.isEmpty()) {
                if (world.chance(1_000)) {
                    home = new MemoryLogStore(); // the disk was lost, or this is another node
                    world.tell(() -> name + " has a new home");
                }
                process = Optional.of(new Process());
                starts++;
                world.tell(() -> name + " starts");
            }
            process.get().step();
        } catch (Crash crash) {
            world.tell(() -> name + ": " + crash.getMessage());
            end();
        }
    }

    /// Without a word: connections stay open at the servers, the disk forgets what was not synced.
    private void end() {
        process.ifPresent(Process::vanish);
        process = Optional.empty();
        home.crash(world.random());
    }

    /// One process: a pipeline and its wire to both servers.
    private final class Process implements Line {
        private final Client client;
        private final Pipeline pipeline;
        private final List<Loop> kept = new ArrayList<>();
        private boolean dead;

        Process() {
            client = connect.apply(this);
            pipeline = new Pipeline(client.ends(), plan, home, force);
        }

        void step() {
            keep();
            if (world.chance(world.faults().lost() / 8)) {
                home.room(world.random().nextInt(4_000));
            }
            var loop = kept.isEmpty() || world.chance(2_500) ? pipeline : world.pick(kept);
            try {
                var outcome = loop.step();
                requireNoFailures();
                if (loop == pipeline && outcome == Loop.Outcome.DONE) {
                    leave();
                } else if (outcome == Loop.Outcome.IDLE) {
                    world.pass(Duration.ofMillis(5));
                }
            } catch (ProblemException e) {
                problem(loop, e);
            }
        }

        private void requireNoFailures() {
            if (!pipeline.refusedKeys().isEmpty()) {
                throw new SimulationFailure(name + " could not build " + pipeline.refusedKeys());
            }
            pipeline.certificate().ifPresent(issued -> certificate = Optional.of(issued));
        }

        /// Loops that the pipeline no longer names are reset; new ones join.
        private void keep() {
            var wanted = pipeline.loops();
            for (var loop : List.copyOf(kept)) {
                if (!wanted.contains(loop)) {
                    kept.remove(loop);
                    loop.reset();
                }
            }
            wanted.stream().filter(loop -> !kept.contains(loop)).forEach(kept::add);
        }

        private void problem(Loop loop, ProblemException e) {
            world.tell(() -> name + " " + loop.name() + ": " + e.getMessage());
            if (e.code().retryable()) {
                loop.reset();
                if (e.code() == ProblemCode.DISK_FULL && world.random().nextBoolean()) {
                    home.room(Long.MAX_VALUE);
                }
            } else if (REPLACED.contains(e.code())) {
                leave();
                startsAfter =
                        world.instant().plus(Duration.ofMillis(world.random().nextInt(1_000)));
            } else {
                throw new SimulationFailure(
                        name + " stopped in " + pipeline.stage() + " " + loop.name(), e);
            }
        }

        private void leave() {
            world.tell(() -> name + " leaves in " + pipeline.stage());
            kept.forEach(Loop::reset);
            pipeline.close();
            process = Optional.empty();
            if (pipeline.stage() == Stage.FINISHED) {
                enabled = false;
            }
        }

        void vanish() {
            dead = true;
            client.vanish().run();
        }

        @Override
        public Fate before(String call) {
            requireAlive(call);
            world.meanwhile(call);
            requireAlive(call);
            var faults = world.faults();
            if (world.chance(faults.crash())) {
                throw new Crash(call);
            }
            if (world.chance(faults.lost())) {
                var fate = world.random().nextBoolean() ? Fate.REQUEST_LOST : Fate.REPLY_LOST;
                world.tell(() -> name + " " + call + " " + fate);
                return fate;
            }
            if (world.chance(faults.late())) {
                world.tell(() -> name + " " + call + " will be late");
                return Fate.LATE;
            }
            return Fate.DELIVERED;
        }

        @Override
        public void after(String call) {
            world.meanwhile(call);
            if (world.chance(world.faults().crash())) {
                throw new Crash("reply of " + call);
            }
        }

        @Override
        public void idle(Duration wait) {
            world.pass(wait);
        }

        private void requireAlive(String call) {
            if (dead) {
                throw new Crash(call + " of a dead process");
            }
        }
    }

    /// The two ends as one process sees them, and how it vanishes from both.
    record Client(Ends ends, Runnable vanish) {}
}
