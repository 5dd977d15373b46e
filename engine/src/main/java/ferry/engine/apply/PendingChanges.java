package ferry.engine.apply;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Writer;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The changes of one target transaction that are not written yet: merged by table and row, so that
/// many changes of a row are one, and rows of a table share statements. They are written when the
/// transaction ends, or earlier when there are many.
final class PendingChanges {
    private static final Optional<NetChanges> NOT_MERGED = Optional.empty();

    private final boolean merges;
    private final int rowsMax;
    private final long bytesMax;
    private final Rules rules;
    private final Heat heat;
    private final Map<TableName, Held> byTable = new LinkedHashMap<>();

    /// What is held of a table; its changes are written at once if they cannot be merged.
    private record Held(TableName source, Table target, Optional<NetChanges> net) {}

    PendingChanges(Settings settings, Rules rules, Heat heat) {
        merges = settings.get(Settings.APPLY_MERGE);
        rowsMax = settings.number(Settings.APPLY_BATCH_ROWS);
        bytesMax = settings.get(Settings.APPLY_BATCH_BYTES);
        this.rules = rules;
        this.heat = heat;
    }

    /// Takes changes of a table, or writes them at once where they cannot be merged: inside a
    /// window, or without a key. Within a transaction a table is always the one or the other.
    void add(Writer writer, Table source, Table target, Replay replay) {
        var net = merges && replay.mode() == Mode.STRICT ? net(source, target) : NOT_MERGED;
        if (net.isEmpty()) {
            apply(writer, source.name(), target, replay.mode(), replay.changes());
            return;
        }
        for (var change : replay.changes()) {
            if (!net.get().add(change)) {
                write(writer, source.name(), target, net.get());
                if (!net.get().add(change)) {
                    throw new IllegalStateException("nothing is held, and a change does not fit");
                }
            }
        }
        if (isFull()) {
            write(writer);
        }
    }

    private Optional<NetChanges> net(Table source, Table target) {
        return byTable.computeIfAbsent(target.name(), _ -> hold(source, target)).net();
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
        var rows = 0L;
        var bytes = 0L;
        for (var held : byTable.values()) {
            if (held.net().isPresent()) {
                rows += held.net().get().size();
                bytes += held.net().get().bytes();
            }
        }
        return rows >= rowsMax || bytes >= bytesMax;
    }

    /// Writes everything.
    void write(Writer writer) {
        byTable.values()
                .forEach(held ->
                        held.net()
                                .ifPresent(
                                        net -> write(writer, held.source(), held.target(), net)));
        byTable.clear();
    }

    private void write(Writer writer, TableName source, Table target, NetChanges held) {
        List<Change> net = held.take();
        if (!net.isEmpty()) {
            apply(writer, source, target, Mode.STRICT, net);
        }
    }

    private void apply(
            Writer writer, TableName source, Table target, Mode mode, List<Change> changes) {
        var begin = System.nanoTime();
        try {
            writer.apply(target, mode, changes);
        } catch (ProblemException e) {
            throw e.concerning(source);
        }
        heat.written(target.name(), changes.size(), System.nanoTime() - begin);
    }

    /// Forgets what was not written; its transaction is void.
    void clear() {
        byTable.clear();
    }
}
