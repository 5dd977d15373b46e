package ferry.engine.apply;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.filter.LoggedTable;
import ferry.engine.model.Change;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.List;

/// What of some logged changes is written to the target, and how.
record Replay(Mode mode, List<Change> changes) {

    /// Outside a window (`window` null) everything, exactly; inside it what the owning chunk has
    /// not surely seen, by key; what all chunks have seen does not come here. `kept`: everything by
    /// key also outside of it, because rows that the target held before may be in the way or
    /// missing.
    static Replay of(
            TableWindow window,
            boolean kept,
            TransactionId id,
            LoggedTable table,
            List<Change> logged,
            RowTranslation translation,
            Rules rules) {
        var result = new ArrayList<Change>(logged.size());
        if (window == null) {
            for (var change : table.moved(logged)) {
                result.add(translated(change, translation));
            }
            var strict =
                    rules.keeps(Rule.STRICT_AFTER_WINDOW) && !kept
                            || table.layout().rowKey().isEmpty();
            var mode = strict ? Mode.STRICT : Mode.WINDOW;
            return new Replay(mode, result);
        }
        var keyIndexes = table.layout().rowKeyIndexes();
        if (keyIndexes.length == 0) {
            // Read at one exact position: as exact as behind the window.
            table.moved(logged).forEach(change -> result.add(translated(change, translation)));
            return new Replay(Mode.STRICT, result);
        }
        for (var change : table.moved(logged)) {
            add(result, change, window, id, keyIndexes, rules, translation);
        }
        return new Replay(Mode.WINDOW, result);
    }

    private static void add(
            List<Change> result,
            Change change,
            TableWindow window,
            TransactionId id,
            int[] keyIndexes,
            Rules rules,
            RowTranslation translation) {
        switch (change) {
            case Change.Insert(var after) -> {
                if (!window.seen(after.project(keyIndexes), id)) {
                    result.add(translated(change, translation));
                }
            }
            case Change.Delete(var before) -> {
                if (!window.seen(before.project(keyIndexes), id)) {
                    result.add(translated(change, translation));
                }
            }
            case Change.Update(var before, var after) -> {
                var oldKey = before.project(keyIndexes);
                var newKey = after.project(keyIndexes);
                if (oldKey.equals(newKey) || !rules.keeps(Rule.KEY_CHANGE_IS_TWO)) {
                    if (!window.seen(newKey, id)) {
                        result.add(translated(change, translation));
                    }
                    return;
                }
                // The row leaves one key and appears at another; each may lie in a chunk that has
                // seen it or not.
                add(result, new Change.Delete(before), window, id, keyIndexes, rules, translation);
                add(result, new Change.Insert(after), window, id, keyIndexes, rules, translation);
            }
        }
    }

    private static Change translated(Change change, RowTranslation translation) {
        if (translation == RowTranslation.SAME) {
            return change;
        }
        return switch (change) {
            case Change.Insert(var after) -> new Change.Insert(translation.translate(after));
            case Change.Delete(var before) -> new Change.Delete(translation.translate(before));
            case Change.Update(var before, var after) ->
                    new Change.Update(translation.translate(before), translation.translate(after));
        };
    }
}
