package ferry.engine.changelog;

import ferry.engine.config.Settings;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The durable, append-only, ordered record between capture and apply.
///
/// One thread appends ([#append], [#sync], [#abandon]); any number of threads read, trim and ask.
/// Readers see whole transactions only, and only what is durable. Nothing runs in the background,
/// but for what [LogStore#beside] does there.
///
/// On disk: segments (see [SegmentHeader]) of blocks (see [Frame]) of records (see [RecordCodec]).
public final class ChangeLog implements AutoCloseable {
    private final LogStore store;
    private final SourceForms forms;
    private final Duration retention;
    private final Segments segments;
    private final LogWriter writer;
    private final Optional<TornTail> tornTail;
    private final boolean isNew;

    private ChangeLog(
            LogStore store,
            Settings settings,
            SourceForms forms,
            InstantSource clock,
            Opening.Found found,
            boolean isNew) {
        this.isNew = isNew;
        this.store = store;
        this.forms = forms;
        retention = settings.get(Settings.CHANGELOG_RETENTION);
        tornTail = found.tornTail();
        var state = found.state();
        segments =
                new Segments(
                        store,
                        new View(
                                found.segments(),
                                found.endSegment(),
                                found.endOffset(),
                                state.position(),
                                state.sequence(),
                                found.changes(),
                                false));
        writer = new LogWriter(store, settings, clock, segments, found);
    }

    /// Opens the log in `store`, or begins a new one at `start` if there is none. `positions` makes
    /// positions from their text. Changes nothing but makes durable what is there: a torn tail or
    /// an incomplete transaction at the end is left out, and is removed by the first append; so
    /// capture can first find out whether the source still has the log from [#position()].
    ///
    /// Throws LOG_DAMAGED if bytes that were durable are damaged or missing, DISK_FULL if the disk
    /// fails.
    public static ChangeLog open(
            LogStore store, Settings settings, SourceForms forms, Position start) {
        return open(store, settings, forms, start, InstantSource.system());
    }

    /// The same with a clock of one's own: it stamps the segments, for [#trim].
    public static ChangeLog open(
            LogStore store,
            Settings settings,
            SourceForms forms,
            Position start,
            InstantSource clock) {
        var old = Opening.find(store, forms);
        var found = old.orElseGet(() -> begin(SegmentFiles.first(store, clock, start)));
        try {
            // The process may have died between a write and its fsync: what readers see is durable.
            store.sync(SegmentHeader.file(found.endSegment()));
        } catch (IOException e) {
            throw Problems.disk("be made durable", e);
        }
        return new ChangeLog(store, settings, forms, clock, found, old.isEmpty());
    }

    /// Removes all files of a log, so that it can be begun anew from the source. Nothing may be
    /// open on it.
    public static void erase(LogStore store) {
        try {
            for (var number : Opening.numbers(store).reversed()) {
                store.delete(SegmentHeader.file(number));
            }
        } catch (IOException e) {
            throw Problems.disk("be removed", e);
        }
    }

    /// True when [#open] found no log and began this one.
    public boolean isNew() {
        return isNew;
    }

    /// The unfinished bytes that [#open] found at the end; empty after a clean end.
    public Optional<TornTail> tornTail() {
        return tornTail;
    }

    /// Behind the last complete transaction, schema change or progress that was appended, durable
    /// or not: from here capture goes on. For the appending thread.
    public Position position() {
        return writer.position();
    }

    /// The same for what is durable: readers deliver everything up to here.
    public Position durablePosition() {
        return segments.view().position();
    }

    /// Adds a record; it is buffered or written, but durable only after [#sync]. When it throws
    /// LOG_FULL (`changelog.bytes` reached, and nothing may be dropped) or DISK_FULL without a
    /// cause, the record was not taken and can be appended again later. After a failed write every
    /// further call throws DISK_FULL until [#abandon]; after a failed fsync abandon does so too:
    /// close the log and open it again. Throws XA_UNKNOWN for the commit of a group that is not in
    /// the log.
    public void append(LogRecord record) {
        writer.append(record);
    }

    /// Makes all complete transactions durable and shows them to the readers. When it throws
    /// LOG_FULL or DISK_FULL without a cause, it did so as far as there was room, and can be called
    /// again.
    public void sync() {
        writer.sync();
    }

    /// True when complete transactions wait for [#sync].
    public boolean unsynced() {
        return writer.unsynced();
    }

    /// Whether more is waiting to be appended. Then blocks are compressed only where a processor is
    /// left for it. For the appending thread.
    public void hurry(boolean hurries) {
        writer.hurry(hurries);
    }

    /// Takes back the transaction that was begun but neither committed nor prepared, if there is
    /// one: the connection to the source was lost and it will come again from [#position()]. After
    /// a failed write it takes back everything that is not durable: the position is then
    /// [#durablePosition()], and [#admitted()] what was admitted there.
    public void abandon() {
        writer.abandon();
    }

    /// A reader of every transaction and schema change that `lowWater` does not include. Throws
    /// LOG_LIMIT if the log no longer reaches back to `lowWater`. Close it: retention waits for it.
    public ChangeLogReader reader(Position lowWater) {
        return reader(lowWater, _ -> true);
    }

    /// The same, but leaving out the rows of other tables; their transactions may come out empty.
    public ChangeLogReader reader(Position lowWater, Set<TableName> tables) {
        var chosen = Set.copyOf(tables);
        return reader(lowWater, table -> chosen.contains(table.name()));
    }

    private ChangeLogReader reader(Position lowWater, Predicate<Table> chosen) {
        return segments.register(() ->
                new ChangeLogReader(
                        segments, store, forms, startOf(lowWater), Optional.of(lowWater), chosen));
    }

    /// The durable schema changes that touch this table and lie behind `after`, at or before
    /// `upTo`. The log must have reached `upTo` (see [#durablePosition]).
    public List<LogRecord.SchemaChange> schemaChanges(
            TableName table, Position after, Position upTo) {
        var found = new ArrayList<LogRecord.SchemaChange>();
        var view = segments.view();
        // A reader keeps the segments from being dropped meanwhile.
        try (var guard = reader(after, _ -> false);
                var cursor = new RecordCursor(store, () -> view, new Layouts(forms))) {
            cursor.seek(view.segment(guard.needed()));
            while (cursor.nextOf(RecordCodec.SCHEMA_CHANGE, Frame.HAS_SCHEMA_CHANGE)) {
                var change = cursor.read(RecordCodec::schemaChange);
                if (change.touches(table)
                        && !after.includes(change.id())
                        && upTo.includes(change.id())) {
                    found.add(change);
                }
            }
        }
        return List.copyOf(found);
    }

    /// The row keys of this table, before and after each change, of all durable transactions that
    /// `after` does not include, up to the one of this sequence (see [#lastSequence]); a key may
    /// come more than once. A layout without a row key gives nothing.
    public void changedKeys(TableName table, Position after, long upTo, Consumer<Row> keys) {
        try (var reader = reader(after, Set.of(table))) {
            for (var record = reader.next(); record.isPresent(); record = reader.next()) {
                if (record.get() instanceof LogRecord.Begin begin && begin.sequence() > upTo) {
                    return;
                }
                if (record.get() instanceof LogRecord.Rows(var layout, var changes)) {
                    var key = layout.rowKeyIndexes();
                    if (key.length > 0) {
                        changes.forEach(change ->
                                change.rows().forEach(row -> keys.accept(row.project(key))));
                    }
                }
            }
        }
    }

    /// Drops the segments that every reader has passed, that lie wholly below `lowWater`, that no
    /// undecided XA group needs and that were full for longer than `changelog.retention`. Returns
    /// the bytes freed. `lowWater` is remembered as by [#passed].
    public long trim(Position lowWater, Instant now) {
        passed(lowWater);
        return segments.drop(lowWater, now.minus(retention));
    }

    /// Says that nothing at or before `lowWater` is needed again: when the log reaches
    /// `changelog.bytes`, append drops what lies below it without regard to age. For any thread.
    public void passed(Position lowWater) {
        writer.lowWater(lowWater);
    }

    /// True while the log is full only because of a reader: apply has passed what this one still
    /// holds. For any thread.
    public boolean isPinnedFull() {
        return writer.isPinnedFull();
    }

    /// The tables whose rows are captured at the log's end (durable or not), with the layouts in
    /// force there: every admitted table, followed through the effects of later schema changes. For
    /// the appending thread.
    public Map<TableName, Table> admitted() {
        return writer.state().admitted();
    }

    /// The same at an earlier place: the tables whose rows are in the log from `place` on, with the
    /// layouts in force there. Reads the log from the segment that holds the place. Throws
    /// LOG_LIMIT if the log no longer reaches back to it.
    public Map<TableName, Table> admittedAt(Position place) {
        try (var reader =
                segments.register(() ->
                        new ChangeLogReader(
                                segments,
                                store,
                                forms,
                                startOf(place),
                                Optional.of(place),
                                _ -> false))) {
            for (var record = reader.next(); record.isPresent(); record = reader.next()) {
                // What is admitted at the place stands before the next transaction.
                var atPlace =
                        record.get() instanceof LogRecord.Admitted
                                || record.get() instanceof LogRecord.Progress progress
                                        && place.covers(progress.position());
                if (!atPlace) {
                    return reader.admittedBefore();
                }
            }
            return reader.state().admitted();
        }
    }

    /// The groups that are prepared and undecided behind the last appended record. For the
    /// appending thread.
    public List<LogRecord.Prepare> openPrepares() {
        return writer.state().groups().stream().map(Group::prepare).toList();
    }

    /// The sequence of the last durable transaction or schema change; 0 if there was none yet.
    public long lastSequence() {
        return segments.view().sequence();
    }

    /// Row changes that are durable, since the log began; those of XA groups count where they were
    /// prepared.
    public long changes() {
        return segments.view().changes();
    }

    /// Durable bytes that the segments hold on disk now.
    public long bytes() {
        var view = segments.view();
        var first = view.segments().getFirst().header().bytesBefore();
        return view.bytesUpTo(view.endSegment(), view.endOffset()) - first;
    }

    /// Closes the log without making anything durable, and wakes waiting readers. The store stays
    /// open, and so do the readers.
    @Override
    public void close() {
        segments.close();
        writer.close();
    }

    private static Opening.Found begin(Segment first) {
        var header = first.header();
        return new Opening.Found(
                List.of(first),
                first.number(),
                first.size(),
                new LogState(header.position(), List.of(), Map.of(), 0),
                0,
                Map.of(),
                0,
                false,
                Optional.empty());
    }

    /// The last segment before which everything is included in the low-water mark.
    private Segment startOf(Position lowWater) {
        var view = segments.view();
        for (var segment : view.segments().reversed()) {
            var header = segment.header();
            if (segment.number() <= view.endSegment()
                    && header.spanning().isEmpty()
                    && lowWater.covers(header.position())) {
                return segment;
            }
        }
        throw Problems.trimmed(
                lowWater.text(), view.segments().getFirst().header().position().text());
    }
}
