package ferry.engine.apply;

import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What changes to one table come to in the end: one change for each row key that was touched.
/// Written in the order deletes, updates, inserts they lead to the same rows as one after the
/// other, and no unique key is in the way meanwhile:
///
/// * What is left behind the deletes are rows that were there before the changes, so nothing
///   collides.
/// * An update that changes a column of another unique key is written as a delete and an insert;
///   the others change nothing that must be unique.
/// * An insert adds a row of the final state to rows of the final state.
///
/// So a unique value may wander through rows in one batch, be exchanged or come back, without
/// comparing keys under any collation. Foreign keys are not checked in our sessions.
final class NetChanges {
    private final int[] keyIndexes;
    private final Optional<BitSet> unique; // empty: anything may change a unique value
    private final Map<Row, Net> byKey = new LinkedHashMap<>();
    private long bytes;

    /// A row as it was before all changes and as it is after them; null where there is none.
    private static final class Net {
        private final Row before;
        private Row after;

        Net(Row before, Row after) {
            this.before = before;
            this.after = after;
        }
    }

    /// `keepsUniqueUpdates` true: updates of unique columns stay updates, which is wrong.
    NetChanges(Table target, boolean keepsUniqueUpdates) {
        keyIndexes = target.rowKeyIndexes();
        unique = keepsUniqueUpdates ? Optional.of(new BitSet()) : target.secondaryUniqueColumns();
    }

    /// True when changes of this table can be taken together: rows are addressed by a key at both
    /// ends, and carry every column of the target, or a row that is deleted and inserted again
    /// would not keep, or get, what only the target has.
    static boolean canTake(Table source, Table target) {
        return source.rowKey().isPresent()
                && target.rowKey().isPresent()
                && target.carried().stream()
                        .map(Column::name)
                        .allMatch(name -> source.indexOf(name) >= 0);
    }

    /// Takes a change, the next one of the log; false if it does not fit what it follows (an insert
    /// of a row that is there, a delete of one that is not): then what was taken must be written
    /// first, and the target judges it.
    boolean add(Change change) {
        return switch (change) {
            case Change.Insert(var after) -> insert(after);
            case Change.Delete(var before) -> delete(before);
            case Change.Update(var before, var after) -> update(before, after);
        };
    }

    private boolean insert(Row after) {
        var key = after.project(keyIndexes);
        var known = byKey.get(key);
        if (known == null) {
            byKey.put(key, new Net(null, after));
        } else if (known.after == null) {
            known.after = after;
        } else {
            return false;
        }
        bytes += after.byteCount();
        return true;
    }

    private boolean delete(Row before) {
        var key = before.project(keyIndexes);
        var known = byKey.get(key);
        if (known == null) {
            byKey.put(key, new Net(before, null));
            bytes += before.byteCount();
        } else if (known.after == null) {
            return false;
        } else if (known.before == null) {
            byKey.remove(key);
        } else {
            known.after = null;
        }
        return true;
    }

    private boolean update(Row before, Row after) {
        var key = before.project(keyIndexes);
        var known = byKey.get(key);
        if (known != null && known.after == null) {
            return false;
        }
        if (!before.sameValues(keyIndexes, after)) {
            var taken = byKey.get(after.project(keyIndexes));
            return (taken == null || taken.after == null) && delete(before) && insert(after);
        }
        if (known == null) {
            byKey.put(key, new Net(before, after));
            bytes += before.byteCount();
        } else {
            known.after = after;
        }
        bytes += after.byteCount();
        return true;
    }

    int size() {
        return byKey.size();
    }

    /// About how much memory the rows take.
    long bytes() {
        return bytes;
    }

    /// The net changes in the order in which they are to be written; takes none of them again.
    List<Change> take() {
        var ordered = new ArrayList<Change>(byKey.size());
        var updates = new ArrayList<Change>();
        var inserts = new ArrayList<Change>();
        for (var net : byKey.values()) {
            if (net.before == null) {
                inserts.add(new Change.Insert(net.after));
            } else if (net.after == null) {
                ordered.add(new Change.Delete(net.before));
            } else if (changesUnique(net)) {
                ordered.add(new Change.Delete(net.before));
                inserts.add(new Change.Insert(net.after));
            } else {
                updates.add(new Change.Update(net.before, net.after));
            }
        }
        ordered.addAll(updates);
        ordered.addAll(inserts);
        byKey.clear();
        bytes = 0;
        return ordered;
    }

    private boolean changesUnique(Net net) {
        return unique.isEmpty()
                || unique.get().stream().anyMatch(i -> !net.before.sameValue(i, net.after, i));
    }
}
