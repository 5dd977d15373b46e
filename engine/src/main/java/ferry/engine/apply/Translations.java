package ferry.engine.apply;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.Table;
import java.util.IdentityHashMap;
import java.util.Map;

/// Row translations by the layout that stands in the log, made once per layout. Thrown away when a
/// table's definitions change.
final class Translations {
    private final Ends ends;
    private final Map<Table, RowTranslation> byLayout = new IdentityHashMap<>();

    Translations(Ends ends) {
        this.ends = ends;
    }

    RowTranslation of(Table layout, TableMark mark) {
        return byLayout.computeIfAbsent(
                layout, table -> ends.targetDialect().translation(table, mark.targetTable()));
    }
}
