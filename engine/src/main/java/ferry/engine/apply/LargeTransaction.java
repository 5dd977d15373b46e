package ferry.engine.apply;

import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Checkpoint.Begun;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.RowError;
import ferry.engine.model.TransactionId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// A source transaction that is too large to be held: written as it is read, in pieces, through
/// apply's own lane while all others stand. It stays one target transaction, unless it is split
/// (`apply.split.bytes`): then the checkpoint of each part says how many of its changes are in the
/// target, and a successor goes on behind them.
final class LargeTransaction {
    private final TransactionId id;
    private final Lane lane;
    private final PendingChanges pending;
    private final LowWater lowWater;
    private final long splitBytes;
    private final long inTarget; // changes of an earlier process
    private final Optional<RowPolicy> carefully;
    private final SequencedMap<String, RowError> failed = new LinkedHashMap<>(); // of the open part
    private volatile long changes;
    private long rows; // written
    private long bytes; // written
    private long partBytes; // of the open target transaction

    /// `splitBytes` 0: never split. `carefully` writes it change by change where one of them fails.
    /// Opens a target transaction.
    LargeTransaction(
            TransactionId id,
            Lane lane,
            PendingChanges pending,
            LowWater lowWater,
            long splitBytes,
            Optional<RowPolicy> carefully) {
        this.id = id;
        this.lane = lane;
        this.pending = pending;
        this.lowWater = lowWater;
        this.splitBytes = splitBytes;
        this.carefully = carefully;
        inTarget = lowWater.begun(id);
        lane.begin();
    }

    /// Writes what was held of it: its first changes, of which none was written before.
    void write(PendingTransaction held) {
        changes = held.rows();
        held.parts().forEach(this::add);
        endPart();
    }

    /// Writes the next changes that are to be written, without those that are in the target
    /// already; returns how many. What is not to be written does not count: another change log may
    /// not even hold it, where a table is admitted later.
    long write(PendingTransaction.Part part) {
        var wanted = part.replay().changes();
        var there = Math.clamp(inTarget - changes, 0, wanted.size());
        changes += wanted.size();
        var left = wanted.subList(there, wanted.size());
        if (!left.isEmpty()) {
            var replay = new Replay(part.replay().mode(), left);
            add(new PendingTransaction.Part(part.source(), part.target(), replay));
            endPart();
        }
        return left.size();
    }

    private void add(PendingTransaction.Part part) {
        var more = PendingTransaction.bytes(part.replay().changes());
        rows += part.replay().changes().size();
        bytes += more;
        partBytes += more;
        if (carefully.isPresent()) {
            carefully.get().write(lane.writer(), id, part, failed);
        } else {
            pending.add(lane.writer(), part.source(), part.target(), part.replay());
        }
    }

    private void commitWith(Checkpoint after) {
        pending.write(lane.writer());
        carefully.ifPresent(rows -> rows.put(lane.writer(), failed.values()));
        lane.commit(after.text());
        carefully.ifPresent(rows -> rows.recorded(failed.values()));
        failed.clear();
    }

    private void endPart() {
        if (splitBytes == 0 || partBytes < splitBytes) {
            return;
        }
        var soFar = new Begun(id, changes);
        commitWith(lowWater.checkpoint().orElseThrow().with(soFar));
        lowWater.begun(soFar);
        partBytes = 0;
        lane.begin();
    }

    /// Commits what is left of it.
    void commit(Checkpoint after) {
        commitWith(after);
    }

    /// Row changes that were written.
    long rows() {
        return rows;
    }

    /// About how much memory they would have taken together.
    long bytes() {
        return bytes;
    }

    /// For people.
    String describe() {
        return String.format(Locale.ROOT, "a large transaction, %,d changes so far", changes);
    }
}
