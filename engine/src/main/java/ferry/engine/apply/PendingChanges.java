package ferry.engine.apply;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Writer;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The changes of one target transaction that are not written yet: merged by table and row, so that
/// many changes of a row are one, and rows of a table share statements. They are written when the
/// transaction ends, or earlier when there are many.
final class PendingChanges {
    private final boolean merges;
    private final int rowsMax;
    private final long bytesMax;
    private final Rules rules;
    private final Map<TableName, Held> byTable = new LinkedHashMap<>();

    private record Held(Table target, NetChanges net) {}

    PendingChanges(Settings settings, Rules rules) {
        merges = settings.get(Settings.APPLY_MERGE);
        rowsMax = settings.number(Settings.APPLY_BATCH_ROWS);
        bytesMax = settings.get(Settings.APPLY_BATCH_BYTES);
        this.rules = rules;
    }

    /// Takes changes of a table, or writes them at once where they cannot be merged: inside a
    /// window, or without a key. Within a transaction a table is always the one or the other.
    void add(Writer writer, Table source, Table target, Replay replay) {
        if (!merges || replay.mode() != Mode.STRICT || !NetChanges.canTake(source, target)) {
            writer.apply(target, replay.mode(), replay.changes());
            return;
        }
        var held = byTable.computeIfAbsent(target.name(), _ -> new Held(target, net(target)));
        for (var change : replay.changes()) {
            if (!held.net().add(change)) {
                write(writer, held);
                if (!held.net().add(change)) {
                    throw new IllegalStateException("nothing is held, and a change does not fit");
                }
            }
        }
        if (isFull()) {
            write(writer);
        }
    }

    private NetChanges net(Table target) {
        return new NetChanges(target, !rules.keeps(Rule.UNIQUE_MOVES_ARE_TWO));
    }

    private boolean isFull() {
        var rows = 0L;
        var bytes = 0L;
        for (var held : byTable.values()) {
            rows += held.net().size();
            bytes += held.net().bytes();
        }
        return rows >= rowsMax || bytes >= bytesMax;
    }

    /// Writes everything.
    void write(Writer writer) {
        byTable.values().forEach(held -> write(writer, held));
        byTable.clear();
    }

    private static void write(Writer writer, Held held) {
        List<Change> net = held.net().take();
        if (!net.isEmpty()) {
            writer.apply(held.target(), Mode.STRICT, net);
        }
    }

    /// Forgets what was not written; its transaction is void.
    void clear() {
        byTable.clear();
    }
}
