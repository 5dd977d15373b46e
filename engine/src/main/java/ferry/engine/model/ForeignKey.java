package ferry.engine.model;

import java.util.List;
import java.util.function.UnaryOperator;

/// A foreign key: `columns` of this table refer to `parentColumns` of `parent`; the rules are SQL
/// words (`CASCADE`, `NO ACTION`, …).
public record ForeignKey(
        String name,
        List<String> columns,
        TableName parent,
        List<String> parentColumns,
        String onDelete,
        String onUpdate) {
    public ForeignKey {
        columns = List.copyOf(columns);
        parentColumns = List.copyOf(parentColumns);
    }

    /// The same over columns of other names; those of the parent stay.
    public ForeignKey withColumnNames(UnaryOperator<String> names) {
        return new ForeignKey(
                name,
                columns.stream().map(names).toList(),
                parent,
                parentColumns,
                onDelete,
                onUpdate);
    }

    public ForeignKey withParentColumns(List<String> names) {
        return new ForeignKey(name, columns, parent, names, onDelete, onUpdate);
    }

    /// True when a change of the parent changes rows of this table by itself.
    public boolean cascades() {
        return acts(onDelete) || acts(onUpdate);
    }

    private static boolean acts(String rule) {
        return rule.equals("CASCADE") || rule.equals("SET NULL") || rule.equals("SET DEFAULT");
    }
}
