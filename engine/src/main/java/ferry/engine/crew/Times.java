package ferry.engine.crew;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/// How long one loop has spent on each [Activity] since it began. Its thread changes it, anybody
/// may look.
public final class Times {
    private static final ThreadLocal<Times> PRESENT = new ThreadLocal<>();

    private final long[] nanos = new long[Activity.values().length];
    private Activity activity = Activity.NOTHING;
    private long since = System.nanoTime();
    private long ownBefore;

    /// Counts what this thread does from now on.
    void bind() {
        PRESENT.set(this);
    }

    /// Runs work that belongs to another activity than what goes on around it. Threads that nobody
    /// counts just run it.
    public static <T> T during(Activity activity, Supplier<T> work) {
        var times = PRESENT.get();
        if (times == null) {
            return work.get();
        }
        var around = times.change(activity);
        try {
            return work.get();
        } finally {
            times.change(around);
        }
    }

    /// So much of the time of what this thread does now was its own work, as a decoder inside a
    /// read knows. Threads that nobody counts do nothing.
    public static void ownWork(long nanos) {
        var times = PRESENT.get();
        if (times != null) {
            times.move(nanos);
        }
    }

    private synchronized void move(long wanted) {
        var from = change(activity).ordinal();
        var moved = Math.clamp(wanted, 0, nanos[from]);
        nanos[from] -= moved;
        nanos[Activity.OWN.ordinal()] += moved;
    }

    /// From now on it is this; returns what it was.
    synchronized Activity change(Activity to) {
        var now = System.nanoTime();
        nanos[activity.ordinal()] += now - since;
        since = now;
        var before = activity;
        activity = to;
        return before;
    }

    synchronized void beginStep() {
        change(Activity.OWN);
        ownBefore = nanos[Activity.OWN.ordinal()];
    }

    /// A step that found nothing to do has spent its time on that: it looked, or waited inside.
    synchronized void foundNothing(Activity instead) {
        change(instead);
        var own = Activity.OWN.ordinal();
        nanos[instead.ordinal()] += nanos[own] - ownBefore;
        nanos[own] = ownBefore;
    }

    /// The times up to now; what took none is missing.
    public synchronized Map<Activity, Duration> spent() {
        change(activity);
        var spent = new EnumMap<Activity, Duration>(Activity.class);
        for (var each : Activity.values()) {
            if (nanos[each.ordinal()] > 0) {
                spent.put(each, Duration.ofNanos(nanos[each.ordinal()]));
            }
        }
        return spent;
    }
}
