package ferry.engine.apply;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.filter.MovedChanges;
import ferry.engine.model.Change;
import ferry.engine.model.Table;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// How rows of a layout that stands in the log come to the target, and what they may meet there;
/// made once per layout. Thrown away when a table's definitions change.
final class Routes {
    private final Ends ends;
    private final Map<Table, Route> byLayout = new IdentityHashMap<>();

    /// `moved` makes of logged changes those of the rows that move.
    record Route(
            Table target,
            RowTranslation translation,
            ConflictKeys keys,
            UnaryOperator<List<Change>> moved) {}

    Routes(Ends ends) {
        this.ends = ends;
    }

    Route of(Table layout, TableMark mark) {
        return byLayout.computeIfAbsent(
                layout,
                source -> {
                    var target = mark.targetTable();
                    return new Route(
                            target,
                            ends.targetDialect().translation(source, target),
                            ConflictKeys.of(ends.targetDialect()::uniqueForm, source, target),
                            moved(source, mark));
                });
    }

    private UnaryOperator<List<Change>> moved(Table layout, TableMark mark) {
        if (!ends.rules().keeps(Rule.LOG_MEETS_CONDITION)) {
            return UnaryOperator.identity();
        }
        var moved = new MovedChanges(mark.mapping(), ends.sourceDialect().textDecoder());
        return changes -> moved.of(layout, changes);
    }
}
