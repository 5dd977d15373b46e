package ferry.engine.changelog;

import ferry.engine.model.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The layouts that a reader has met, by the number under which rows refer to them. Numbers are
/// never used twice in one log. Equal layouts are one instance.
final class Layouts {
    private final Map<Integer, Table> byId = new HashMap<>();
    private final Map<Table, Table> instances = new HashMap<>();

    void learn(int tableId, Supplier<Table> layout) {
        byId.computeIfAbsent(
                tableId,
                _ -> {
                    var table = layout.get();
                    var known = instances.putIfAbsent(table, table);
                    return known == null ? table : known;
                });
    }

    Optional<Table> find(int tableId) {
        return Optional.ofNullable(byId.get(tableId));
    }

    Map<Integer, Table> all() {
        return Map.copyOf(byId);
    }
}
