package ferry.engine.load;

import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.Snapshot.ReadSpan;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.governor.Governor;
import ferry.engine.governor.Work;
import ferry.engine.load.LoadBoard.Task;
import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Loads one chunk a step: reads it at the source and writes rows and mark in one fenced target
/// transaction. A table without a key is one chunk, read at one exact position and written in
/// several transactions; it is emptied first, because an earlier attempt may have written a part of
/// it.
public final class LoadWorker implements Loop {
    private final Ends ends;
    private final int number;
    private final LoadBoard board;
    private final Marks marks;
    private final Governor governor;
    private final Asides asides;
    private final Lane lane;
    private final Set<String> readable = new HashSet<>();
    private Snapshot snapshot;
    private Optional<Position> committed = Optional.empty(); // of the snapshot, at some time
    private Optional<Task> unsettled = Optional.empty();

    public LoadWorker(
            Ends ends,
            long epoch,
            int number,
            LoadBoard board,
            Marks marks,
            Governor governor,
            Asides asides) {
        this.ends = ends;
        this.number = number;
        this.board = board;
        this.marks = marks;
        this.governor = governor;
        this.asides = asides;
        this.lane = new Lane(ends, name(), epoch);
    }

    @Override
    public String name() {
        return "load-" + number;
    }

    /// While the governor lets nobody load, the connections stay open and nothing is asked.
    @Override
    public Outcome step() {
        try {
            open();
            if (!board.hasWork() || governor.enterLoad().isPresent()) {
                return Outcome.IDLE;
            }
            try {
                return load();
            } finally {
                governor.leaveLoad();
            }
        } catch (ProblemException e) {
            governor.met(e.problem());
            throw e;
        }
    }

    private Outcome load() {
        noteReadable();
        var taken = board.take(snapshot, readable, governor::chunkRows);
        if (taken.isEmpty()) {
            return Outcome.IDLE;
        }
        var task = taken.orElseThrow();
        unsettled = taken;
        try {
            var mark = task.table().keyed() ? loadRange(task) : loadWhole(task);
            unsettled = Optional.empty();
            board.done(task, mark);
        } catch (ProblemException e) {
            var ofTable = e.code().blame() == ProblemCode.Blame.SOURCE || asides.takes(e);
            if (e.code().retryable() || !ofTable) {
                throw e;
            }
            unsettled = Optional.empty();
            try {
                closeSnapshot(); // what a failed read left of it is not known
                lane.rollback();
            } finally {
                board.disturb(task, e); // also when the rollback fails: nobody else has the task
            }
        }
        return Outcome.WORKED;
    }

    @Override
    public void reset() {
        lane.close();
        closeSnapshot();
    }

    /// What one server shows says nothing about another one that the next connection may lead to.
    private void closeSnapshot() {
        readable.clear();
        committed = Optional.empty();
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
        }
    }

    private void open() {
        if (!lane.isOpen()) {
            lane.open();
        }
        if (unsettled.isPresent()) {
            // The lane was opened first: what was committed before is in the marks now.
            try (var bookkeeping = ends.bookkeeping()) {
                marks.read(bookkeeping, ends.project());
            }
            board.settle(unsettled.orElseThrow());
            unsettled = Optional.empty();
        }
        if (snapshot == null) {
            snapshot = ends.loadSnapshot();
        }
    }

    /// A chunk must see everything up to where capture admitted its table, or changes before that
    /// would be in neither.
    private void noteReadable() {
        var admissions = board.admissions();
        readable.retainAll(admissions.keySet());
        note(admissions);
        if (!readable.containsAll(admissions.keySet())) {
            committed = Optional.of(snapshot.committed());
            note(admissions);
        }
    }

    private void note(Map<String, Position> admissions) {
        admissions.forEach((generation, admittedAt) -> {
            if (!readable.contains(generation)
                    && committed.filter(place -> place.covers(admittedAt)).isPresent()) {
                readable.add(generation);
            }
        });
    }

    /// Refuses what was read at a server that lies behind the place where capture admitted the
    /// table: a proxy may lead one connection to several of them.
    private static void requireSeen(Task task, Position readAt) {
        if (task.admittedAt().filter(place -> !readAt.covers(place)).isPresent()) {
            throw ProblemException.of(
                    ProblemCode.SOURCE_UNREACHABLE,
                    "rows of " + task.table().name() + " were read at a server that is behind",
                    "it shows everything up to "
                            + readAt.text()
                            + ", and the table's changes are captured from "
                            + task.admittedAt().orElseThrow().text()
                            + " on: what lies between would be lost",
                    "nothing of it was kept, and it is read again; if it stays, give the address of one server, not of a proxy that chooses among several");
        }
    }

    private ChunkMark loadRange(Task task) {
        var count = new Count();
        var writer = lane.begin();
        var span = readRange(task, sink(task, writer, count));
        var mark = mark(task, span, count);
        if (!ends.rules().keeps(Rule.CHUNK_IS_ONE_TRANSACTION)) {
            lane.commit(lane.checkpoint());
            lane.begin();
        }
        writer.put(List.of(mark.entry()));
        lane.commit(lane.checkpoint());
        return mark;
    }

    private ChunkMark loadWhole(Task task) {
        var table = task.table();
        empty(table);
        var count = new Count();
        var writer = lane.begin();
        var sink = sink(task, writer, count);
        var portion = new Portion(ends.settings());
        var span =
                readWhole(
                        task,
                        rows -> {
                            var bytes = rows.stream().mapToLong(Row::byteCount).sum();
                            if (portion.endsBefore(rows.size(), bytes)) {
                                lane.commit(lane.checkpoint());
                                lane.begin();
                            }
                            sink.accept(rows);
                        });
        var mark = mark(task, span, count);
        writer.put(List.of(mark.entry()));
        lane.commit(lane.checkpoint());
        return mark;
    }

    /// A table that is ours is emptied at once; from another one, which may have triggers or
    /// privileges of its own, rows are deleted.
    private void empty(TableMark table) {
        if (table.created()) {
            lane.execute(lane.catalog().truncate(table.targetName()));
        } else {
            lane.empty(table.targetTable(), ends.settings().get(Settings.LOAD_TRANSACTION_ROWS));
        }
    }

    private Optional<ReadSpan> readRange(Task task, Consumer<List<Row>> sink) {
        var table = task.table().sourceLayout();
        if (task.admittedAt().isPresent()) {
            var span = snapshot.read(table, task.chunk().range(), sink);
            requireSeen(task, span.readAt());
            return Optional.of(span);
        }
        snapshot.readRange(table, task.chunk().range(), sink);
        return Optional.empty();
    }

    private Optional<ReadSpan> readWhole(Task task, Consumer<List<Row>> sink) {
        var table = task.table().sourceLayout();
        if (task.admittedAt().isPresent()) {
            requireSeen(task, snapshot.committed()); // the exact place may be of another kind
            return Optional.of(snapshot.readExactly(table, sink));
        }
        snapshot.readBucket(table, table, 1, 0, sink);
        return Optional.empty();
    }

    private ChunkMark mark(Task task, Optional<ReadSpan> span, Count count) {
        var chunk = task.chunk();
        return new ChunkMark(
                task.table().id(),
                task.table().generation(),
                chunk.number(),
                chunk.range(),
                span,
                count.rows,
                count.bytes,
                count.kept);
    }

    private Consumer<List<Row>> sink(Task task, Writer writer, Count count) {
        var targetTable = task.table().targetTable();
        RowTranslation translation =
                ends.targetDialect().translation(task.table().sourceLayout(), targetTable);
        // A value of a unique key may have moved from a row that an earlier read saw to one that a
        // later read saw. The whole table is replayed from the smallest readAt, so a row that is
        // displaced here has a later change in the log. Without a log nothing would bring it back.
        var displaces =
                task.admittedAt().isPresent()
                        && task.table().keyed()
                        && task.table().uniqueKeysInPlace();
        return rows -> {
            var bytes = 0L;
            for (var some : Pieces.of(rows, governor.batchBytes())) {
                var translated = new ArrayList<Row>(some.size());
                for (var row : some) {
                    translated.add(translation.translate(row));
                    bytes += row.byteCount();
                }
                if (task.table().kept()) {
                    count.kept += some.size() - writer.insertMissing(targetTable, translated);
                } else if (displaces) {
                    var inserts = translated.stream().<Change>map(Change.Insert::new).toList();
                    writer.apply(
                            List.of(
                                    new TableChanges(
                                            task.table().name(),
                                            targetTable,
                                            Writer.Mode.WINDOW,
                                            inserts)));
                } else {
                    writer.insert(targetTable, translated);
                }
            }
            count.rows += rows.size();
            count.bytes += bytes;
            governor.spent(Work.LOAD, rows.size(), bytes);
        };
    }

    private static final class Count {
        private long rows;
        private long bytes;
        private long kept;
    }
}
