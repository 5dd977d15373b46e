package ferry.engine.pipeline;

import ferry.engine.apply.LogStop;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.NamedPlace.AtTime;
import ferry.engine.model.NamedPlace.InLog;
import ferry.engine.model.Position;
import ferry.engine.pipeline.ProjectPlan.Bounds;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Keeps a project to the part of the source's log that its operator wants.
///
/// The target remembers which stop the running project has. While it is the same, nothing behind it
/// was ever applied; when it is another one, what was applied is compared with it first. It is
/// remembered as its operator wrote it and as what that meant then: the source may drop that part
/// of its log meanwhile, and with another server the same words would mean another place.
public final class LogBounds {
    static final String STOP = "stop";
    private static final String START = "start";

    /// The source numbers what it commits a moment before it is in its log.
    private static final Duration TIME_MARGIN = Duration.ofSeconds(1);

    private final Ends ends;
    private final Bounds bounds;

    /// A stop as the target remembers it; a time has no place yet.
    private record Kept(String text, Optional<Position> place) {}

    LogBounds(Ends ends, Bounds bounds) {
        this.ends = ends;
        this.bounds = bounds;
    }

    /// Where the log of a new project begins, if its operator named a place: the source still has
    /// its log from there on.
    Optional<Position> start() {
        var place = bounds.start().map(ends::place);
        place.ifPresent(from -> ends.sourceLog(from).close());
        return place;
    }

    /// What the target is to remember of the start, together with the first checkpoint.
    List<Entry> startEntries(Position start) {
        return bounds.start()
                .map(name ->
                        List.of(
                                new Entry(
                                        Loading.PROJECT, START, name.text() + "\n" + start.text())))
                .orElse(List.of());
    }

    /// Refuses a start that is not the one with which the project began. Returns the place that was
    /// named, while nothing behind it has been applied.
    Optional<Position> begunAt(Checkpoint applied) {
        var began = remembered(START).map(value -> value.split("\n", 2));
        var wanted = bounds.start().map(NamedPlace::text);
        if (wanted.isPresent() && !wanted.equals(began.map(parts -> parts[0]))) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "project " + ends.project() + " cannot begin at " + wanted.get(),
                    "it began "
                            + began.map(parts -> "at " + parts[0]).orElse("where its log was then")
                            + ", and has applied everything up to "
                            + applied.all().text(),
                    "set start back in the project file, or run 'ferry migrate --reset-start', which begins anew at the start: what lies between is applied again, or never");
        }
        return began.filter(parts -> applied.lowWater().text().equals(parts[1]))
                .map(_ -> applied.lowWater());
    }

    /// The stop of this run, remembered in the target before anything is applied. `applied` is what
    /// earlier runs applied, or where the log of a new project begins.
    Optional<LogStop> stop(Lane lane, Checkpoint applied) {
        var before = remembered(STOP).filter(value -> !value.isEmpty()).map(this::kept);
        if (bounds.stop().isEmpty()) {
            before.ifPresent(_ -> remember(lane, STOP, ""));
            return Optional.empty();
        }
        var stop = bounds.stop().orElseThrow();
        var same = before.filter(kept -> kept.text().equals(stop.text()));
        var place =
                switch (stop) {
                    case AtTime _ -> Optional.<Position>empty();
                    case InLog inLog ->
                            same.flatMap(Kept::place).or(() -> Optional.of(ends.place(inLog)));
                };
        var now = new Kept(stop.text(), place);
        if (!before.equals(Optional.of(now))) {
            if (same.isEmpty() && before.filter(kept -> isNotBefore(now, kept)).isEmpty()) {
                refusePassed(stop, place, applied);
            }
            remember(
                    lane,
                    STOP,
                    now.text() + place.map(position -> "\n" + position.text()).orElse(""));
        }
        return Optional.of(
                switch (stop) {
                    case AtTime at -> LogStop.at(at.text(), at.time());
                    case InLog inLog -> LogStop.at(inLog.text(), place.orElseThrow());
                });
    }

    private Kept kept(String value) {
        var parts = value.split("\n", 2);
        return new Kept(
                parts[0],
                parts.length < 2 ? Optional.empty() : Optional.of(ends.position(parts[1])));
    }

    /// What was applied until the former stop lies before a later one, however far the log was read
    /// where nothing concerned the project.
    private static boolean isNotBefore(Kept stop, Kept former) {
        if (stop.place().isPresent() && former.place().isPresent()) {
            return stop.place().get().covers(former.place().get());
        }
        return NamedPlace.parse(stop.text()) instanceof AtTime now
                && NamedPlace.parse(former.text()) instanceof AtTime then
                && !then.time().isAfter(now.time());
    }

    private void refusePassed(NamedPlace stop, Optional<Position> place, Checkpoint applied) {
        var end =
                switch (stop) {
                    case AtTime at -> endOf(at);
                    case InLog _ -> place;
                };
        if (end.isEmpty()) {
            return;
        }
        var half = applied.begun().filter(part -> !end.get().includes(part.id()));
        if (half.isPresent()) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "the run cannot stop at " + stop.text(),
                    "a part of a large transaction is in the target already that does not surely lie before that place: "
                            + half.get().id().text(),
                    "choose a later stop, or go on with the one before until the transaction is whole");
        }
        var passed =
                !end.get().covers(applied.all())
                        && (stop instanceof AtTime || applied.all().covers(end.get()));
        if (passed) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "the run cannot stop at " + stop.text(),
                    "what is or will be in the target reaches further already, to "
                            + applied.all().text(),
                    "choose a later stop; to have the target as it was there, begin anew with 'ferry reset'");
        }
    }

    /// Everything that was committed until then; empty while the time is still to come, which
    /// nothing has passed.
    private Optional<Position> endOf(AtTime stop) {
        try (var snapshot = ends.sourceSnapshot()) {
            if (snapshot.time().isBefore(stop.time())) {
                return Optional.empty();
            }
        }
        return Optional.of(ends.place(new AtTime(stop.time().plusNanos(1_000), stop.text())));
    }

    /// Where no transaction follows, a time is reached when the source's clock has passed it.
    void lookAtClock(LogStop stop) {
        if (!stop.waitsForTime() || !(bounds.stop().orElseThrow() instanceof AtTime at)) {
            return;
        }
        try (var snapshot = ends.sourceSnapshot()) {
            if (snapshot.time().isAfter(at.time().plus(TIME_MARGIN))) {
                stop.timePassed(snapshot.logEnd());
            }
        }
    }

    /// What its operator calls the place where the project's last run was to stop; empty if there
    /// was none.
    public static Optional<String> stopOf(Ends ends) {
        try (var bookkeeping = ends.bookkeeping()) {
            return Lineage.remembered(bookkeeping, ends.project(), STOP)
                    .filter(value -> !value.isEmpty())
                    .map(value -> value.split("\n", 2)[0]);
        }
    }

    private Optional<String> remembered(String name) {
        try (var bookkeeping = ends.bookkeeping()) {
            return Lineage.remembered(bookkeeping, ends.project(), name);
        }
    }

    private static void remember(Lane lane, String name, String value) {
        lane.transaction(
                lane.checkpoint(),
                writer -> writer.put(List.of(new Entry(Loading.PROJECT, name, value))));
    }
}
