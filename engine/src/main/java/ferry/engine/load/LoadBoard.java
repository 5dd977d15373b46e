package ferry.engine.load;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.Chunk;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/// What is to be loaded and who loads it: hands chunks to the load workers, table by table in
/// turns. Safe for several threads.
public final class LoadBoard {
    /// A chunk in a worker's hands.
    record Task(TableMark table, Chunk chunk, Optional<Position> admittedAt) {}

    private final Marks marks;
    private final Map<TableName, TableLoad> tables = new LinkedHashMap<>();
    private final Map<TableName, ProblemException> disturbed = new HashMap<>();
    private volatile long rows; // added to under the lock, read without
    private volatile long bytes;

    public LoadBoard(Marks marks) {
        this.marks = marks;
    }

    /// Puts a table in phase CREATED on the board, unless it is there in the same generation.
    /// Chunks that are already in the target are not loaded again. `admittedAt` empty: no log is
    /// captured.
    public synchronized void add(TableMark mark, Optional<Position> admittedAt, ChunkSize size) {
        var old = tables.get(mark.name());
        if (old == null || old.mark().generation() != mark.generation()) {
            disturbed.remove(mark.name());
            tables.put(mark.name(), new TableLoad(mark, admittedAt, size, marks.chunks(mark)));
        }
    }

    public synchronized void remove(TableName table) {
        tables.remove(table);
        disturbed.remove(table);
    }

    /// True when every chunk of this generation is in the target.
    public synchronized boolean loaded(TableMark mark) {
        return load(mark).filter(TableLoad::loaded).isPresent();
    }

    /// Lets the keys of a loaded table be built, whose load is not void.
    public synchronized void offerKeys(TableMark mark) {
        load(mark).ifPresent(TableLoad::offerKeys);
    }

    /// True when that was done for this generation.
    public synchronized boolean offered(TableMark mark) {
        return load(mark).filter(TableLoad::offered).isPresent();
    }

    /// A table whose keys were offered, for one who builds them and then tells [#keysDone]. Whoever
    /// fails keeps it: what was sent to the target may still be executed there.
    public synchronized Optional<TableMark> takeKeys() {
        var next = tables.values().stream().filter(TableLoad::wantsKeys).findFirst();
        next.ifPresent(TableLoad::takeKeys);
        return next.map(TableLoad::mark);
    }

    public synchronized void keysDone(TableMark mark) {
        load(mark).ifPresent(TableLoad::keysDone);
    }

    /// True when every chunk of this generation is in the target, and its keys are built.
    public synchronized boolean finished(TableMark mark) {
        var load = tables.get(mark.name());
        return load != null && load.mark().generation() == mark.generation() && load.finished();
    }

    /// Tables whose reading failed, because the table is no longer what its layout says, or
    /// otherwise. Such a table is not handed out until it is added in a new generation; it is told
    /// here once nothing of it is in a worker's hands, for what a worker still holds would be
    /// written into whatever takes the table's place.
    public synchronized Map<TableMark, ProblemException> disturbed() {
        var idle = new LinkedHashMap<TableMark, ProblemException>();
        disturbed.forEach((name, problem) -> {
            var load = tables.get(name);
            if (load.idle()) {
                idle.put(load.mark(), problem);
            }
        });
        return idle;
    }

    /// Rows loaded by this process, for progress: nobody waits for a source that stalls.
    public long rows() {
        return rows;
    }

    /// Bytes of values loaded by this process.
    public long bytes() {
        return bytes;
    }

    /// True when a worker would find a chunk.
    synchronized boolean hasWork() {
        return tables.values().stream().anyMatch(this::isOpen);
    }

    private boolean isOpen(TableLoad load) {
        return load.hasWork() && !disturbed.containsKey(load.mark().name());
    }

    /// The tables of which chunks are left and whose log is captured: where each was admitted, by
    /// [#generation].
    synchronized Map<String, Position> admissions() {
        var admissions = new HashMap<String, Position>();
        for (var load : tables.values()) {
            if (isOpen(load) && load.admittedAt().isPresent()) {
                admissions.put(generation(load.mark()), load.admittedAt().orElseThrow());
            }
        }
        return admissions;
    }

    private static String generation(TableMark mark) {
        return mark.name() + "/" + mark.generation();
    }

    /// Tables that were admitted and whose [#generation] is not among the `readable` are passed
    /// over: where chunks would be planned they may not even exist yet. `governed` as in
    /// [TableLoad#take].
    synchronized Optional<Task> take(
            Snapshot snapshot, Set<String> readable, LongUnaryOperator governed) {
        for (var load : tables.values()) {
            if (isOpen(load)
                    && (load.admittedAt().isEmpty()
                            || readable.contains(generation(load.mark())))) {
                Chunk chunk;
                try {
                    chunk = load.take(snapshot, governed);
                } catch (ProblemException e) {
                    if (e.code().retryable()) {
                        throw e;
                    }
                    disturbed.put(load.mark().name(), e);
                    return Optional.empty();
                }
                // The table goes to the end of the line, so that a large one does not starve the
                // small ones.
                tables.remove(load.mark().name());
                tables.put(load.mark().name(), load);
                return Optional.of(new Task(load.mark(), chunk, load.admittedAt()));
            }
        }
        return Optional.empty();
    }

    synchronized void done(Task task, ChunkMark mark) {
        marks.record(mark);
        rows += mark.rows();
        bytes += mark.bytes();
        load(task).ifPresent(load -> load.done(mark));
    }

    synchronized void giveBack(Task task) {
        load(task).ifPresent(load -> load.giveBack(task.chunk()));
    }

    synchronized void disturb(Task task, ProblemException problem) {
        if (load(task).isPresent()) {
            disturbed.put(task.table().name(), problem);
        }
        giveBack(task);
    }

    /// Settles a task whose commit ended unknown, by the marks that were read from the target
    /// since.
    synchronized void settle(Task task) {
        var mark =
                marks.chunks(task.table()).stream()
                        .filter(chunk -> chunk.number() == task.chunk().number())
                        .findFirst();
        if (mark.isPresent()) {
            done(task, mark.orElseThrow());
        } else {
            giveBack(task);
        }
    }

    private Optional<TableLoad> load(Task task) {
        return load(task.table());
    }

    private Optional<TableLoad> load(TableMark mark) {
        return Optional.ofNullable(tables.get(mark.name()))
                .filter(load -> load.mark().generation() == mark.generation());
    }
}
