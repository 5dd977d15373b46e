package ferry.engine.verify;

import ferry.engine.checkpoint.Hold;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Snapshot.ReadSpan;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Compares a table without a key: all rows of the source at one exact position, counted, with all rows of the target while apply stands at that
/// position. Holds one entry a distinct row in memory. With a lane it also corrects what differs, at that place.
final class WholeCheck extends Check {
    private final Optional<Lane> correcting;
    private Map<Row, Long> surplus; // source count minus target count, by the row in the target's form
    private long rows;
    private Optional<Position> at = Optional.empty();
    private Optional<Hold.Ticket> ticket = Optional.empty();

    WholeCheck(TableMark mark, TableReport report, Optional<Lane> correcting) {
        super(mark, report);
        this.correcting = correcting;
    }

    @Override
    Check again() {
        return new WholeCheck(mark(), report(), correcting);
    }

    @Override
    Result step(Sight sight) {
        if (surplus == null) {
            // The hold is asked for first: apply must not pass the position while the source is read.
            if (sight.applied().isPresent() && ticket.isEmpty()) {
                ticket = sight.applied().orElseThrow().hold().ask(Optional.empty());
                if (ticket.isEmpty()) {
                    return new Result.Waiting("apply to stand still");
                }
            }
            if (ticket.isPresent() && !ticket.orElseThrow().held()) {
                return new Result.Waiting("apply to stand still");
            }
            readSource(sight);
            if (at.isPresent() && !at.orElseThrow().covers(sight.applied().orElseThrow().applied().orElseThrow())) {
                // What is in the log may be applied before the source shows it.
                surplus = null;
                return new Result.Waiting("the source to show what is applied");
            }
            at.ifPresent(position -> ticket.orElseThrow().moveTo(position));
            return WORKED;
        }
        if (ticket.isPresent() && ticket.orElseThrow().missed()) {
            drop();
            return ended(again());
        }
        if (ticket.isPresent() && !ticket.orElseThrow().held()) {
            return new Result.Waiting("apply to reach the position of the table");
        }
        sight.target().readBucket(target(), source(), 1, 0, batch ->
                batch.forEach(row -> surplus.merge(row, -1L, Long::sum)));
        surplus.values().removeIf(count -> count == 0);
        report().compared(rows, at, at);
        correcting.ifPresentOrElse(this::correct, this::reportDifferences);
        drop();
        return ended();
    }

    @Override
    void drop() {
        ticket.ifPresent(Hold.Ticket::release);
        ticket = Optional.empty();
    }

    private void readSource(Sight sight) {
        var translation = translation(sight);
        var counts = new HashMap<Row, Long>();
        var span = sight.log().isPresent()
                ? Optional.of(sight.source().readExactly(source(), batch ->
                        batch.forEach(row -> counts.merge(translation.translate(row), 1L, Long::sum))))
                : Optional.<ReadSpan>empty();
        if (span.isEmpty()) {
            sight.source().readBucket(source(), target(), 1, 0, batch ->
                    batch.forEach(row -> counts.merge(translation.translate(row), 1L, Long::sum)));
        }
        at = span.map(ReadSpan::readBy);
        rows = counts.values().stream().mapToLong(Long::longValue).sum();
        surplus = counts;
    }

    private void reportDifferences() {
        surplus.forEach((row, count) -> report().add(
                count > 0
                        ? new Difference(mark().name(), row, Optional.of(row), Optional.empty(), count)
                        : new Difference(mark().name(), row, Optional.empty(), Optional.of(row), -count)));
    }

    private void correct(Lane lane) {
        var changes = new ArrayList<Change>();
        surplus.forEach((row, count) -> {
            for (var i = 0L; i < Math.abs(count); i++) {
                changes.add(count > 0 ? new Change.Insert(row) : new Change.Delete(row));
            }
        });
        if (!changes.isEmpty()) {
            lane.transaction(
                    lane.checkpoint(), writer -> writer.apply(target(), Mode.STRICT, List.copyOf(changes)));
        }
    }
}
