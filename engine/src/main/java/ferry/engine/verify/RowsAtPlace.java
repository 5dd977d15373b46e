package ferry.engine.verify;

import ferry.engine.changelog.ChangeLogReader;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Hold;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Settings;
import ferry.engine.crew.RisingPause;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// Some rows of both ends at one and the same place of the log, while writers go on.
///
/// Apply is held for the moment of reading the target: the target is then exactly at a place c. The
/// source is read afterwards, at a place up to the log's end e of that moment. A row that the log
/// did not change between c and e was at c what was read; a row that it did change was at c what
/// the first such change found before it. So each row is compared exactly, and hot rows need no
/// luck.
final class RowsAtPlace {
    private final TableMark mark;
    private final SequencedSet<Row> wanted; // keys in the target's form
    private final boolean keepHolding;
    private Optional<Hold.Ticket> ticket = Optional.empty();
    private Optional<Position> place = Optional.empty(); // where the target was read
    private Optional<RisingPause> pause = Optional.empty(); // between two looks at the source
    private Optional<ChangeLogReader> reader = Optional.empty();
    private Map<Row, Row> actual;
    private Map<Row, Row> expected;
    private long bytes; // of both, about
    private Optional<Position> readBy = Optional.empty();
    private final Set<Row> decided = new LinkedHashSet<>();

    /// `keepHolding`: apply stays held until [#release], so that the caller can write at that
    /// place.
    RowsAtPlace(TableMark mark, List<Row> keys, boolean keepHolding) {
        this.mark = mark;
        this.wanted = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(keys));
        this.keepHolding = keepHolding;
    }

    boolean keepsHolding() {
        return keepHolding;
    }

    /// The keys that either end has or was asked for.
    Set<Row> keys() {
        var keys = new LinkedHashSet<>(wanted);
        keys.addAll(actual.keySet());
        keys.addAll(expected.keySet());
        return keys;
    }

    /// The row that the target must have, in its own form.
    Optional<Row> expected(Row key) {
        return Optional.ofNullable(expected.get(key));
    }

    Optional<Row> actual(Row key) {
        return Optional.ofNullable(actual.get(key));
    }

    /// What makes the target's rows right. Deletes first: a wrong row may stand in the way of a
    /// right one by a unique key.
    List<Change> corrections(Collection<Row> keys) {
        var changes = new ArrayList<Change>();
        var inserts = new ArrayList<Change>();
        for (var key : keys) {
            var is = actual(key);
            var must = expected(key);
            if (!must.equals(is)) {
                is.ifPresent(row -> changes.add(new Change.Delete(row)));
                must.ifPresent(row -> inserts.add(new Change.Insert(row)));
            }
        }
        changes.addAll(inserts);
        return changes;
    }

    Check.Result step(Sight sight) {
        if (actual == null) {
            return readTarget(sight);
        }
        if (expected == null) {
            if (place.isPresent() && !shows(sight, place.orElseThrow())) {
                return new Check.Result.Waiting("the source to show what is applied");
            }
            readSource(sight);
            return Check.WORKED;
        }
        if (!sight.isCaptured(readBy)) {
            return new Check.Result.Waiting("capture");
        }
        if (reader.isPresent() && !takeBack(sight, reader.orElseThrow())) {
            release();
            actual = null;
            expected = null;
            pause = Optional.empty();
            decided.clear();
            return Check.WORKED;
        }
        if (!keepHolding) {
            release();
        }
        return Check.ended();
    }

    /// What is in the log may be applied before the source shows it.
    private boolean shows(Sight sight, Position applied) {
        if (pause.isEmpty()) {
            var longest = sight.ends().settings().get(Settings.VERIFY_POLL_TIME);
            pause = Optional.of(new RisingPause(sight.ends().clock(), longest));
        }
        return pause.orElseThrow().isOver() && sight.source().committed().covers(applied);
    }

    /// True while apply stands, or is to stand.
    boolean asks() {
        return ticket.isPresent();
    }

    /// Bytes of the rows that it has read, about; 0 only before it has read any end.
    long held() {
        return actual == null ? 0 : HeldRows.ROW_BYTES + bytes;
    }

    private static long bytes(Map<Row, Row> rows) {
        return rows.values().stream().mapToLong(row -> HeldRows.ROW_BYTES + row.byteCount()).sum();
    }

    private void letGo() {
        ticket.ifPresent(Hold.Ticket::release);
        ticket = Optional.empty();
    }

    void release() {
        letGo();
        reader.ifPresent(ChangeLogReader::close);
        reader = Optional.empty();
    }

    private Check.Result readTarget(Sight sight) {
        if (sight.applied().isPresent()) {
            var applied = sight.applied().orElseThrow();
            if (ticket.isEmpty()) {
                ticket = Optional.of(applied.hold().ask());
            }
            if (!ticket.orElseThrow().held()) {
                return new Check.Result.Waiting("apply to stand still");
            }
            place = applied.applied();
            reader =
                    Optional.of(
                            sight.log()
                                    .orElseThrow()
                                    .reader(place.orElseThrow(), Set.of(mark.name())));
        }
        var keyIndexes = Keys.between(mark.targetTable(), mark.sourceLayout());
        var rows = new HashMap<Row, Row>();
        sight.target()
                .rows(mark.targetTable(), List.copyOf(wanted))
                .forEach(row -> rows.put(row.project(keyIndexes), row));
        actual = rows;
        bytes = bytes(rows);
        if (!keepHolding) {
            letGo();
        }
        return Check.WORKED;
    }

    private void readSource(Sight sight) {
        var translation = translation(sight);
        var rows = new HashMap<Row, Row>();
        var keyIndexes = Keys.between(mark.targetTable(), mark.sourceLayout());
        var back =
                sight.ends().sourceDialect().translation(mark.targetTable(), mark.sourceLayout());
        var sourceKeys =
                wanted.stream()
                        .map(key ->
                                Keys.translateBack(
                                        key, mark.sourceLayout(), mark.targetTable(), back))
                        .toList();
        for (var row : sight.source().rows(mark.sourceLayout(), sourceKeys)) {
            var translated = translation.translate(row);
            rows.put(translated.project(keyIndexes), translated);
        }
        readBy = sight.readBy();
        expected = rows;
        bytes += bytes(rows);
    }

    /// Takes back what the log changed between the place of the target and the reading of the
    /// source: the first change tells what was before. False if that cannot be told.
    private boolean takeBack(Sight sight, ChangeLogReader log) {
        var forms = new LoggedForms(sight.ends(), mark);
        for (var next = log.next(); next.isPresent(); next = log.next()) {
            if (next.orElseThrow() instanceof LogRecord.SchemaChange change
                    && change.touches(mark.name())) {
                return false; // truncated or redefined: no row tells what was before
            }
            if (next.orElseThrow() instanceof LogRecord.Rows rows
                    && rows.table().name().equals(mark.name())) {
                var form = forms.of(rows.table());
                var layout = form.logged().layout();
                var keyIndexes = layout.rowKeyIndexes();
                form.logged()
                        .moved(rows.changes())
                        .forEach(
                                change -> takeBack(change, layout, keyIndexes, form.translation()));
            }
        }
        return true;
    }

    private void takeBack(
            Change change, Table layout, int[] keyIndexes, RowTranslation translation) {
        switch (change) {
            case Change.Insert(var after) ->
                    decide(key(after, layout, keyIndexes, translation), Optional.empty());
            case Change.Delete(var before) ->
                    decide(
                            key(before, layout, keyIndexes, translation),
                            Optional.of(translation.translate(before)));
            case Change.Update(var before, var after) -> {
                decide(
                        key(before, layout, keyIndexes, translation),
                        Optional.of(translation.translate(before)));
                decide(key(after, layout, keyIndexes, translation), Optional.empty());
            }
        }
    }

    /// What the first change of a key found before it; later ones say nothing about the place.
    private void decide(Row key, Optional<Row> before) {
        var concerned =
                wanted.contains(key) || expected.containsKey(key) || actual.containsKey(key);
        if (concerned && decided.add(key)) {
            before.ifPresentOrElse(row -> expected.put(key, row), () -> expected.remove(key));
        }
    }

    private Row key(Row row, Table layout, int[] keyIndexes, RowTranslation translation) {
        return Keys.translate(row.project(keyIndexes), layout, mark.targetTable(), translation);
    }

    private RowTranslation translation(Sight sight) {
        return sight.ends().targetDialect().translation(mark.sourceLayout(), mark.targetTable());
    }
}
