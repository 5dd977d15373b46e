package ferry.engine.changelog;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What lies before one place of the log, always between two transactions.
final class LogState {
    private static final int UNFOLDED_MOST = 1000;

    private Position base;
    private final List<TransactionId> unfolded = new ArrayList<>(); // to be added to base
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long sequence;

    LogState(Position position, Collection<Group> groups, long sequence) {
        this.base = position;
        this.sequence = sequence;
        groups.forEach(group -> this.groups.put(group.xid(), group));
    }

    LogState copy() {
        return new LogState(position(), groups.values(), sequence);
    }

    Position position() {
        for (var id : unfolded) {
            base = base.plus(id);
        }
        unfolded.clear();
        return base;
    }

    long sequence() {
        return sequence;
    }

    List<Group> groups() {
        return List.copyOf(groups.values());
    }

    Optional<Group> group(String xid) {
        return Optional.ofNullable(groups.get(xid));
    }

    /// A transaction or schema change that counts.
    void committed(TransactionId id) {
        passed(id);
        sequence++;
    }

    void prepared(Group group) {
        passed(group.id());
        groups.put(group.xid(), group);
    }

    void committedPrepared(TransactionId id, String xid) {
        groups.remove(xid);
        committed(id);
    }

    void rolledBackPrepared(TransactionId id, String xid) {
        groups.remove(xid);
        passed(id);
    }

    void progressed(Position position) {
        unfolded.clear();
        base = position;
    }

    void replaceGroups(UnaryOperator<Group> replacement) {
        groups.replaceAll((_, group) -> replacement.apply(group));
    }

    private void passed(TransactionId id) {
        unfolded.add(id);
        if (unfolded.size() == UNFOLDED_MOST) {
            position();
        }
    }
}
