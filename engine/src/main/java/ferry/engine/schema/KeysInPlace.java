package ferry.engine.schema;

import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.dialect.SchemaPlan.KeyBuild;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The names of the keys and foreign keys that a table has in the target at this moment. Not
/// together: a server gives the key that it makes for a foreign key the same name.
record KeysInPlace(Set<String> keys, Set<String> foreignKeys) {
    static KeysInPlace of(Catalog catalog, TableMark mark) {
        var keys = new HashSet<String>();
        var foreignKeys = new HashSet<String>();
        catalog.table(mark.targetName())
                .ifPresent(table -> {
                    table.keys().forEach(key -> keys.add(key.name()));
                    table.foreignKeys().forEach(key -> foreignKeys.add(key.name()));
                });
        return new KeysInPlace(keys, foreignKeys);
    }

    /// Those of the keys that were refused earlier which are there by now, or no longer wanted.
    List<RefusedKey> settled(List<RefusedKey> refused, SchemaPlan plan) {
        if (refused.isEmpty()) {
            return List.of();
        }
        var missing =
                Stream.of(
                                without(plan.afterLoad(), keys),
                                without(plan.atWindowEnd(), keys),
                                without(plan.afterAll(), foreignKeys))
                        .flatMap(missed -> missed)
                        .map(KeyBuild::name)
                        .toList();
        return refused.stream().filter(key -> !missing.contains(key.object())).toList();
    }

    static Stream<KeyBuild> without(List<KeyBuild> keys, Set<String> existing) {
        return keys.stream().filter(key -> !existing.contains(key.name()));
    }
}
