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
/// was ever applied; when it is another one, what was applied is compared with it first.
final class LogBounds {
    private static final String STOP = "stop";
    private static final String START = "start";

    /// The source numbers what it commits a moment before it is in its log.
    private static final Duration TIME_MARGIN = Duration.ofSeconds(1);

    private final Ends ends;
    private final Bounds bounds;

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
        var before = remembered(STOP);
        var now = bounds.stop().map(NamedPlace::text);
        var place = bounds.stop().map(this::resolved);
        if (!before.equals(now)) {
            bounds.stop().ifPresent(stop -> refusePassed(stop, applied));
            remember(lane, STOP, now.orElse(""));
        }
        return place;
    }

    private LogStop resolved(NamedPlace stop) {
        return switch (stop) {
            case AtTime at -> LogStop.at(at.text(), at.time());
            case InLog inLog -> LogStop.at(inLog.text(), ends.place(inLog));
        };
    }

    private void refusePassed(NamedPlace stop, Checkpoint applied) {
        var passed =
                switch (stop) {
                    case AtTime at -> isPassed(at, applied.all());
                    case InLog inLog -> {
                        var place = ends.place(inLog);
                        yield applied.all().covers(place) && !place.covers(applied.all());
                    }
                };
        if (passed) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "the run cannot stop at " + stop.text(),
                    "what is or will be in the target reaches further already, to "
                            + applied.all().text(),
                    "choose a later stop; to have the target as it was there, begin anew with 'ferry reset'");
        }
    }

    /// A time that is still to come was not passed.
    private boolean isPassed(AtTime stop, Position applied) {
        try (var snapshot = ends.sourceSnapshot()) {
            if (snapshot.time().isBefore(stop.time())) {
                return false;
            }
        }
        var next = stop.time().plusNanos(1_000);
        return !ends.place(new AtTime(next, stop.text())).covers(applied);
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
