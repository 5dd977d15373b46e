package ferry.engine.changelog;

import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The layouts and row codes that a reader has met, by the number under which rows refer to them.
/// Numbers are never used twice in one log. Equal layouts are one instance.
final class Layouts {
    private final SourceForms forms;
    private final Map<Integer, Table> byId = new HashMap<>();
    private final Map<Table, Table> instances = new HashMap<>();
    private final Map<Integer, Coded> codes = new HashMap<>();
    private int nextNumber;

    Layouts(SourceForms forms) {
        this.forms = forms;
    }

    /// How rows of a layout are coded; the code is made when the first ones are wanted.
    final class Coded {
        private final Table layout;
        private final byte[] description;
        private Optional<RowCode> code = Optional.empty();

        private Coded(Table layout, byte[] description) {
            this.layout = layout;
            this.description = description;
        }

        Table layout() {
            return layout;
        }

        RowCode code() {
            if (code.isEmpty()) {
                code = Optional.of(forms.rowCode(layout, description));
            }
            return code.get();
        }
    }

    void learn(int tableId, Supplier<Table> layout) {
        byId.computeIfAbsent(
                tableId,
                _ -> {
                    var table = layout.get();
                    var known = instances.putIfAbsent(table, table);
                    return known == null ? table : known;
                });
        nextNumber = Math.max(nextNumber, tableId + 1);
    }

    void learnCode(int codeId, Table layout, byte[] description) {
        codes.computeIfAbsent(codeId, _ -> new Coded(layout, description));
        nextNumber = Math.max(nextNumber, codeId + 1);
    }

    Optional<Table> find(int tableId) {
        return Optional.ofNullable(byId.get(tableId));
    }

    Optional<Coded> findCode(int codeId) {
        return Optional.ofNullable(codes.get(codeId));
    }

    Map<Integer, Table> all() {
        return Map.copyOf(byId);
    }

    /// Above all numbers that were met; 0 if none was.
    int nextNumber() {
        return nextNumber;
    }
}
