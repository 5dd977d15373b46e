package ferry.engine.schema;

import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import java.util.List;
import java.util.Optional;

/// Whether rows that a source holds side by side fit beside each other in a target table that was
/// there before. Into a table with several unique keys rows are written by REPLACE, so two rows
/// that only the target takes for equal would become one without a word (correctness.md §2, §8).
final class KeyFit {
    private KeyFit() {}

    /// The unique keys of the target that the source's keys do not imply.
    static List<Key> unfit(Table source, Table target) {
        return target.keys().stream()
                .filter(key -> key.kind().unique())
                .filter(key ->
                        source.keys().stream()
                                .filter(other -> other.kind().unique())
                                .noneMatch(other -> implies(source, other, target, key)))
                .toList();
    }

    /// Rows that differ in some of a key's columns differ in the key.
    private static boolean implies(Table source, Key known, Table target, Key wanted) {
        return known.parts().stream()
                .allMatch(part ->
                        part.whole()
                                && wanted.parts().stream()
                                        .filter(Key.Part::whole)
                                        .anyMatch(
                                                other -> sameValues(source, part, target, other)));
    }

    private static boolean sameValues(Table source, Key.Part part, Table target, Key.Part other) {
        return part.column().equalsIgnoreCase(other.column())
                && comparison(source, part).equals(comparison(target, other));
    }

    /// What decides whether two values of a column are equal.
    private static Optional<Object> comparison(Table table, Key.Part part) {
        return table.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(part.column()))
                .findFirst()
                .map(column ->
                        switch (column.type()) {
                            case DataType.Text text -> text.collation();
                            case DataType.Enumeration text -> text.collation();
                            case DataType.Members text -> text.collation();
                            case DataType.Int _ -> "whole number";
                            default -> column.type();
                        });
    }
}
