package ferry.engine.schema;

import ferry.engine.model.Column;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How a table that is there already differs from the one that is wanted, and what that means for
/// rows of the wanted one. The differences are sentences for the operator, the gravest first.
public record TableFit(Verdict verdict, List<String> differences) {
    /// From harmless to grave.
    public enum Verdict {
        /// As Ferry would make it.
        SAME,
        /// Takes every row, and more.
        WIDER,
        /// Takes the rows, but compares, orders or computes them in another way.
        DIFFERENT,
        /// May refuse rows, or change values.
        NARROWER
    }

    private record Difference(Verdict verdict, String what) {}

    public TableFit {
        differences = List.copyOf(differences);
    }

    /// `wanted` is the table as the target would have it in the end, `existing` the one that is
    /// there.
    public static TableFit of(Table wanted, Table existing) {
        var found = new ArrayList<Difference>();
        columns(wanted, existing, found);
        rowKey(wanted, existing, found);
        keys(wanted, existing, found);
        foreignKeys(wanted, existing, found);
        found.sort((one, other) -> other.verdict().compareTo(one.verdict()));
        return new TableFit(
                found.isEmpty() ? Verdict.SAME : found.getFirst().verdict(),
                found.stream().map(Difference::what).toList());
    }

    private static void columns(Table wanted, Table existing, List<Difference> found) {
        for (var column : wanted.columns()) {
            var other = named(existing, column.name());
            if (other.isEmpty()) {
                found.add(
                        column.carried()
                                ? new Difference(
                                        Verdict.NARROWER, "column " + column.name() + " is missing")
                                : new Difference(
                                        Verdict.DIFFERENT,
                                        "generated column " + column.name() + " is missing"));
            } else {
                compare(column, other.orElseThrow(), found);
            }
        }
        for (var column : existing.columns()) {
            if (named(wanted, column.name()).isEmpty()) {
                found.add(
                        needsValue(column)
                                ? new Difference(
                                        Verdict.NARROWER,
                                        "column "
                                                + column.name()
                                                + " is not of the source, and needs a value")
                                : new Difference(
                                        Verdict.WIDER,
                                        "column " + column.name() + " is not of the source"));
            }
        }
    }

    private static boolean needsValue(Column column) {
        return column.carried()
                && !column.nullable()
                && column.defaultSql().isEmpty()
                && !column.autoIncrement();
    }

    private static Optional<Column> named(Table table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private static void compare(Column wanted, Column existing, List<Difference> found) {
        var name = "column " + wanted.name();
        if (wanted.carried() != existing.carried()) {
            found.add(
                    new Difference(
                            wanted.carried() ? Verdict.NARROWER : Verdict.DIFFERENT,
                            name + " is " + (wanted.carried() ? "" : "not ") + "generated here"));
            return;
        }
        var type = TypeFit.of(wanted.type(), existing.type());
        if (type != Verdict.SAME) {
            found.add(
                    new Difference(
                            type,
                            "%s is %s here, %s is wanted"
                                    .formatted(name, existing.nativeType(), wanted.nativeType())));
        }
        if (wanted.nullable() != existing.nullable()) {
            found.add(
                    wanted.nullable()
                            ? new Difference(Verdict.NARROWER, name + " does not take NULL here")
                            : new Difference(Verdict.WIDER, name + " takes NULL here"));
        }
        if (!wanted.defaultSql().equals(existing.defaultSql())
                || !wanted.onUpdateSql().equals(existing.onUpdateSql())
                || wanted.autoIncrement() != existing.autoIncrement()) {
            found.add(
                    new Difference(
                            Verdict.DIFFERENT,
                            "%s has %s here, %s is wanted"
                                    .formatted(name, value(existing), value(wanted))));
        }
    }

    private static String value(Column column) {
        return column.autoIncrement()
                ? "a counter"
                : column.defaultSql().map(sql -> "default " + sql).orElse("no default")
                        + column.onUpdateSql().map(sql -> " on update " + sql).orElse("");
    }

    private static void rowKey(Table wanted, Table existing, List<Difference> found) {
        var key = wanted.rowKey().map(TableFit::columnsOf);
        var other = existing.rowKey().map(TableFit::columnsOf);
        if (key.isPresent() && other.isEmpty()) {
            found.add(
                    new Difference(
                            Verdict.DIFFERENT,
                            "no key addresses its rows; wanted is one over " + key.get()));
        }
    }

    private static void keys(Table wanted, Table existing, List<Difference> found) {
        for (var key : KeyFit.unfit(wanted, existing)) {
            found.add(
                    new Difference(
                            Verdict.NARROWER,
                            "unique key "
                                    + key.name()
                                    + " over "
                                    + columnsOf(key)
                                    + " is not implied by the source's keys"));
        }
        for (var key : wanted.keys()) {
            if (existing.keys().stream().noneMatch(other -> same(key, other))) {
                found.add(
                        new Difference(
                                key.kind().unique() ? Verdict.WIDER : Verdict.DIFFERENT,
                                "%s over %s is missing".formatted(told(key), columnsOf(key))));
            }
        }
    }

    private static boolean same(Key one, Key other) {
        return one.kind() == other.kind() && columnsOf(one).equals(columnsOf(other));
    }

    private static String told(Key key) {
        return key.kind() == Key.Kind.PRIMARY
                ? "the primary key"
                : (key.kind() == Key.Kind.UNIQUE ? "unique key " : "key ") + key.name();
    }

    private static String columnsOf(Key key) {
        return key.parts().stream()
                .map(part ->
                        part.expression()
                                .orElseGet(() ->
                                        part.column().toLowerCase(Locale.ROOT)
                                                + (part.prefixLength() > 0
                                                        ? "(" + part.prefixLength() + ")"
                                                        : "")))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static void foreignKeys(Table wanted, Table existing, List<Difference> found) {
        Function<ForeignKey, String> columns =
                key -> key.columns() + " -> " + key.parent() + key.parentColumns();
        var there = existing.foreignKeys().stream().map(columns).toList();
        var asked = wanted.foreignKeys().stream().map(columns).toList();
        wanted.foreignKeys().stream()
                .filter(key -> !there.contains(columns.apply(key)))
                .forEach(key ->
                        found.add(
                                new Difference(
                                        Verdict.WIDER,
                                        "foreign key " + key.name() + " is missing")));
        existing.foreignKeys().stream()
                .filter(key -> !asked.contains(columns.apply(key)))
                .forEach(key ->
                        found.add(
                                new Difference(
                                        Verdict.NARROWER,
                                        "foreign key "
                                                + key.name()
                                                + " is not one of the source")));
    }
}
