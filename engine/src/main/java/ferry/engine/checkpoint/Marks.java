package ferry.engine.checkpoint;

import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Entry;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// What the target's bookkeeping says about tables and chunks, held in memory. Whoever commits a
/// mark to the target records it here afterwards; after an unknown outcome [#read] takes all of it
/// from the target again. Safe for several threads.
public final class Marks {
    private final Function<String, Position> positions;
    private final Map<TableName, TableMark> tables = new TreeMap<>();
    private final Map<Integer, TreeMap<Integer, ChunkMark>> chunks = new TreeMap<>();
    private final Map<Integer, TreeMap<String, RefusedKey>> refused = new TreeMap<>();
    private long version;
    private int lastId;

    public Marks(Function<String, Position> positions) {
        this.positions = positions;
    }

    /// Takes everything from the target again.
    public synchronized void read(Bookkeeping bookkeeping, String project) {
        // Both are read before anything is forgotten: a lost connection in between must not leave
        // half of it.
        var tableEntries = bookkeeping.entries(project, TableMark.KIND);
        var chunkEntries = bookkeeping.entries(project, ChunkMark.KIND);
        var refusedEntries = bookkeeping.entries(project, RefusedKey.KIND);
        var before = Map.copyOf(tables);
        var versionBefore = version;
        tables.clear();
        chunks.clear();
        refused.clear();
        tableEntries.forEach(entry -> record(TableMark.parse(entry)));
        chunkEntries.forEach(entry -> record(ChunkMark.parse(entry, positions)));
        refusedEntries.forEach(entry -> record(RefusedKey.parse(entry)));
        version = tables.equals(before) ? versionBefore : versionBefore + 1;
    }

    /// Changes whenever a table's mark changes; whoever derived something from the marks compares
    /// it.
    public synchronized long version() {
        return version;
    }

    public synchronized List<TableMark> tables() {
        return List.copyOf(tables.values());
    }

    public synchronized List<TableMark> tables(Phase phase) {
        return tables.values().stream().filter(mark -> mark.phase() == phase).toList();
    }

    public synchronized Optional<TableMark> table(TableName name) {
        return Optional.ofNullable(tables.get(name));
    }

    /// The target name of every selected table, by its name at the source.
    public synchronized Map<TableName, TableName> names() {
        var names = new TreeMap<TableName, TableName>();
        tables.values().forEach(mark -> names.put(mark.name(), mark.targetName()));
        return names;
    }

    /// The marks of a table's present generation, by number.
    public synchronized List<ChunkMark> chunks(TableMark table) {
        return chunks.getOrDefault(table.id(), new TreeMap<>()).values().stream()
                .filter(chunk -> chunk.generation() == table.generation())
                .toList();
    }

    /// A new mark in phase NEW for a table that is selected for the first time.
    public synchronized TableMark select(TableName name, TableName targetName) {
        lastId =
                Math.max(lastId, tables.values().stream().mapToInt(TableMark::id).max().orElse(0))
                        + 1;
        return new TableMark(
                lastId,
                name,
                targetName,
                0,
                Phase.NEW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    public synchronized void record(TableMark mark) {
        tables.put(mark.name(), mark);
        version++;
    }

    public synchronized void record(ChunkMark mark) {
        var old =
                chunks.computeIfAbsent(mark.table(), id -> new TreeMap<>())
                        .put(mark.number(), mark);
        if (old != null && old.generation() > mark.generation()) {
            chunks.get(mark.table()).put(old.number(), old);
        }
    }

    /// Forgets a table that no longer exists at the source, or is no longer selected.
    public synchronized void remove(TableMark mark) {
        tables.remove(mark.name());
        removeDetails(mark);
        version++;
    }

    /// Forgets the chunks and refused keys of a table.
    public synchronized void removeDetails(TableMark mark) {
        chunks.remove(mark.id());
        refused.remove(mark.id());
    }

    /// The entries that remove every chunk mark, whatever its generation, and every refused key of
    /// a table.
    public synchronized List<Entry> detailRemovals(TableMark table) {
        var entries = new ArrayList<Entry>();
        chunks.getOrDefault(table.id(), new TreeMap<>())
                .values()
                .forEach(chunk -> entries.add(chunk.removal()));
        refusedKeys(table).forEach(key -> entries.add(key.removal()));
        return entries;
    }

    public synchronized void record(RefusedKey key) {
        refused.computeIfAbsent(key.tableId(), _ -> new TreeMap<>()).put(key.object(), key);
    }

    /// Forgets a refused key that is there by now, or no longer wanted.
    public synchronized void remove(RefusedKey key) {
        refused.getOrDefault(key.tableId(), new TreeMap<>()).remove(key.object());
    }

    /// The keys of a table that the target refused, by name.
    public synchronized List<RefusedKey> refusedKeys(TableMark table) {
        return List.copyOf(refused.getOrDefault(table.id(), new TreeMap<>()).values());
    }

    /// The keys that the target refused, of all tables.
    public synchronized List<RefusedKey> refusedKeys() {
        return tables.values().stream().flatMap(table -> refusedKeys(table).stream()).toList();
    }

    /// The chain of positions that chunks were read at, smallest first. Positions that one source
    /// told over time are ordered by `covers`; equal ones stand next to each other.
    public static Comparator<Position> chain() {
        return (a, b) -> a.covers(b) ? (b.covers(a) ? 0 : 1) : -1;
    }
}
