package ferry.engine.apply;

import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one source transaction does to the target, and where it may meet others.
final class PendingTransaction {
    /// About what a change takes in memory besides its values.
    private static final int CHANGE_BYTES = 96;

    private static final int LOOKED_MAX = 1_000;

    /// Changes of one table, in their order. `source` is the layout that stands in the log.
    record Part(Table source, Table target, Replay replay) {}

    private final TransactionId id;
    private final List<Part> parts = new ArrayList<>();
    private final List<ConflictKeys> keysOfParts = new ArrayList<>();
    private final Claims claims = new Claims();
    private LowWater.Entry entry;
    private boolean searches;
    private long rows;
    private long bytes;

    PendingTransaction(TransactionId id) {
        this.id = id;
    }

    TransactionId id() {
        return id;
    }

    /// `whole`: the table is claimed as a whole.
    void add(Part part, ConflictKeys keys, boolean whole) {
        parts.add(part);
        keysOfParts.add(keys);
        if (whole) {
            keys.claimTable(claims);
        }
        var changes = part.replay().changes();
        if (!whole) {
            changes.forEach(change -> keys.claim(change, claims));
        }
        rows += changes.size();
        bytes += bytes(changes);
        searches |= keys.lookFor(changes);
    }

    /// What one of its claims stands for; empty if that is not among its first changes.
    Optional<Meeting> tell(long hash) {
        var looked = 0;
        for (var i = 0; i < parts.size(); i++) {
            for (var change : parts.get(i).replay().changes()) {
                var told = keysOfParts.get(i).tell(change, hash);
                if (told.isPresent() || ++looked >= LOOKED_MAX) {
                    return told;
                }
            }
        }
        return Optional.empty();
    }

    /// About how much memory changes take.
    static long bytes(List<Change> changes) {
        var bytes = 0L;
        for (var change : changes) {
            bytes += CHANGE_BYTES + byteCount(change);
        }
        return bytes;
    }

    private static long byteCount(Change change) {
        return switch (change) {
            case Change.Insert(var after) -> after.byteCount();
            case Change.Delete(var before) -> before.byteCount();
            case Change.Update(var before, var after) ->
                    (long) before.byteCount() + after.byteCount();
        };
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    List<Part> parts() {
        return parts;
    }

    Claims claims() {
        return claims;
    }

    long rows() {
        return rows;
    }

    /// True if it looks for rows of a table without a key.
    boolean searches() {
        return searches;
    }

    /// About how much memory it takes.
    long bytes() {
        return bytes;
    }

    /// Where it stands among those that are not yet in the target.
    void stands(LowWater.Entry place) {
        entry = place;
    }

    LowWater.Entry entry() {
        return entry;
    }
}
