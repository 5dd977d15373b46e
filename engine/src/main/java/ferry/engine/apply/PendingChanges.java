package ferry.engine.apply;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The changes of one target transaction that are not written yet. Where they can be, they are
/// merged by table and row, so that many changes of a row are one, and rows of a table share
/// statements; the others stay as they come. All are written together when the transaction ends, or
/// earlier when there are many.
final class PendingChanges {
    private static final Optional<NetChanges> NOT_MERGED = Optional.empty();

    private final boolean merges;
    private final int rowsMax;
    private final long bytesMax;
    private final Rules rules;
    private final Heat heat;
    private final Map<TableName, Held> mergeable = new LinkedHashMap<>();
    private final List<TableChanges> asTheyCame = new ArrayList<>();
    private long rowsAsTheyCame;
    private long bytesAsTheyCame;

    /// What is merged of a table; nothing if its changes cannot be merged.
    private record Held(TableName source, Table target, Optional<NetChanges> net) {}

    PendingChanges(Settings settings, Rules rules, Heat heat) {
        merges = settings.get(Settings.APPLY_MERGE);
        rowsMax = settings.number(Settings.APPLY_BATCH_ROWS);
        bytesMax = settings.get(Settings.APPLY_BATCH_BYTES);
        this.rules = rules;
        this.heat = heat;
    }

    /// Takes changes of a table; they are not merged inside a window, or without a key.
    void add(Writer writer, Table source, Table target, Replay replay) {
        if (replay.changes().isEmpty()) {
            return;
        }
        var net = merges && replay.mode() == Mode.STRICT ? net(source, target) : NOT_MERGED;
        if (net.isPresent()) {
            merge(writer, net.get(), replay);
        } else {
            keep(writer, new TableChanges(source.name(), target, replay.mode(), replay.changes()));
        }
        if (isFull()) {
            write(writer);
        }
    }

    private void keep(Writer writer, TableChanges changes) {
        var merged = mergeable.get(changes.target().name());
        if (merged != null && merged.net().filter(net -> net.size() > 0).isPresent()) {
            flush(writer); // older changes of the table
        }
        asTheyCame.add(changes);
        rowsAsTheyCame += changes.size();
        bytesAsTheyCame += PendingTransaction.bytes(changes.changes());
    }

    private void merge(Writer writer, NetChanges net, Replay replay) {
        for (var change : replay.changes()) {
            if (!net.add(change)) {
                flush(writer);
                if (!net.add(change)) {
                    throw new IllegalStateException("nothing is held, and a change does not fit");
                }
            }
        }
    }

    private Optional<NetChanges> net(Table source, Table target) {
        return mergeable.computeIfAbsent(target.name(), _ -> hold(source, target)).net();
    }

    private Held hold(Table source, Table target) {
        return new Held(
                source.name(),
                target,
                NetChanges.canTake(source, target)
                        ? Optional.of(
                                new NetChanges(target, !rules.keeps(Rule.UNIQUE_MOVES_ARE_TWO)))
                        : NOT_MERGED);
    }

    private boolean isFull() {
        var rows = rowsAsTheyCame;
        var bytes = bytesAsTheyCame;
        for (var held : mergeable.values()) {
            if (held.net().isPresent()) {
                rows += held.net().get().size();
                bytes += held.net().get().bytes();
            }
        }
        return rows >= rowsMax || bytes >= bytesMax;
    }

    /// Writes everything.
    void write(Writer writer) {
        flush(writer);
        mergeable.clear();
    }

    /// What stayed as it came goes first: it is older than what is merged of the same table.
    private void flush(Writer writer) {
        var all = grouped(asTheyCame);
        forgetAsTheyCame();
        for (var held : mergeable.values()) {
            var changes = held.net().map(NetChanges::take).orElse(List.of());
            if (!changes.isEmpty()) {
                all.add(new TableChanges(held.source(), held.target(), Mode.STRICT, changes));
            }
        }
        if (all.isEmpty()) {
            return;
        }
        var begin = System.nanoTime();
        writer.apply(all);
        heat.written(all, System.nanoTime() - begin);
    }

    /// The same by table, each table's in their order, so that rows of a table share statements.
    private static List<TableChanges> grouped(List<TableChanges> changes) {
        var groups = new ArrayList<TableChanges>();
        var lastOf = new HashMap<TableName, TableChanges>();
        for (var some : changes) {
            var group = lastOf.get(some.target().name());
            if (group == null
                    || group.mode() != some.mode()
                    || group.target() != some.target()
                    || !group.source().equals(some.source())) {
                group =
                        new TableChanges(
                                some.source(), some.target(), some.mode(), new ArrayList<>());
                lastOf.put(some.target().name(), group);
                groups.add(group);
            }
            group.changes().addAll(some.changes());
        }
        return groups;
    }

    private void forgetAsTheyCame() {
        asTheyCame.clear();
        rowsAsTheyCame = 0;
        bytesAsTheyCame = 0;
    }

    /// Forgets what was not written; its transaction is void.
    void clear() {
        mergeable.clear();
        forgetAsTheyCame();
    }
}
