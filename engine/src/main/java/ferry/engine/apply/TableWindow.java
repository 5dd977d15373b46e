package ferry.engine.apply;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The span in which one loaded table is not yet exact: which of its chunks have surely seen the
/// transaction that stands in the log now. Follows the log in order from a low-water mark on.
///
/// A chunk's readAt counts only up to the first transaction that it does not include: behind a gap,
/// a later change of the same row may be included while an earlier one is not (docs/correctness.md
/// §1). The positions of all reads of one source form a chain, so the chunks that are passed are
/// always the smallest ones of the chain.
final class TableWindow {
    private final TableMark mark;
    private final Rules rules;
    private final List<ChunkMark> byKey;
    private final Optional<Comparator<Row>> order;
    private final List<Position> readAts; // the distinct ones, smallest first
    private final int[] readAtOfChunk; // the place in readAts, by place in byKey
    private final Position end;
    private final boolean whole;
    private int passed; // readAts below this place do not include everything up to the present

    // transaction

    /// `order` empty: nobody can tell which chunk owns a key, and the smallest readAt counts for
    /// all.
    TableWindow(
            TableMark mark,
            List<ChunkMark> chunks,
            Optional<Comparator<Row>> order,
            boolean uniqueKeysInPlace,
            Position lowWater,
            Rules rules) {
        if (chunks.isEmpty()) {
            throw new IllegalStateException(mark.name() + " is loaded but has no chunk");
        }
        this.mark = mark;
        this.rules = rules;
        this.byKey = chunks; // chunk numbers follow the keys
        this.order = order;
        this.whole =
                order.isEmpty() || uniqueKeysInPlace && rules.keeps(Rule.UNIQUE_KEYS_REPLAY_WHOLE);
        this.readAts = new ArrayList<>();
        chunks.stream()
                .map(chunk -> chunk.readAt())
                .sorted(Marks.chain())
                .forEach(position -> {
                    if (readAts.isEmpty() || !readAts.getLast().covers(position)) {
                        readAts.add(position);
                    }
                });
        this.readAtOfChunk = new int[chunks.size()];
        for (var i = 0; i < readAtOfChunk.length; i++) {
            readAtOfChunk[i] = place(chunks.get(i).readAt());
        }
        this.end =
                chunks.stream()
                        .map(chunk ->
                                rules.keeps(Rule.WINDOW_ENDS_AT_READ_BY)
                                        ? chunk.readBy()
                                        : chunk.readAt())
                        .max(Marks.chain())
                        .orElseThrow();
        while (passed < readAts.size() && !readAts.get(passed).covers(lowWater)) {
            passed++;
        }
    }

    TableMark mark() {
        return mark;
    }

    /// True when its changes are replayed whole, from the smallest readAt on: where unique keys
    /// stand, or nobody can tell which chunk owns a key.
    boolean whole() {
        return whole;
    }

    /// True when a transaction lies behind everything that any chunk can have seen; `read` is
    /// everything before it. A log's end is a prefix of the log, but the exact position of a table
    /// without a key may have gaps: it may include a later transaction and not this one.
    boolean endsBefore(TransactionId id, Position read) {
        return !end.includes(id) && (mark.keyed() || read.covers(end));
    }

    /// True when the log was read to the end of the window.
    boolean endsAt(Position read) {
        return read.covers(end);
    }

    /// Goes on to this transaction, which is the next one of the log; must be told of every
    /// transaction.
    void advance(TransactionId id) {
        while (passed < readAts.size() && !readAts.get(passed).includes(id)) {
            passed++;
        }
    }

    /// True when the smallest readAt includes the present transaction, so that every chunk has seen
    /// it.
    boolean seenByAll(TransactionId id) {
        return (passed == 0 || !mark.keyed()) && readAts.getFirst().includes(id);
    }

    /// True when the chunk that owns this key has surely seen the present transaction.
    boolean seen(Row key, TransactionId id) {
        var readAt = whole ? 0 : readAtOfChunk[owner(key)];
        return rules.keeps(Rule.READ_AT_IS_A_PREFIX)
                ? readAt >= passed
                : readAts.get(readAt).includes(id);
    }

    private int place(Position readAt) {
        var low = 0;
        var high = readAts.size() - 1;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (readAts.get(middle).covers(readAt)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// The last chunk whose lower bound lies below the key: chunks are gapless, the first has no
    /// lower and the last no upper bound.
    private int owner(Row key) {
        var comparator = order.orElseThrow();
        var low = 0;
        var high = byKey.size() - 1;
        while (low < high) {
            var middle = (low + high + 1) >>> 1;
            var after = byKey.get(middle).range().after();
            if (after.isPresent() && comparator.compare(key, after.orElseThrow()) <= 0) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }
}
