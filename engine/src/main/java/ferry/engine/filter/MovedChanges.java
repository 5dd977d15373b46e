package ferry.engine.filter;

import ferry.engine.model.Change;
import ferry.engine.model.Table;
import ferry.engine.model.TextDecoder;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The logged changes of one table as they are for whoever sees only the rows that move. A table's
/// layout in the log may be another one than now. For one thread.
public final class MovedChanges {
    private final TableMapping mapping;
    private final TextDecoder decoder;
    private final Map<Table, Optional<RowFilter>> byLayout = new IdentityHashMap<>();

    public MovedChanges(TableMapping mapping, TextDecoder decoder) {
        this.mapping = mapping;
        this.decoder = decoder;
    }

    /// The changes, rows of this layout. Throws a problem of the table if its condition does not
    /// fit the layout.
    public List<Change> of(Table layout, List<Change> changes) {
        if (mapping.where().isEmpty()) {
            return changes;
        }
        return byLayout.computeIfAbsent(layout, this::filter)
                .map(filter -> filter.moved(changes))
                .orElse(changes);
    }

    private Optional<RowFilter> filter(Table layout) {
        return mapping.view(layout)
                .where()
                .map(condition -> RowFilter.of(condition, layout, decoder));
    }
}
