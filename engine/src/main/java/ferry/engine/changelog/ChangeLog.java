package ferry.engine.changelog;

import ferry.engine.config.Settings;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// The durable, append-only, ordered record between capture and apply.
///
/// One thread appends ([#append], [#sync], [#abandon]); any number of threads read, trim and ask.
/// Readers see whole transactions only, and only what is durable. Nothing runs in the background.
public final class ChangeLog implements AutoCloseable {
    private ChangeLog() {}

    /// Opens the log in `store`, or begins a new one at `start` if there is none. `positions` makes
    /// positions from their text. Changes nothing but makes durable what is there: a torn tail or
    /// an incomplete transaction at the end is left out, and is removed by the first append; so
    /// capture can first find out whether the source still has the log from [#position()].
    ///
    /// Throws LOG_DAMAGED if bytes that were durable are damaged or missing, DISK_FULL if the disk
    /// fails.
    public static ChangeLog open(
            LogStore store, Settings settings, Function<String, Position> positions, Position start) {
        return open(store, settings, positions, start, InstantSource.system());
    }

    /// The same with a clock of one's own: it stamps the segments, for [#trim].
    public static ChangeLog open(
            LogStore store,
            Settings settings,
            Function<String, Position> positions,
            Position start,
            InstantSource clock) {
        throw new UnsupportedOperationException("not built");
    }

    /// Removes all files of a log, so that it can be begun anew from the source. Nothing may be
    /// open on it.
    public static void erase(LogStore store) {
        throw new UnsupportedOperationException("not built");
    }

    /// True when [#open] found no log and began this one.
    public boolean isNew() {
        throw new UnsupportedOperationException("not built");
    }

    /// The unfinished bytes that [#open] found at the end; empty after a clean end.
    public Optional<TornTail> tornTail() {
        throw new UnsupportedOperationException("not built");
    }

    /// Behind the last complete transaction, schema change or progress that was appended, durable
    /// or not: from here capture goes on.
    public Position position() {
        throw new UnsupportedOperationException("not built");
    }

    /// The same for what is durable: readers deliver everything up to here.
    public Position durablePosition() {
        throw new UnsupportedOperationException("not built");
    }

    /// Adds a record; it is buffered or written, but durable only after [#sync]. When it throws
    /// LOG_LIMIT (`changelog.bytes` reached, and nothing may be dropped) or DISK_FULL without a
    /// cause, the record was not taken and can be appended again later. After a failed write or
    /// fsync every further call throws DISK_FULL: close the log and open it again. Throws
    /// XA_UNKNOWN for the commit of a group that is not in the log.
    public void append(LogRecord record) {
        throw new UnsupportedOperationException("not built");
    }

    /// Makes all complete transactions durable and shows them to the readers.
    public void sync() {
        throw new UnsupportedOperationException("not built");
    }

    /// True when complete transactions wait for [#sync].
    public boolean unsynced() {
        throw new UnsupportedOperationException("not built");
    }

    /// Takes back the transaction that was begun but neither committed nor prepared, if there is
    /// one: the connection to the source was lost and it will come again from [#position()].
    public void abandon() {
        throw new UnsupportedOperationException("not built");
    }

    /// A reader of every transaction and schema change that `lowWater` does not include. Throws
    /// LOG_LIMIT if the log no longer reaches back to `lowWater`. Close it: retention waits for it.
    public ChangeLogReader reader(Position lowWater) {
        throw new UnsupportedOperationException("not built");
    }

    /// The same, but leaving out the rows of other tables; their transactions may come out empty.
    public ChangeLogReader reader(Position lowWater, Set<TableName> tables) {
        throw new UnsupportedOperationException("not built");
    }

    /// The durable schema changes that touch this table and lie behind `after`, at or before
    /// `upTo`. The log must have reached `upTo` (see [#durablePosition]).
    public List<LogRecord.SchemaChange> schemaChanges(
            TableName table, Position after, Position upTo) {
        throw new UnsupportedOperationException("not built");
    }

    /// The row keys of this table, before and after each change, of all durable transactions that
    /// `after` does not include; a key may come more than once. A layout without a row key gives
    /// nothing.
    public void changedKeys(TableName table, Position after, Consumer<Row> keys) {
        throw new UnsupportedOperationException("not built");
    }

    /// Drops the segments that every reader has passed, that lie wholly below `lowWater`, that no
    /// undecided XA group needs and that were full for longer than `changelog.retention`. Returns
    /// the bytes freed. `lowWater` is remembered: when the log reaches `changelog.bytes`, append
    /// drops what lies below it without regard to age.
    public long trim(Position lowWater, Instant now) {
        throw new UnsupportedOperationException("not built");
    }

    /// The tables whose rows are captured at the log's end (durable or not), with the layouts in force there: every
    /// admitted table, followed through the effects of later schema changes. It survives a restart.
    public Map<TableName, Table> admitted() {
        throw new UnsupportedOperationException("not built");
    }

    /// The groups that are prepared and undecided behind the last appended record.
    public List<LogRecord.Prepare> openPrepares() {
        throw new UnsupportedOperationException("not built");
    }

    /// The sequence of the last durable transaction or schema change; 0 if there was none yet.
    public long lastSequence() {
        throw new UnsupportedOperationException("not built");
    }

    /// Row changes that are durable, since the log began.
    public long changes() {
        throw new UnsupportedOperationException("not built");
    }

    /// Bytes that the segments hold on disk now.
    public long bytes() {
        throw new UnsupportedOperationException("not built");
    }

    /// Closes the log without making anything durable, and wakes waiting readers. The store stays
    /// open.
    @Override
    public void close() {
        throw new UnsupportedOperationException("not built");
    }
}
