package ferry.engine.filter;

import ferry.engine.model.TableName;
import java.util.Optional;

/// Another name in the target, for one table (`shop.orders` → `store.orders`) or a whole database
/// (`shop.*` → `store.*`).
public sealed interface Rename {
    /// What it makes of a table's name; empty for a table that it does not concern.
    Optional<TableName> target(TableName table);

    record OfTable(TableName from, TableName to) implements Rename {
        @Override
        public Optional<TableName> target(TableName table) {
            return from.equals(table) ? Optional.of(to) : Optional.empty();
        }

        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    record OfDatabase(String from, String to) implements Rename {
        @Override
        public Optional<TableName> target(TableName table) {
            return from.equals(table.database())
                    ? Optional.of(new TableName(to, table.table()))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return from + ".* -> " + to + ".*";
        }
    }

    /// Throws IllegalArgumentException with a sentence for the operator.
    static Rename parse(String from, String to) {
        var source = RuleText.of(from).databaseAndTable();
        var target = RuleText.of(to).databaseAndTable();
        var wholeDatabase = source.get(1).isStar();
        if (wholeDatabase != target.get(1).isStar()) {
            throw new IllegalArgumentException(
                    "'%s: %s' mixes a table with a whole database; write 'shop.*: store.*' or 'shop.a: store.b'"
                            .formatted(from, to));
        }
        return wholeDatabase
                ? new OfDatabase(
                        source.get(0).literal("the database"),
                        target.get(0).literal("the database"))
                : new OfTable(RuleText.of(from).tableName(), RuleText.of(to).tableName());
    }
}
