package ferry.testkit.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// One thread runs everybody, one step at a time, in an order that the seed decides; time is a
/// number that steps move on. The same seed gives the same history.
///
/// Others also run *inside* a step: whoever calls a server calls [#meanwhile] before and after, and
/// there the world lets some of the others go on, so that a step can be cut anywhere that real
/// threads or processes could cut it.
public final class World implements InstantSource {
    private static final int DEPTH = 2;
    private static final int TRACE_LINES = 20_000;
    private static final long CALLS_A_STEP = 20;
    private static final Duration TICK = Duration.ofMillis(1);

    /// Somebody who does something: an application, a server's background, one thread of a process.
    public interface Actor {
        String name();

        /// How often it is chosen, compared with others; 0 while it has nothing to do.
        int weight();

        void step();
    }

    private final long seed;
    private final long stepsMax;
    private final boolean traces;
    private final Random random;
    private final List<Actor> actors = new ArrayList<>();
    private final Set<Object> busy = new LinkedHashSet<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private FaultPlan faults = FaultPlan.CALM;
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private long steps;
    private long calls;
    private int depth;

    /// A history of more than `stepsMax` steps ends with [EndlessHistory]; `traces` keeps what is
    /// told.
    public World(long seed, long stepsMax, boolean traces) {
        this.seed = seed;
        this.stepsMax = stepsMax;
        this.traces = traces;
        this.random = new Random(seed * 0x9e3779b97f4a7c15L);
    }

    public long seed() {
        return seed;
    }

    public Random random() {
        return random;
    }

    @Override
    public Instant instant() {
        return now;
    }

    public long micros() {
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    public FaultPlan faults() {
        return faults;
    }

    public void setFaults(FaultPlan plan) {
        faults = plan;
    }

    public void add(Actor actor) {
        actors.add(actor);
    }

    public void remove(Actor actor) {
        actors.remove(actor);
    }

    public long steps() {
        return steps;
    }

    /// True in so many of 10,000 cases.
    public boolean chance(int of10000) {
        return of10000 > 0 && random.nextInt(10_000) < of10000;
    }

    public <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /// Runs everybody for so many steps.
    public void run(long count) {
        for (var i = 0L; i < count; i++) {
            step();
        }
    }

    /// Runs everybody until `done`.
    public void runUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            step();
        }
    }

    /// At a call of a client: lets some others run, never those who are in the middle of a step.
    public void meanwhile(String where) {
        // A step that calls without end is as endless as steps without end.
        if (++calls > CALLS_A_STEP * stepsMax) {
            throw new EndlessHistory(calls + " calls, the last one " + where);
        }
        if (depth < DEPTH && chance(faults.meanwhile())) {
            depth++;
            try {
                for (var count = 1 + random.nextInt(4); count > 0; count--) {
                    step();
                }
            } finally {
                depth--;
            }
        }
    }

    /// While `work` runs, actors of this owner are not chosen: a process is not its own rival.
    public void during(Object owner, Runnable work) {
        var added = busy.add(owner);
        try {
            work.run();
        } finally {
            if (added) {
                busy.remove(owner);
            }
        }
    }

    public boolean isBusy(Object owner) {
        return busy.contains(owner);
    }

    /// One line of the history that [#trace] tells.
    public void tell(Supplier<String> line) {
        if (!traces) {
            return;
        }
        if (trace.size() == TRACE_LINES) {
            trace.removeFirst();
        }
        trace.add(steps + " ".repeat(1 + depth) + line.get());
    }

    public List<String> trace() {
        return List.copyOf(trace);
    }

    private void step() {
        if (++steps > stepsMax) {
            throw new EndlessHistory(stepsMax + " steps");
        }
        pass(TICK);
        var upTo = new int[actors.size()];
        var total = 0;
        for (var i = 0; i < upTo.length; i++) {
            total += isBusy(actors.get(i)) ? 0 : actors.get(i).weight();
            upTo[i] = total;
        }
        if (total == 0) {
            return;
        }
        var dice = random.nextInt(total);
        var chosen = 0;
        while (upTo[chosen] <= dice) {
            chosen++;
        }
        var actor = actors.get(chosen);
        during(actor, actor::step);
    }
}
