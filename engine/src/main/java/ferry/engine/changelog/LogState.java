package ferry.engine.changelog;

import ferry.engine.model.Position;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    private Map<TableName, Table> admitted; // immutable, replaced by every change
    private long sequence;

    LogState(
            Position position,
            Collection<Group> groups,
            Map<TableName, Table> admitted,
            long sequence) {
        this.base = position;
        this.admitted = Map.copyOf(admitted);
        this.sequence = sequence;
        groups.forEach(group -> this.groups.put(group.xid(), group));
    }

    LogState copy() {
        return new LogState(position(), groups.values(), admitted, sequence);
    }

    Position position() {
        if (!unfolded.isEmpty()) {
            base = base.plusAll(unfolded);
            unfolded.clear();
        }
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

    void admitted(Table table) {
        var more = new HashMap<>(admitted);
        more.put(table.name(), table);
        admitted = Map.copyOf(more);
    }

    /// The tables whose rows are captured here, with the layouts in force.
    Map<TableName, Table> admitted() {
        return admitted;
    }

    void schemaChanged(LogRecord.SchemaChange change) {
        committed(change.id());
        var next = new HashMap<>(admitted);
        for (var effect : change.effects()) {
            switch (effect) {
                case SchemaEffect.Altered(var table, var after, var _) -> {
                    if (after.isPresent()) {
                        next.computeIfPresent(table, (_, _) -> after.get());
                    } else {
                        next.remove(table);
                    }
                }
                case SchemaEffect.Renamed(var table, var to) -> {
                    next.remove(table);
                    next.remove(to);
                }
                case SchemaEffect.Created(var table) -> next.remove(table);
                case SchemaEffect.Dropped(var table) -> next.remove(table);
                case SchemaEffect.Truncated _ -> {}
            }
        }
        admitted = Map.copyOf(next);
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
