package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.filter.LoggedTable;
import ferry.engine.model.Table;
import java.util.IdentityHashMap;
import java.util.Map;

/// How logged rows of one table come into the target's form, by the layout that they have in the
/// log. For one thread.
final class LoggedForms {
    private final Ends ends;
    private final TableMark mark;
    private final Map<Table, Form> byLayout = new IdentityHashMap<>();

    record Form(LoggedTable logged, RowTranslation translation) {}

    LoggedForms(Ends ends, TableMark mark) {
        this.ends = ends;
        this.mark = mark;
    }

    /// Throws a problem of the table if its mapping does not fit the layout.
    Form of(Table layout) {
        return byLayout.computeIfAbsent(
                layout,
                _ -> {
                    var logged =
                            LoggedTable.of(
                                    mark.mapping(), layout, ends.sourceDialect().textDecoder());
                    return new Form(
                            logged,
                            ends.targetDialect().translation(logged.layout(), mark.targetTable()));
                });
    }
}
