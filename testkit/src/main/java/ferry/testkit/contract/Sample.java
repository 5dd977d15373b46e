package ferry.testkit.contract;

import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.List;

/// A table and rows for it, in canonical form: what a dialect claims to carry. `refused` are rows
/// that a target must refuse with VALUE_REFUSED or ROW_TOO_LARGE rather than change. Row keys
/// differ by more than any collation forgives.
public record Sample(Table table, List<Row> rows, List<Row> refused) {
    public Sample {
        rows = List.copyOf(rows);
        refused = List.copyOf(refused);
    }

    public Sample(Table table, List<Row> rows) {
        this(table, rows, List.of());
    }

    @Override
    public String toString() {
        return table.name() + " (" + rows.size() + " rows)";
    }
}
