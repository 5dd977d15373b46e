package ferry.engine.governor;

import ferry.engine.config.Amounts;
import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Settings;
import ferry.engine.config.WeekSchedule;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Says to load and apply whether they may go on, and if not, why. One for each project; safe for
/// several threads. It has no thread of its own: [GovernorLoop] tells it what it sees.
///
/// Whoever works asks before each piece ([#waits], or [#enterLoad] for one of several load
/// workers), and pays for it afterwards ([#spent]). Words complete "waits for …".
public final class Governor {
    /// A wait that is no older than this is told; somebody who works within a limit waits now and
    /// then.
    private static final Duration TOLD_TIME = Duration.ofSeconds(2);

    private final Settings settings;
    private final InstantSource clock;
    private final WeekSchedule schedule;
    private final ZoneId zone;
    private final List<Watch> watches;
    private final boolean unknownWaits;
    private final Pace pace;
    private final Map<Work, Rates> rates = new EnumMap<>(Work.class);
    private final Map<Work, Told> told = new EnumMap<>(Work.class);
    private final Map<Watch, Seen> seen = new HashMap<>();
    private int loading;

    /// What one kind of work may do a second.
    private record Rates(TokenBucket rows, TokenBucket bytes) {}

    /// A limit a second, and the words for where it comes from; 0 is none.
    private record Limit(long perSecond, String where) {
        static final Limit NONE = new Limit(0, "");

        Limit orTighter(Limit other) {
            return perSecond == 0 || other.perSecond > 0 && other.perSecond < perSecond
                    ? other
                    : this;
        }
    }

    private record Told(Instant at, String why) {}

    public Governor(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        schedule = WeekSchedule.parse(settings.get(GovernorSettings.SCHEDULE));
        zone = ZoneId.of(settings.get(GovernorSettings.SCHEDULE_ZONE));
        watches = Watch.of(settings);
        unknownWaits = settings.get(GovernorSettings.UNKNOWN).equals("wait");
        pace = new Pace(settings);
        var debtMax = settings.get(GovernorSettings.DEBT_TIME);
        for (var work : Work.values()) {
            rates.put(work, new Rates(new TokenBucket(debtMax), new TokenBucket(debtMax)));
        }
        watches.forEach(
                watch -> seen.put(watch, new Seen.Unknown("the first look at " + watch.setting())));
    }

    /// Why this work must wait now; empty if it may go on.
    public synchronized Optional<String> waits(Work work) {
        var now = clock.instant();
        return remembered(work, now, why(work, now));
    }

    /// Lets one more load worker work until it leaves, or says why not.
    public synchronized Optional<String> enterLoad() {
        var now = clock.instant();
        pace.grow(now);
        var why = why(Work.LOAD, now).or(this::crowded);
        if (why.isEmpty()) {
            loading++;
        }
        return remembered(Work.LOAD, now, why);
    }

    /// Ends what [#enterLoad] let begin.
    public synchronized void leaveLoad() {
        loading--;
    }

    /// Pays for work that was done, whether it lasts or not: it has cost the servers the same.
    public synchronized void spent(Work work, long rows, long bytes) {
        var now = clock.instant();
        var window = window(work, now);
        var rowsMax = rowsLimit(work, window).perSecond();
        if (rowsMax > 0) {
            rates.get(work).rows().spend(now, rows, rowsMax);
        }
        var bytesMax = bytesLimit(work, window).perSecond();
        if (bytesMax > 0) {
            rates.get(work).bytes().spend(now, bytes, bytesMax);
        }
    }

    /// The rows that a chunk of so many rows should have, so that it is not more than a second's
    /// work, and smaller under stress as batches are: a chunk is one statement where it goes by
    /// LOAD DATA, and one transaction.
    public synchronized long chunkRows(long rows) {
        var window = window(Work.LOAD, clock.instant());
        var rowsMax = rowsLimit(Work.LOAD, window).perSecond();
        var bytesMax = bytesLimit(Work.LOAD, window).perSecond();
        var chunkBytes = settings.get(Settings.LOAD_CHUNK_BYTES);
        var part = (double) pace.batch() / settings.get(Settings.LOAD_BATCH_BYTES);
        if (bytesMax > 0) {
            part = Math.min(part, (double) bytesMax / chunkBytes);
        }
        var fewer = rowsMax > 0 ? Math.min(rows, rowsMax) : rows;
        return Math.max(1, Math.min(fewer, (long) (rows * part)));
    }

    /// The bytes that a batch of the load may have at present; empty while batches need not be
    /// smaller than `load.batch.bytes`.
    public synchronized Optional<Long> batchBytes() {
        return pace.batch() == settings.get(Settings.LOAD_BATCH_BYTES)
                ? Optional.empty()
                : Optional.of(pace.batch());
    }

    /// A load worker met a problem: a target that asks to try again is under stress.
    public synchronized void met(Problem problem) {
        if (problem.code() == ProblemCode.TARGET_BUSY) {
            pace.stress(clock.instant(), 1, "the target asked to try again: " + problem.why());
        }
    }

    /// Why this work waited a moment ago; empty if it did not.
    public synchronized Optional<String> waited(Work work) {
        return Optional.ofNullable(told.get(work))
                .filter(last -> clock.instant().isBefore(last.at().plus(TOLD_TIME)))
                .map(Told::why);
    }

    /// What must be looked at.
    List<Watch> watches() {
        return watches;
    }

    /// Tells what a look at everything found.
    synchronized void seen(Map<Watch, Seen> found) {
        seen.putAll(found);
        for (var watch : watches) {
            if (watch.isGradual() && seen.get(watch) instanceof Seen.Stressed(var why)) {
                pace.stress(clock.instant(), 0, why);
            }
        }
    }

    private Optional<String> remembered(Work work, Instant now, Optional<String> why) {
        why.ifPresent(words -> told.put(work, new Told(now, words)));
        return why;
    }

    private Optional<String> why(Work work, Instant now) {
        var window = window(work, now);
        return watched(work).or(() -> off(window)).or(() -> beyond(work, window, now));
    }

    private Optional<String> watched(Work work) {
        for (var watch : watches) {
            if (watch.holds().contains(work)) {
                switch (seen.get(watch)) {
                    case Seen.Calm _ -> {}
                    case Seen.Stressed(var why) -> {
                        if (work == Work.APPLY || !watch.isGradual()) {
                            return Optional.of(why);
                        }
                    }
                    case Seen.Unknown(var why) -> {
                        if (unknownWaits) {
                            return Optional.of(why);
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<WeekSchedule.Window> window(Work work, Instant now) {
        return schedule.windows().isEmpty()
                ? Optional.empty()
                : schedule.at(LocalDateTime.ofInstant(now, zone), work.word());
    }

    private Optional<String> off(Optional<WeekSchedule.Window> window) {
        return window.filter(WeekSchedule.Window::off).map(this::words);
    }

    private String words(WeekSchedule.Window window) {
        return "the end of '%s' (govern.schedule, %s)".formatted(window.text(), zone);
    }

    private Optional<String> beyond(Work work, Optional<WeekSchedule.Window> window, Instant now) {
        var buckets = rates.get(work);
        return beyond(buckets.rows(), rowsLimit(work, window), now)
                .map(limit ->
                        "the limit of %s rows a second (%s)"
                                .formatted(
                                        String.format(Locale.ROOT, "%,d", limit.perSecond()),
                                        limit.where()))
                .or(() ->
                        beyond(buckets.bytes(), bytesLimit(work, window), now)
                                .map(limit ->
                                        "the limit of %s a second (%s)"
                                                .formatted(
                                                        Amounts.bytes(limit.perSecond()),
                                                        limit.where())));
    }

    private static Optional<Limit> beyond(TokenBucket bucket, Limit limit, Instant now) {
        if (limit.perSecond() == 0) {
            bucket.forget();
        }
        return Optional.of(limit).filter(_ -> bucket.owes(now));
    }

    private Limit rowsLimit(Work work, Optional<WeekSchedule.Window> window) {
        var setting = work == Work.LOAD ? GovernorSettings.LOAD_ROWS : GovernorSettings.APPLY_ROWS;
        return new Limit(settings.get(setting), setting.name())
                .orTighter(
                        window.map(open -> new Limit(open.rows(), where(open))).orElse(Limit.NONE));
    }

    private Limit bytesLimit(Work work, Optional<WeekSchedule.Window> window) {
        var setting =
                work == Work.LOAD ? GovernorSettings.LOAD_BYTES : GovernorSettings.APPLY_BYTES;
        return new Limit(settings.get(setting), setting.name())
                .orTighter(
                        window.map(open -> new Limit(open.bytes(), where(open)))
                                .orElse(Limit.NONE));
    }

    private static String where(WeekSchedule.Window window) {
        return "govern.schedule '" + window.text() + "'";
    }

    private Optional<String> crowded() {
        return loading < pace.workers()
                ? Optional.empty()
                : Optional.of(
                        "calm, %d of %d load workers go on: %s"
                                .formatted(pace.workers(), pace.workersMax(), pace.why()));
    }
}
