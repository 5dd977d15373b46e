package ferry.engine.schema;

import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.dialect.SchemaPlan.KeyBuild;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// The keys and foreign keys that a table has in the target at this moment, by name, each with its
/// columns: a key of the same name over other columns is not the wanted one. Not together: a server
/// gives the key that it makes for a foreign key the same name.
record KeysInPlace(Map<String, List<String>> keys, Map<String, List<String>> foreignKeys) {
    static KeysInPlace of(Catalog catalog, TableMark mark) {
        return catalog.table(mark.targetName())
                .map(KeysInPlace::of)
                .orElse(new KeysInPlace(Map.of(), Map.of()));
    }

    private static KeysInPlace of(Table table) {
        var keys = new HashMap<String, List<String>>();
        var foreignKeys = new HashMap<String, List<String>>();
        table.keys().forEach(key -> keys.put(key.name(), columns(key)));
        table.foreignKeys().forEach(key -> foreignKeys.put(key.name(), folded(key.columns())));
        return new KeysInPlace(keys, foreignKeys);
    }

    private static List<String> columns(Key key) {
        return folded(key.parts().stream().map(Key.Part::column).toList());
    }

    private static List<String> folded(List<String> columns) {
        return columns.stream().map(column -> column.toLowerCase(Locale.ROOT)).toList();
    }

    /// Those of the keys that were refused earlier which are there by now, or no longer wanted.
    List<RefusedKey> settled(List<RefusedKey> refused, SchemaPlan plan) {
        if (refused.isEmpty()) {
            return List.of();
        }
        var missing =
                Stream.concat(
                                missingKeys(plan.laterKeys(), plan),
                                missingForeignKeys(plan.afterAll(), plan))
                        .map(KeyBuild::name)
                        .toList();
        return refused.stream().filter(key -> !missing.contains(key.object())).toList();
    }

    /// Those of a plan's keys that are not there. Where another key has the name, the target will
    /// refuse the statement, and so the operator is told of it: Ferry drops no key.
    Stream<KeyBuild> missingKeys(List<KeyBuild> wanted, SchemaPlan plan) {
        return without(wanted, keys, of(plan.table()).keys);
    }

    Stream<KeyBuild> missingForeignKeys(List<KeyBuild> wanted, SchemaPlan plan) {
        return without(wanted, foreignKeys, of(plan.table()).foreignKeys);
    }

    private static Stream<KeyBuild> without(
            List<KeyBuild> wanted,
            Map<String, List<String>> existing,
            Map<String, List<String>> planned) {
        return wanted.stream()
                .filter(key -> {
                    var there = existing.get(key.name());
                    return there == null || !there.equals(planned.getOrDefault(key.name(), there));
                });
    }
}
