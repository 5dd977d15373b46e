package ferry.engine.pipeline;

import ferry.engine.apply.Apply;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// The window of tables that are followed from a named place of the past: whoever copied their rows
/// did that at some time between the place and the beginning of this run.
final class StartWindow {
    private final Ends ends;
    private final ProjectPlan plan;
    private final Marks marks;
    private final Optional<Link> link;
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private Optional<Position> end = Optional.empty(); // of the source's log, when this run began

    StartWindow(Ends ends, ProjectPlan plan, Marks marks, Optional<Link> link) {
        this.ends = ends;
        this.plan = plan;
        this.marks = marks;
        this.link = link;
    }

    /// What an operator has to know about how changes are applied inside the window.
    List<String> notices() {
        return List.copyOf(notices);
    }

    /// Where the window of a table ends that was admitted here; empty if that is not the start.
    Optional<Position> end(Snapshot snapshot, Position admittedAt) {
        if (plan.bounds().start().isEmpty() || !isStart(admittedAt)) {
            return Optional.empty();
        }
        if (end.isEmpty()) {
            end = Optional.of(snapshot.logEnd());
            tell(admittedAt, end.get());
        }
        return end;
    }

    private boolean isStart(Position admittedAt) {
        return link.flatMap(open ->
                        open.apply()
                                .stored()
                                .or(() -> Apply.checkpoint(ends).map(Checkpoint::lowWater)))
                .filter(lowWater -> lowWater.text().equals(admittedAt.text()))
                .isPresent();
    }

    private void tell(Position start, Position end) {
        notices.add(
                "rows may be in the target already: from %s up to %s changes are written by key with the whole row (inserted or replaced, deleted if there), so that they may be repeated; behind that each must fit exactly"
                        .formatted(start.text(), end.text()));
        var keyless =
                marks.tables().stream()
                        .filter(mark -> mark.source().isPresent() && !mark.keyed())
                        .map(mark -> mark.name().toString())
                        .collect(Collectors.joining(", "));
        if (!keyless.isEmpty()) {
            notices.add(
                    "tables without a key cannot be written like that: %s must be in the target as the source had them exactly at %s"
                            .formatted(keyless, start.text()));
        }
    }

    /// Throws PLACE_REFUSED if the log changes the table's definition between these places, because
    /// it was admitted under the one that it has now.
    void requireSameLayout(TableMark mark, Position start, Position end) {
        var changes = link.orElseThrow().log().schemaChanges(mark.name(), start, end);
        if (!changes.isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "table " + mark.name() + " cannot be followed from " + start.text(),
                    "its definition was another one then: it was changed by "
                            + Loading.shortened(changes.getLast().statement()),
                    "choose a start behind "
                            + changes.getLast().id().text()
                            + ", and run with --reset-start; or exclude the table");
        }
    }
}
