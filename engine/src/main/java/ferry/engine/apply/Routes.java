package ferry.engine.apply;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.filter.LoggedTable;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Table;
import java.util.IdentityHashMap;
import java.util.Map;

/// How rows of a layout that stands in the log come to the target, and what they may meet there;
/// made once per layout. Thrown away when a table's definitions change.
final class Routes {
    private final Ends ends;
    private final Map<Table, Route> byLayout = new IdentityHashMap<>();

    record Route(LoggedTable logged, Table target, RowTranslation translation, ConflictKeys keys) {}

    Routes(Ends ends) {
        this.ends = ends;
    }

    Route of(Table layout, TableMark mark) {
        return byLayout.computeIfAbsent(
                layout,
                _ -> {
                    var logged = logged(layout, mark.mapping());
                    var source = logged.layout();
                    var target = mark.targetTable();
                    return new Route(
                            logged,
                            target,
                            ends.targetDialect().translation(source, target),
                            ConflictKeys.of(ends.targetDialect()::uniqueForm, source, target));
                });
    }

    private LoggedTable logged(Table layout, TableMapping mapping) {
        var seen =
                new TableMapping(
                        mapping.source(),
                        mapping.target(),
                        mapping.where().filter(_ -> ends.rules().keeps(Rule.LOG_MEETS_CONDITION)),
                        mapping.columns().filter(_ -> ends.rules().keeps(Rule.LOG_SEES_COLUMNS)));
        return LoggedTable.of(seen, layout, ends.sourceDialect().textDecoder());
    }
}
