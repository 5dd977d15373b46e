package ferry.engine.checkpoint;

import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What the target's bookkeeping says about tables and chunks, held in memory. Whoever commits a
/// mark to the target records it here afterwards; after an unknown outcome [#read] takes all of it
/// from the target again. Safe for several threads. Nobody who looks waits for the target: a target
/// that stalls must not stall the picture of how things stand.
public final class Marks {
    /// What is known at one moment. All but `tables` change, so that a chunk costs no copy of all
    /// others; they may be read meanwhile.
    private record View(
            SortedMap<TableName, TableMark> tables,
            Map<Integer, ConcurrentNavigableMap<Integer, ChunkMark>> chunks,
            Map<Integer, ConcurrentNavigableMap<String, RefusedKey>> refused,
            Map<Integer, ConcurrentNavigableMap<String, RowError>> errors,
            ConcurrentNavigableMap<String, SkipOrder> skips,
            long version) {
        static View empty(long version) {
            return new View(
                    Collections.emptySortedMap(),
                    new ConcurrentHashMap<>(),
                    new ConcurrentHashMap<>(),
                    new ConcurrentHashMap<>(),
                    new ConcurrentSkipListMap<>(),
                    version);
        }

        View with(SortedMap<TableName, TableMark> newTables, long newVersion) {
            return new View(
                    Collections.unmodifiableSortedMap(newTables),
                    chunks,
                    refused,
                    errors,
                    skips,
                    newVersion);
        }
    }

    private final Function<String, Position> positions;
    private final Object reading = new Object(); // held by the one who reads from the target
    private volatile View view = View.empty(0); // replaced under the lock of this object
    private Optional<List<UnaryOperator<View>>> meanwhile = Optional.empty(); // during a read
    private int lastId;

    /// What the target knows of the project at this moment; empty if it does not know it.
    public static Optional<Marks> known(Ends ends) {
        try (var bookkeeping = ends.bookkeeping()) {
            if (!bookkeeping.exists() || bookkeeping.owner(ends.project()).isEmpty()) {
                return Optional.empty();
            }
            var marks = new Marks(ends::position);
            marks.read(bookkeeping, ends.project());
            return Optional.of(marks);
        }
    }

    public Marks(Function<String, Position> positions) {
        this.positions = positions;
    }

    /// Takes everything from the target again. What is recorded meanwhile stays recorded: the
    /// target may have been looked at before.
    public void read(Bookkeeping bookkeeping, String project) {
        synchronized (reading) {
            begin();
            try {
                // All is read before anything is forgotten: a lost connection in between must not
                // leave half of it.
                var tableEntries = bookkeeping.entries(project, TableMark.KIND);
                var chunkEntries = bookkeeping.entries(project, ChunkMark.KIND);
                var refusedEntries = bookkeeping.entries(project, RefusedKey.KIND);
                var errorEntries = bookkeeping.entries(project, RowError.KIND);
                var skipEntries = bookkeeping.entries(project, SkipOrder.KIND);
                publish(tableEntries, chunkEntries, refusedEntries, errorEntries, skipEntries);
            } finally {
                end();
            }
        }
    }

    private synchronized void begin() {
        meanwhile = Optional.of(new ArrayList<>());
    }

    private synchronized void end() {
        meanwhile = Optional.empty();
    }

    /// Shows what was read together with what was recorded meanwhile, at once: whoever looks in
    /// between must not see the picture go back.
    private synchronized void publish(
            List<Entry> tableEntries,
            List<Entry> chunkEntries,
            List<Entry> refusedEntries,
            List<Entry> errorEntries,
            List<Entry> skipEntries) {
        var before = view;
        var tables = new TreeMap<TableName, TableMark>();
        tableEntries.stream().map(TableMark::parse).forEach(mark -> tables.put(mark.name(), mark));
        var next = View.empty(before.version()).with(tables, before.version());
        for (var entry : chunkEntries) {
            put(next, ChunkMark.parse(entry, positions));
        }
        for (var entry : refusedEntries) {
            put(next, RefusedKey.parse(entry));
        }
        for (var entry : errorEntries) {
            put(next, RowError.parse(entry));
        }
        for (var entry : skipEntries) {
            put(next, SkipOrder.parse(entry));
        }
        for (var change : meanwhile.orElseThrow()) {
            next = change.apply(next);
        }
        meanwhile = Optional.empty();
        var same = next.tables().equals(before.tables());
        view = next.with(next.tables(), same ? before.version() : before.version() + 1);
    }

    /// Makes a change, and again behind a read that is under way.
    private synchronized void change(UnaryOperator<View> change) {
        meanwhile.ifPresent(changes -> changes.add(change));
        view = change.apply(view);
    }

    /// Changes whenever a table's mark changes; whoever derived something from the marks compares
    /// it.
    public long version() {
        return view.version();
    }

    public List<TableMark> tables() {
        return List.copyOf(view.tables().values());
    }

    public List<TableMark> tables(Phase phase) {
        return view.tables().values().stream().filter(mark -> mark.phase() == phase).toList();
    }

    /// True when no window goes on and no table is set aside: foreign keys may stand from here on.
    public boolean areExact() {
        return view.tables().values().stream().allMatch(mark -> mark.phase() == Phase.EXACT);
    }

    public Optional<TableMark> table(TableName name) {
        return Optional.ofNullable(view.tables().get(name));
    }

    /// The target name of every selected table, by its name at the source.
    public Map<TableName, TableName> names() {
        var names = new TreeMap<TableName, TableName>();
        view.tables().values().forEach(mark -> names.put(mark.name(), mark.targetName()));
        return names;
    }

    /// The marks of a table's present generation, by number.
    public List<ChunkMark> chunks(TableMark table) {
        return of(view.chunks(), table.id()).stream()
                .filter(chunk -> chunk.generation() == table.generation())
                .toList();
    }

    /// A new mark in phase NEW for a table that is selected for the first time.
    public synchronized TableMark select(TableMapping mapping) {
        lastId =
                Math.max(
                                lastId,
                                view.tables().values().stream()
                                        .mapToInt(TableMark::id)
                                        .max()
                                        .orElse(0))
                        + 1;
        return new TableMark(
                lastId,
                mapping,
                0,
                Phase.NEW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                0);
    }

    /// Somebody else may have brought the table further since this mark was stored, and told so
    /// first: then it is passed over.
    public void record(TableMark mark) {
        change(now -> {
            if (Optional.ofNullable(now.tables().get(mark.name()))
                    .filter(known -> known.isFurtherThan(mark))
                    .isPresent()) {
                return now;
            }
            var tables = new TreeMap<>(now.tables());
            tables.put(mark.name(), mark);
            return now.with(tables, now.version() + 1);
        });
    }

    public void record(ChunkMark mark) {
        change(now -> {
            put(now, mark);
            return now;
        });
    }

    private static void put(View into, ChunkMark mark) {
        into.chunks()
                .computeIfAbsent(mark.table(), _ -> new ConcurrentSkipListMap<>())
                .merge(
                        mark.number(),
                        mark,
                        (old, now) -> old.generation() > now.generation() ? old : now);
    }

    /// Forgets a table that no longer exists at the source, or is no longer selected.
    public void remove(TableMark mark) {
        change(now -> {
            var tables = new TreeMap<>(now.tables());
            tables.remove(mark.name());
            forgetDetails(now, mark);
            return now.with(tables, now.version() + 1);
        });
    }

    /// Forgets the chunks and refused keys of a table.
    public void removeDetails(TableMark mark) {
        change(now -> {
            forgetDetails(now, mark);
            return now;
        });
    }

    private static void forgetDetails(View of, TableMark mark) {
        of.chunks().remove(mark.id());
        of.refused().remove(mark.id());
        of.errors().remove(mark.id());
    }

    /// The entries that remove every chunk mark, whatever its generation, every refused key and
    /// every row error of a table.
    public List<Entry> detailRemovals(TableMark table) {
        var entries = new ArrayList<Entry>();
        of(view.chunks(), table.id()).forEach(chunk -> entries.add(chunk.removal()));
        refusedKeys(table).forEach(key -> entries.add(key.removal()));
        rowErrors(table).forEach(error -> entries.add(error.removal()));
        return entries;
    }

    public void record(RefusedKey key) {
        change(now -> {
            put(now, key);
            return now;
        });
    }

    private static void put(View into, RefusedKey key) {
        into.refused()
                .computeIfAbsent(key.tableId(), _ -> new ConcurrentSkipListMap<>())
                .put(key.object(), key);
    }

    /// Forgets a refused key that is there by now, or no longer wanted.
    public void remove(RefusedKey key) {
        change(now -> {
            now.refused()
                    .computeIfPresent(
                            key.tableId(),
                            (_, keys) -> {
                                keys.remove(key.object());
                                return keys;
                            });
            return now;
        });
    }

    /// The keys of a table that the target refused, by name.
    public List<RefusedKey> refusedKeys(TableMark table) {
        return of(view.refused(), table.id());
    }

    /// The keys that the target refused, of all tables.
    public List<RefusedKey> refusedKeys() {
        var now = view;
        return now.tables().values().stream()
                .flatMap(table -> of(now.refused(), table.id()).stream())
                .toList();
    }

    public void record(RowError error) {
        change(now -> {
            put(now, error);
            return now;
        });
    }

    private static void put(View into, RowError error) {
        into.errors()
                .computeIfAbsent(error.tableId(), _ -> new ConcurrentSkipListMap<>())
                .put(error.id(), error);
    }

    /// Forgets a row error that was settled.
    public void remove(RowError error) {
        change(now -> {
            now.errors()
                    .computeIfPresent(
                            error.tableId(),
                            (_, errors) -> {
                                errors.remove(error.id());
                                return errors;
                            });
            return now;
        });
    }

    /// The row changes of a table that were left out, by id.
    public List<RowError> rowErrors(TableMark table) {
        return of(view.errors(), table.id());
    }

    /// What is recorded of one row of a table.
    public Optional<RowError> rowError(TableMark table, Row key) {
        return Optional.ofNullable(view.errors().get(table.id()))
                .map(errors -> errors.get(RowError.id(table.id(), key)));
    }

    /// The row changes that were left out, of all tables.
    public List<RowError> rowErrors() {
        var now = view;
        return now.tables().values().stream()
                .flatMap(table -> of(now.errors(), table.id()).stream())
                .toList();
    }

    public void record(SkipOrder order) {
        change(now -> {
            put(now, order);
            return now;
        });
    }

    private static void put(View into, SkipOrder order) {
        into.skips().put(order.id(), order);
    }

    /// Orders to leave transactions out, by the transaction's global id.
    public List<SkipOrder> skips() {
        return List.copyOf(view.skips().values());
    }

    private static <V> List<V> of(
            Map<Integer, ? extends ConcurrentNavigableMap<?, V>> details, int table) {
        var found = details.get(table);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    /// The last of these positions on the chain. Empty if they form none, because some cannot be
    /// compared: they were told by different logs, or in different terms.
    public static Optional<Position> last(Collection<Position> positions) {
        return positions.stream()
                .max(chain())
                .filter(last -> positions.stream().allMatch(last::covers));
    }

    /// The chain of positions that chunks were read at, smallest first. Positions that one source
    /// told over time are ordered by `covers`; equal ones stand next to each other.
    public static Comparator<Position> chain() {
        return (a, b) -> a.covers(b) ? (b.covers(a) ? 0 : 1) : -1;
    }
}
