package ferry.engine.filter;

import ferry.engine.model.TableName;

/// The condition that rows of some tables must meet to move: `shop.orders: amount > 100`, or for
/// several tables `shop.orders_*: …`.
public record RowRule(ObjectRule tables, String condition) {
    public RowRule {
        if (tables.target().isPresent()) {
            throw new IllegalArgumentException(
                    "the row condition of '" + tables + "' names a target; write its tables alone");
        }
    }

    /// Throws IllegalArgumentException with a sentence for the operator. Whether the condition fits
    /// a table is found out with the table ([TableMapping#view]).
    public static RowRule parse(String tables, String condition) {
        ConditionReader.requireSyntax(condition);
        return new RowRule(ObjectRule.parse(tables), condition);
    }

    boolean matches(TableName table) {
        return tables.matches(table);
    }

    @Override
    public String toString() {
        return tables + ": " + condition;
    }
}
