package ferry.engine.pipeline;

import ferry.engine.apply.Apply;
import ferry.engine.apply.Barriers;
import ferry.engine.apply.LogStop;
import ferry.engine.capture.Capture;
import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.LogRecord;
import ferry.engine.changelog.LogStore;
import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Ends;
import ferry.engine.governor.Governor;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.engine.schema.SchemaBuilder;
import ferry.engine.schema.SchemaFollower;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Opens what follows the source's log: the change log where the target says that apply stands, or
/// a new one, with capture and apply over it.
final class LinkOpener {
    private final Ends ends;
    private final ProjectPlan plan;
    private final LogStore store;
    private final Marks marks;
    private final LogBounds bounds;
    private final SchemaBuilder builder;
    private final Governor governor;
    private final Asides asides;

    LinkOpener(
            Ends ends,
            ProjectPlan plan,
            LogStore store,
            Marks marks,
            LogBounds bounds,
            SchemaBuilder builder,
            Governor governor,
            Asides asides) {
        this.ends = ends;
        this.plan = plan;
        this.store = store;
        this.marks = marks;
        this.bounds = bounds;
        this.builder = builder;
        this.governor = governor;
        this.asides = asides;
    }

    /// Opens the change log where apply stands, or begins it there: it can always be built again
    /// while the source still has its own log.
    Link open(
            Lane lane,
            long epoch,
            Checkpoint checkpoint,
            Optional<LogStop> stop,
            Supplier<Optional<Duration>> captureLag) {
        var log = openLog(checkpoint.lowWater());
        try {
            requireLogOfApart(log, lane, checkpoint.lowWater());
        } catch (ProblemException e) {
            log.close();
            throw e;
        }
        var capture = new Capture(ends, log);
        for (var mark : marks.tables()) {
            if (mark.source().isPresent()) {
                admitAgain(mark, log, capture, checkpoint.lowWater());
            }
        }
        var apply = new Apply(ends, epoch, log, marks, barriers(), governor, asides);
        stop.ifPresent(apply::stopAt);
        var watch = new PurgeWatch(ends, capture::read, captureLag);
        return new Link(log, capture, apply, watch);
    }

    /// The layouts in force at the low-water mark stand in the target. A table that the log did not
    /// come to yet is admitted where it was before, whatever layout the log has of it: whoever
    /// began this log may have ended before the admission was durable, or another home may have
    /// loaded the table since.
    private void admitAgain(TableMark mark, ChangeLog log, Capture capture, Position lowWater) {
        var place = firstNeeded(mark, lowWater);
        var fits = log.position().covers(place) || !ends.rules().keeps(Rule.LOG_FITS_TARGET);
        var admitted = fits && log.admitted().containsKey(mark.name());
        if (place.covers(log.position()) && !admitted) {
            capture.requestAt(mark.sourceLayout().whole(), place);
        }
    }

    /// Where the change log must hold a table's rows from: of a table that is apart also what the
    /// low-water mark has passed.
    private Position firstNeeded(TableMark mark, Position lowWater) {
        return mark.admittedAt()
                .map(ends::position)
                .filter(at -> mark.isApart() || !lowWater.covers(at))
                .orElse(lowWater);
    }

    /// A table that is loaded apart needs the log from where it went apart. A log that was begun
    /// anew does not have it: the load begins anew, from where the others stand.
    private void requireLogOfApart(ChangeLog log, Lane lane, Position lowWater) {
        var again =
                marks.tables().stream()
                        .filter(mark -> mark.isApart() && !isHeldApart(mark, log))
                        .map(mark -> mark.again().apart(lowWater))
                        .toList();
        if (!again.isEmpty()) {
            var entries = again.stream().map(TableMark::entry).toList();
            lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
            again.forEach(marks::record);
        }
    }

    private boolean isHeldApart(TableMark mark, ChangeLog log) {
        var from = mark.neededFrom().map(ends::position).orElseThrow();
        return log.position().covers(from)
                && reaches(log, from)
                && (mark.source().isEmpty() || holds(log, mark, from, new HashMap<>()));
    }

    private ChangeLog openLog(Position lowWater) {
        var log =
                ChangeLog.open(
                        store, ends.settings(), new FormsOfSource(ends), lowWater, ends.clock());
        var fits = false;
        try {
            fits = log.isNew() || reaches(log, lowWater) && holdsAllTables(log, lowWater);
        } finally {
            if (!fits) {
                log.close();
            }
        }
        if (fits) {
            return log;
        }
        ChangeLog.erase(store);
        return ChangeLog.open(
                store, ends.settings(), new FormsOfSource(ends), lowWater, ends.clock());
    }

    /// False if the log was read past the place from which a table's rows are needed, and does not
    /// hold them from there on: it was written by a home that did not know the table.
    private boolean holdsAllTables(ChangeLog log, Position lowWater) {
        if (!ends.rules().keeps(Rule.LOG_FITS_TARGET)) {
            return true;
        }
        var admitted = new HashMap<String, Map<TableName, Table>>(); // by place
        return marks.tables().stream()
                .filter(mark -> mark.source().isPresent() && !mark.isApart())
                .allMatch(mark -> holds(log, mark, lowWater, admitted));
    }

    private boolean holds(
            ChangeLog log,
            TableMark mark,
            Position lowWater,
            Map<String, Map<TableName, Table>> admitted) {
        var place = firstNeeded(mark, lowWater);
        return place.covers(log.position())
                || admitted.computeIfAbsent(place.text(), _ -> log.admittedAt(place))
                        .containsKey(mark.name());
    }

    private static boolean reaches(ChangeLog log, Position lowWater) {
        if (!log.position().covers(lowWater)) {
            return false; // another home went on meanwhile
        }
        try (var _ = log.reader(lowWater)) {
            return true;
        } catch (ProblemException e) {
            if (e.code() != ProblemCode.LOG_LIMIT) {
                throw e;
            }
            return false;
        }
    }

    /// Where the log of a new project begins: where its operator says, or a place up to which
    /// everything is visible to the first chunk.
    Checkpoint start(long epoch) {
        var named = bounds.start();
        try (var first = new Lane(ends, Apply.LANE, epoch);
                var snapshot = ends.sourceSnapshot()) {
            first.open();
            var start = Checkpoint.at(named.orElseGet(snapshot::committed));
            first.transaction(
                    start.text(), writer -> writer.put(bounds.startEntries(start.lowWater())));
            return start;
        }
    }

    private Barriers barriers() {
        var follower =
                new SchemaFollower(
                        ends, marks, plan.selection(), plan.has(Part.FULL), builder.work());
        return new Barriers() {
            @Override
            public void windowsEnd(Lane applyLane, List<TableMark> tables) {
                builder.finish(applyLane, tables);
            }

            @Override
            public void schemaChange(
                    Lane applyLane,
                    LogRecord.SchemaChange change,
                    Set<TableName> seen,
                    Checkpoint after) {
                follower.follow(applyLane, change, seen, after);
            }
        };
    }
}
