package ferry.engine.load;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.Chunk;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/// The part of one table that is still to be loaded: ranges that were given back or left open by an
/// earlier process, then everything behind the last planned key. Guarded by its board.
final class TableLoad {
    private final TableMark mark;
    private final Optional<Position> admittedAt;
    private final ChunkSize size;
    private final Deque<Chunk> open = new ArrayDeque<>();
    private Optional<Row> plannedUpTo = Optional.empty();
    private boolean planned;
    private int nextNumber;
    private int inFlight;
    private Keys keys = Keys.MISSING;

    /// The keys that are built when all rows are there.
    private enum Keys {
        MISSING,
        /// The load is not void: somebody may build them.
        OFFERED,
        UNDER_WAY,
        BUILT
    }

    TableLoad(TableMark mark, Optional<Position> admittedAt, ChunkSize size, List<ChunkMark> done) {
        this.mark = mark;
        this.admittedAt = admittedAt;
        this.size = size;
        for (var chunk : done) {
            if (!chunk.range().after().equals(plannedUpTo)) {
                // An earlier process had several chunks in flight; those that it did not finish
                // come as one.
                open.add(
                        new Chunk(
                                mark.name(),
                                nextNumber,
                                new KeyRange(plannedUpTo, chunk.range().after())));
            }
            plannedUpTo = chunk.range().upTo();
            planned = plannedUpTo.isEmpty();
            nextNumber = chunk.number() + 1;
        }
    }

    TableMark mark() {
        return mark;
    }

    Optional<Position> admittedAt() {
        return admittedAt;
    }

    boolean hasWork() {
        return !open.isEmpty() || !planned;
    }

    /// True when all rows and keys are there.
    boolean finished() {
        return keys == Keys.BUILT;
    }

    /// True when no worker has a part of it in hands.
    boolean idle() {
        return inFlight == 0 && keys != Keys.UNDER_WAY;
    }

    /// True when all rows are there.
    boolean loaded() {
        return !hasWork() && inFlight == 0;
    }

    void offerKeys() {
        keys = Keys.OFFERED;
    }

    boolean offered() {
        return keys != Keys.MISSING;
    }

    /// True when the keys were offered and nobody builds them.
    boolean wantsKeys() {
        return keys == Keys.OFFERED;
    }

    void takeKeys() {
        keys = Keys.UNDER_WAY;
    }

    void keysDone() {
        keys = Keys.BUILT;
    }

    /// The next chunk; plans its upper bound at the source if none is left open. `governed` says
    /// how many rows a chunk of so many rows may have at present.
    Chunk take(Snapshot snapshot, LongUnaryOperator governed) {
        var chunk = open.isEmpty() ? plan(snapshot, governed) : open.poll();
        inFlight++;
        return chunk;
    }

    void giveBack(Chunk chunk) {
        inFlight--;
        open.add(chunk);
    }

    void done(ChunkMark chunk) {
        inFlight--;
        size.met(chunk.rows(), chunk.bytes());
    }

    /// Rows that do not move count too: a chunk is no more work than others because few rows of it
    /// meet a condition.
    private Chunk plan(Snapshot snapshot, LongUnaryOperator governed) {
        var rows = governed.applyAsLong(size.rows());
        var upTo =
                mark.keyed()
                        ? snapshot.keyAfter(mark.sourceLayout().allRows(), plannedUpTo, rows)
                        : Optional.<Row>empty();
        var chunk = new Chunk(mark.name(), nextNumber++, new KeyRange(plannedUpTo, upTo));
        plannedUpTo = upTo;
        planned = upTo.isEmpty();
        return chunk;
    }
}
