package ferry.engine.filter;

import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TextDecoder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One layout of a table in the log for whoever sees only what moves of it: the layout with the
/// target's column names, and of logged changes those that are changes of what is seen. A table's
/// layout in the log may be another one than now.
public final class LoggedTable {
    private final Table layout;
    private final Optional<RowFilter> filter;

    /// The places of what moves of a row; empty if everything does.
    private final Optional<int[]> places;

    private LoggedTable(Table layout, Optional<RowFilter> filter, Optional<int[]> places) {
        this.layout = layout;
        this.filter = filter;
        this.places = places;
    }

    /// Throws a problem of the table if its mapping does not fit the layout.
    public static LoggedTable of(TableMapping mapping, Table layout, TextDecoder decoder) {
        var filter =
                mapping.view(layout)
                        .where()
                        .map(condition -> RowFilter.of(condition, layout, decoder));
        var named = mapping.inLog(layout);
        return new LoggedTable(
                named,
                filter,
                mapping.columns().isEmpty() ? Optional.empty() : Optional.of(places(named)));
    }

    private static int[] places(Table named) {
        var columns = named.carried();
        return IntStream.range(0, columns.size())
                .filter(place -> !columns.get(place).name().isEmpty())
                .toArray();
    }

    /// The layout of the rows of [#moved]: every logged value at its place, under the name that its
    /// column has in the target; one that does not move has none.
    public Table layout() {
        return layout;
    }

    /// What these logged changes change of what is seen.
    public List<Change> moved(List<Change> changes) {
        var moved = filter.map(rows -> rows.moved(changes)).orElse(changes);
        return places.isEmpty()
                ? moved
                : moved.stream().filter(change -> isSeen(change, places.get())).toList();
    }

    /// False for an update of what is not seen.
    private static boolean isSeen(Change change, int[] places) {
        if (change instanceof Change.Update(Row before, Row after)) {
            for (var place : places) {
                if (!before.sameValue(place, after, place)) {
                    return true;
                }
            }
            return false;
        }
        return true;
    }
}
