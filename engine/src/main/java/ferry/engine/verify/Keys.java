package ferry.engine.verify;

import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.Arrays;

/// Row keys at both ends. Verification names a row by the *target's form* of the *source's* row
/// key, because there both ends meet.
final class Keys {
    private Keys() {}

    /// The places of the columns of `keyOf`'s row key inside rows of `table`; all places for a
    /// table without a key.
    static int[] between(Table table, Table keyOf) {
        return keyOf.rowKey().orElseThrow().parts().stream()
                .mapToInt(part -> table.indexOf(part.column()))
                .toArray();
    }

    /// The target's form of a source key, by translating a row that holds nothing else.
    static Row translate(Row sourceKey, Table source, Table target, RowTranslation translation) {
        if (translation == RowTranslation.SAME) {
            return sourceKey;
        }
        var indexes = source.rowKeyIndexes();
        var values = new int[source.carried().size()];
        Arrays.fill(values, -1);
        for (var i = 0; i < indexes.length; i++) {
            values[indexes[i]] = i;
        }
        return translation.translate(rowOf(sourceKey, values)).project(between(target, source));
    }

    /// The source's form of a key in the target's form.
    static Row translateBack(Row key, Table source, Table target, RowTranslation back) {
        if (back == RowTranslation.SAME) {
            return key;
        }
        var indexes = between(target, source);
        var values = new int[target.carried().size()];
        Arrays.fill(values, -1);
        for (var i = 0; i < indexes.length; i++) {
            values[indexes[i]] = i;
        }
        return back.translate(rowOf(key, values)).project(source.rowKeyIndexes());
    }

    private static Row rowOf(Row key, int[] values) {
        var row = new Row.Builder(values.length);
        for (var value : values) {
            if (value < 0) {
                row.addAbsent();
            } else {
                row.add(key, value);
            }
        }
        return row.build();
    }
}
