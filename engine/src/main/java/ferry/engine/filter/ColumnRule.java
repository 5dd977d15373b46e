package ferry.engine.filter;

import ferry.engine.model.TableName;

/// The columns of some tables that move, and their names in the target: `shop.users: *, -password`,
/// or for several tables `shop.users_*: …`.
public record ColumnRule(ObjectRule tables, ColumnChoice columns) {
    public ColumnRule {
        if (tables.target().isPresent()) {
            throw new IllegalArgumentException(
                    "the columns of '" + tables + "' name a target; write its tables alone");
        }
    }

    /// Throws IllegalArgumentException with a sentence for the operator. Whether the choice fits a
    /// table is found out with the table ([TableMapping#view]).
    public static ColumnRule parse(String tables, String columns) {
        return new ColumnRule(ObjectRule.parse(tables), ColumnChoice.parse(columns));
    }

    boolean matches(TableName table) {
        return tables.matches(table);
    }

    @Override
    public String toString() {
        return tables + ": " + columns;
    }
}
