package ferry.engine.verify;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Hold;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Compares a table without a key by counting whole rows: all rows of the source at one exact
/// position, and all rows of the target while apply stands still at a later place. What the log
/// changed in between is added to the source's rows. Holds one entry a distinct row in memory. With
/// a lane it also corrects what differs, at that place.
final class WholeCheck extends Check {
    private final Optional<Lane> correcting;
    private Map<Row, Long>
            surplus; // source count minus target count, by the row in the target's form
    private long rows;
    private Optional<Position> before =
            Optional.empty(); // everything up to here was visible to the read
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
            readSource(sight);
            return WORKED;
        }
        if (sight.applied().isPresent() && !standsStill(sight)) {
            return new Result.Waiting("apply to stand still behind the position of the table");
        }
        if (sight.log().isPresent() && !follow(sight, sight.log().orElseThrow())) {
            drop();
            return ended(again());
        }
        sight.target()
                .readBucket(
                        target(),
                        source(),
                        1,
                        0,
                        batch -> batch.forEach(row -> surplus.merge(row, -1L, Long::sum)));
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
        before = sight.readAt();
        if (sight.log().isPresent()) {
            at =
                    Optional.of(
                            sight.source()
                                    .readExactly(
                                            source(), batch -> count(counts, batch, translation))
                                    .readBy());
        } else {
            sight.source()
                    .readBucket(
                            source(), target(), 1, 0, batch -> count(counts, batch, translation));
        }
        rows = counts.values().stream().mapToLong(Long::longValue).sum();
        surplus = counts;
    }

    private static void count(Map<Row, Long> counts, List<Row> batch, RowTranslation translation) {
        batch.forEach(row -> counts.merge(translation.translate(row), 1L, Long::sum));
    }

    private boolean standsStill(Sight sight) {
        if (!sight.isApplied(at)) {
            // After a lost connection apply may stand before the place again: it must go on.
            drop();
            return false;
        }
        if (ticket.isEmpty()) {
            ticket = sight.applied().orElseThrow().hold().ask();
        }
        return ticket.isPresent() && ticket.orElseThrow().held();
    }

    /// Adds to the source's rows what was committed behind their position and is in the target now.
    /// False if the table was truncated or redefined in between: then it must be read again.
    private boolean follow(Sight sight, ChangeLog log) {
        var applied = sight.applied().orElseThrow().applied().orElseThrow();
        var translation = translation(sight);
        Predicate<TransactionId> missed =
                id -> !at.orElseThrow().includes(id) && applied.includes(id);
        try (var reader = log.reader(before.orElseThrow(), Set.of(source().name()))) {
            var counts = false;
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                switch (next.orElseThrow()) {
                    case LogRecord.Begin begin -> counts = missed.test(begin.id());
                    case LogRecord.Rows logged -> {
                        if (counts) {
                            logged.changes().forEach(change -> follow(change, translation));
                        }
                    }
                    case LogRecord.SchemaChange change
                            when change.touches(source().name()) && missed.test(change.id()) -> {
                        return false;
                    }
                    default -> {}
                }
            }
        }
        return true;
    }

    private void follow(Change change, RowTranslation translation) {
        switch (change) {
            case Change.Insert(var after) ->
                    surplus.merge(translation.translate(after), 1L, Long::sum);
            case Change.Delete(var gone) ->
                    surplus.merge(translation.translate(gone), -1L, Long::sum);
            case Change.Update(var gone, var after) -> {
                surplus.merge(translation.translate(gone), -1L, Long::sum);
                surplus.merge(translation.translate(after), 1L, Long::sum);
            }
        }
    }

    private void reportDifferences() {
        surplus.forEach((row, count) ->
                report().add(
                                count > 0
                                        ? new Difference(
                                                mark().name(),
                                                row,
                                                Optional.of(row),
                                                Optional.empty(),
                                                count)
                                        : new Difference(
                                                mark().name(),
                                                row,
                                                Optional.empty(),
                                                Optional.of(row),
                                                -count)));
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
                    lane.checkpoint(),
                    writer -> writer.apply(target(), Mode.STRICT, List.copyOf(changes)));
        }
    }
}
