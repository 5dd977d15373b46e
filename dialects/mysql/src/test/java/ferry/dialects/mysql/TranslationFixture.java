package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.List;

/// Tables of few columns, to translate between.
final class TranslationFixture {
    private TranslationFixture() {}

    static Table table(Object... namesAndTypes) {
        var columns = new java.util.ArrayList<Column>();
        for (var i = 0; i < namesAndTypes.length; i += 2) {
            var type = (DataType) namesAndTypes[i + 1];
            columns.add(Column.of((String) namesAndTypes[i], type, type.toString(), true));
        }
        return Table.of(new TableName("d", "t"), columns, List.of());
    }

    static DataType text(String charset) {
        return new DataType.Text(charset, charset + "_bin", 20, false);
    }

    static Row text(String charset, String value) {
        return MySqlTranslation.of(table("v", text("utf8mb4")), table("v", text(charset)))
                .translate(Row.ofText(value));
    }
}
