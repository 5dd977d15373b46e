package ferry.engine.verify;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Hold;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Settings;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Compares a table without a key by counting whole rows: all rows of the source at one exact
/// position, and all rows of the target while apply stands still at a later place. What the log
/// changed in between is added to the source's rows. Distinct rows that are too many to be held are
/// compared share by share, each at its own position. With a lane it also corrects what differs, at
/// that place.
final class WholeCheck extends Check {
    private final Optional<Lane> correcting;
    private final Share share;

    /// Source count minus target count, by the row in the target's form.
    private HeldRows<Long> surplus;

    private boolean isRead;
    private long rows; // that were read at the source
    private Optional<Position> before =
            Optional.empty(); // everything up to here was visible to the read
    private Optional<Position> at = Optional.empty();
    private Optional<Hold.Ticket> ticket = Optional.empty();

    WholeCheck(TableMark mark, TableReport report, Optional<Lane> correcting) {
        this(mark, report, correcting, Share.ALL);
    }

    private WholeCheck(TableMark mark, TableReport report, Optional<Lane> correcting, Share share) {
        super(mark, report);
        this.correcting = correcting;
        this.share = share;
    }

    @Override
    Check again() {
        return of(share);
    }

    private WholeCheck of(Share part) {
        return new WholeCheck(mark(), report(), correcting, part);
    }

    @Override
    Result step(Sight sight) {
        if (!isRead) {
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
                        target(), source(), 1, 0, batch -> batch.forEach(row -> count(row, -1)));
        report().compared(surplus.share().isFirst() ? rows : 0, at, at);
        if (correcting.isPresent()) {
            correct(sight, correcting.orElseThrow());
        } else {
            reportDifferences();
        }
        drop();
        return new Result.Ended(surplus.letGo().stream().<Check>map(this::of).toList());
    }

    @Override
    boolean asks() {
        return ticket.isPresent();
    }

    @Override
    long held() {
        return surplus == null ? 0 : surplus.bytes();
    }

    @Override
    void drop() {
        ticket.ifPresent(Hold.Ticket::release);
        ticket = Optional.empty();
    }

    private void readSource(Sight sight) {
        var translation = translation(sight);
        surplus =
                new HeldRows<>(
                        share,
                        sight.ends().settings().get(Settings.VERIFY_MEMORY_BYTES),
                        _ -> Long.BYTES);
        rows = 0;
        Consumer<List<Row>> sink =
                batch -> {
                    rows += batch.size();
                    batch.forEach(row -> count(translation.translate(row), 1));
                };
        before = sight.readAt();
        if (sight.log().isPresent()) {
            at = Optional.of(sight.source().readExactly(source(), sink).readBy());
        } else {
            sight.source().readBucket(source(), target(), 1, 0, sink);
        }
        isRead = true;
    }

    /// A row whose count is even takes no memory.
    private void count(Row row, long more) {
        surplus.compute(
                row,
                (_, count) -> {
                    var sum = (count == null ? 0 : count) + more;
                    return sum == 0 ? null : sum;
                });
    }

    private boolean standsStill(Sight sight) {
        if (!sight.isApplied(at)) {
            // After a lost connection apply may stand before the place again: it must go on.
            drop();
            return false;
        }
        if (ticket.isEmpty()) {
            ticket = Optional.of(sight.applied().orElseThrow().hold().ask());
        }
        return ticket.orElseThrow().held();
    }

    /// Adds to the source's rows what was committed behind their position and is in the target now.
    /// False if the table was truncated or redefined in between: then it must be read again.
    private boolean follow(Sight sight, ChangeLog log) {
        var applied = sight.applied().orElseThrow().applied().orElseThrow();
        var forms = new LoggedForms(sight.ends(), mark());
        Predicate<TransactionId> missed =
                id -> !at.orElseThrow().includes(id) && applied.includes(id);
        try (var reader = log.reader(before.orElseThrow(), Set.of(source().name()))) {
            var counts = false;
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                switch (next.orElseThrow()) {
                    case LogRecord.Begin begin -> counts = missed.test(begin.id());
                    case LogRecord.Rows logged -> {
                        if (counts) {
                            var form = forms.of(logged.table());
                            form.logged()
                                    .moved(logged.changes())
                                    .forEach(change -> follow(change, form.translation()));
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
            case Change.Insert(var after) -> count(translation.translate(after), 1);
            case Change.Delete(var gone) -> count(translation.translate(gone), -1);
            case Change.Update(var gone, var after) -> {
                count(translation.translate(gone), -1);
                count(translation.translate(after), 1);
            }
        }
    }

    private void reportDifferences() {
        surplus.entries()
                .forEach((row, count) ->
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

    /// In several transactions if it is much: apply stands still until all are done, and what a
    /// crash leaves undone differs still.
    private void correct(Sight sight, Lane lane) {
        var most = sight.ends().settings().get(Settings.APPLY_BATCH_ROWS);
        var changes = new ArrayList<Change>();
        for (var entry : surplus.entries().entrySet()) {
            var row = entry.getKey();
            var count = entry.getValue();
            for (var i = 0L; i < Math.abs(count); i++) {
                changes.add(count > 0 ? new Change.Insert(row) : new Change.Delete(row));
                if (changes.size() >= most) {
                    write(lane, changes);
                    changes.clear();
                }
            }
        }
        if (!changes.isEmpty()) {
            write(lane, changes);
        }
    }

    private void write(Lane lane, List<Change> changes) {
        lane.transaction(
                lane.checkpoint(),
                writer -> writer.apply(List.of(corrections(List.copyOf(changes)))));
    }
}
