package ferry.engine.governor;

import ferry.engine.config.Amounts;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Vitals;
import ferry.engine.dialect.Vitals.Reading;
import ferry.engine.dialect.Vitals.Sign;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Looks at one server: what of it has a limit, over one connection that is opened anew after each
/// problem. A server that does not answer is no problem of the governor's: what it would tell is
/// unknown.
final class Lookout {
    private final Ends ends;
    private final Role role;
    private final Endpoint server;
    private final boolean replica;
    private final List<Watch> watches;
    private Optional<Vitals> vitals = Optional.empty();

    /// Of `watches` it takes those that this server can answer.
    Lookout(Ends ends, Role role, Endpoint server, boolean replica, List<Watch> watches) {
        this.ends = ends;
        this.role = role;
        this.server = server;
        this.replica = replica;
        this.watches = watches.stream().filter(this::isMine).toList();
    }

    private boolean isMine(Watch watch) {
        return switch (watch) {
            case Watch.OfSign sign -> sign.role() == role && sign.replicas() == replica;
            case Watch.OfCapture _ -> role == Role.SOURCE && !replica;
            case Watch.OfQuery query -> query.role() == role && !replica;
            case Watch.OfUrl _ -> false;
        };
    }

    boolean hasWork() {
        return !watches.isEmpty();
    }

    Map<Watch, Seen> look(Optional<Duration> captureLag) {
        var found = new HashMap<Watch, Seen>();
        try {
            if (vitals.isEmpty()) {
                vitals = Optional.of(ends.vitals(role, server));
            }
            var open = vitals.orElseThrow();
            var readings = open.read(signs());
            for (var watch : watches) {
                switch (watch) {
                    case Watch.OfSign sign ->
                            found.put(watch, judge(sign, readings.get(sign.sign())));
                    case Watch.OfCapture capture ->
                            found.put(
                                    watch,
                                    judge(
                                            capture,
                                            readings.get(Sign.LOG_KEPT_SECONDS),
                                            captureLag));
                    case Watch.OfQuery query -> found.put(watch, ask(query, open));
                    case Watch.OfUrl _ -> throw new IllegalStateException("no server answers it");
                }
            }
        } catch (ProblemException e) {
            close();
            for (var watch : watches) {
                found.putIfAbsent(
                        watch,
                        unknown(
                                watch,
                                "%s, which cannot be asked: %s: %s"
                                        .formatted(who(), e.problem().what(), e.problem().why())));
            }
        }
        return found;
    }

    void close() {
        vitals.ifPresent(Vitals::close);
        vitals = Optional.empty();
    }

    private EnumSet<Sign> signs() {
        var signs = EnumSet.noneOf(Sign.class);
        for (var watch : watches) {
            switch (watch) {
                case Watch.OfSign sign -> signs.add(sign.sign());
                case Watch.OfCapture _ -> signs.add(Sign.LOG_KEPT_SECONDS);
                case Watch.OfQuery _, Watch.OfUrl _ -> {}
            }
        }
        return signs;
    }

    private Seen judge(Watch.OfSign watch, Reading reading) {
        if (reading.value().isEmpty()) {
            return unreadable(watch, watch.sign(), reading);
        }
        var value = reading.value().orElseThrow();
        return value <= watch.most()
                ? new Seen.Calm()
                : new Seen.Stressed(
                        "%s, where %s (%s: %s)"
                                .formatted(
                                        who(),
                                        words(watch.sign(), value),
                                        watch.setting(),
                                        amount(watch.sign(), watch.most())));
    }

    /// What is not captured yet, or not at all, is not behind.
    private Seen judge(Watch.OfCapture watch, Reading kept, Optional<Duration> captureLag) {
        if (kept.value().isEmpty()) {
            return unreadable(watch, Sign.LOG_KEPT_SECONDS, kept);
        }
        var seconds = kept.value().orElseThrow();
        var lag = captureLag.orElse(Duration.ZERO);
        return lag.toMillis() / 1000.0 <= seconds * watch.percent() / 100
                ? new Seen.Calm()
                : new Seen.Stressed(
                        "capture, which is %s behind a source that keeps its log for %s (%s: %.0f)"
                                .formatted(
                                        Amounts.time(lag),
                                        Amounts.time(Duration.ofSeconds((long) seconds)),
                                        watch.setting(),
                                        watch.percent()));
    }

    private Seen ask(Watch.OfQuery watch, Vitals open) {
        var answer = open.query(watch.sql());
        return answer <= 0
                ? new Seen.Calm()
                : new Seen.Stressed(
                        "%s, whose throttle query says %s (%s)"
                                .formatted(who(), number(answer), watch.setting()));
    }

    private Seen unreadable(Watch watch, Sign sign, Reading reading) {
        return unknown(watch, "%s, where %s: %s".formatted(who(), unread(sign), reading.why()));
    }

    private static Seen unknown(Watch watch, String why) {
        return new Seen.Unknown(why + " (" + watch.setting() + ", govern.unknown)");
    }

    private String who() {
        var end = "the " + role.name().toLowerCase(Locale.ROOT);
        return replica ? end + "'s replica " + server.hosts().getFirst() : end;
    }

    private static String words(Sign sign, double value) {
        var amount = amount(sign, value);
        return switch (sign) {
            case THREADS_RUNNING -> amount + " threads are running";
            case HISTORY_LENGTH -> "the history list is " + amount + " long";
            case REPLICA_LAG_SECONDS -> "replication is " + amount + " behind";
            case LOG_BYTES -> "the binary logs take " + amount;
            case LOG_KEPT_SECONDS -> "the log is kept for " + amount;
            case MEMORY_PERCENT -> "the memstore is full to " + amount;
            case CPU_PERCENT -> "the CPU is busy to " + amount;
        };
    }

    private static String unread(Sign sign) {
        return switch (sign) {
            case THREADS_RUNNING -> "the running threads cannot be counted";
            case HISTORY_LENGTH -> "the length of the history list cannot be read";
            case REPLICA_LAG_SECONDS -> "the lag cannot be read";
            case LOG_BYTES -> "the size of the binary logs cannot be read";
            case LOG_KEPT_SECONDS -> "nothing tells how long the log is kept";
            case MEMORY_PERCENT -> "the memstore cannot be read";
            case CPU_PERCENT -> "the CPU cannot be read";
        };
    }

    private static String amount(Sign sign, double value) {
        return switch (sign) {
            case THREADS_RUNNING, HISTORY_LENGTH -> String.format(Locale.ROOT, "%,.0f", value);
            case REPLICA_LAG_SECONDS, LOG_KEPT_SECONDS ->
                    String.format(Locale.ROOT, "%.0f s", value);
            case LOG_BYTES -> Amounts.bytes(value);
            case MEMORY_PERCENT, CPU_PERCENT -> String.format(Locale.ROOT, "%.0f%%", value);
        };
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.valueOf(value);
    }
}
