package ferry.engine.filter;

import ferry.engine.model.TableName;
import java.util.Optional;

/// One line of a project's object rules: `database.pattern` or `database.pattern=database.table`.
/// The database stands for itself; the pattern may hold `*`, `?`, `[set]` and `[!set]`. A name with
/// other signs (a dot, a space, a star that is meant) stands in backticks, a backtick in it
/// doubled.
public record ObjectRule(
        String text, String database, NamePattern table, Optional<TableName> target) {

    /// Throws IllegalArgumentException with a sentence for the operator.
    public static ObjectRule parse(String text) {
        var sides = RuleText.of(text).split('=');
        if (sides.size() > 2) {
            throw new IllegalArgumentException("'" + text + "' has more than one '='");
        }
        var source = sides.getFirst().databaseAndTable();
        return new ObjectRule(
                text,
                source.get(0).literal("the database"),
                NamePattern.of(source.get(1)),
                sides.size() == 2 ? Optional.of(sides.get(1).tableName()) : Optional.empty());
    }

    public boolean matches(TableName name) {
        return database.equals(name.database()) && table.matches(name.table());
    }

    @Override
    public String toString() {
        return text;
    }
}
