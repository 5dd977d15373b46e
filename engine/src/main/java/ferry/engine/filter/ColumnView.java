package ferry.engine.filter;

import ferry.engine.model.Column;
import ferry.engine.model.Condition;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What of a table is seen where only some of its columns move, some of them under other names.
///
/// SQL texts are not rewritten: what is computed from a column that does not move, or moves under
/// another name, is left out (generated columns, checks, keys over expressions, partitions,
/// defaults). A key goes with its columns, but for the key that addresses rows, whose columns must
/// move.
final class ColumnView {
    private final Table whole;
    private final Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /// In lower case: those that SQL texts would no longer find.
    private final Set<String> changed = new HashSet<>();

    private ColumnView(ColumnChoice choice, Table whole) {
        this.whole = whole;
        for (var column : whole.columns()) {
            var name = choice.nameOf(column.name());
            name.ifPresent(known -> names.put(column.name(), known));
            if (!name.equals(Optional.of(column.name()))) {
                changed.add(SqlWords.lower(column.name()));
            }
        }
        while (leaveOutComputed()) {
            // One column may be computed from another computed one, before or behind it.
        }
    }

    private boolean leaveOutComputed() {
        var found = false;
        for (var column : columns()) {
            if (column.generatedSql().filter(this::names).isPresent()) {
                names.remove(column.name());
                changed.add(SqlWords.lower(column.name()));
                found = true;
            }
        }
        return found;
    }

    /// The table as it is seen. Throws IllegalArgumentException with a sentence for the operator if
    /// the choice does not fit it.
    static Table of(ColumnChoice choice, Table whole, Optional<Condition> where) {
        var view = new ColumnView(choice, whole);
        view.requireFit();
        var columns = view.columns();
        return new Table(
                        whole.name(),
                        columns.stream().map(view::seen).toList(),
                        view.keys(),
                        view.foreignKeys(),
                        view.options(),
                        whole.partitioning().filter(text -> !view.names(text)))
                .asViewOf(whole, columns.stream().map(Column::name).toList(), where);
    }

    /// The layout of a logged table with the names of the target: rows keep all their values, and
    /// those that do not move have no name, so that no column of the target takes them.
    static Table inLog(ColumnChoice choice, Table layout) {
        var view = new ColumnView(choice, layout);
        view.requireFit();
        return Table.of(
                layout.name(),
                layout.columns().stream()
                        .map(column -> column.withName(view.names.getOrDefault(column.name(), "")))
                        .toList(),
                layout.rowKey().stream().map(key -> key.withColumnNames(view.names::get)).toList());
    }

    private void requireFit() {
        if (columns().stream().noneMatch(Column::carried)) {
            throw new IllegalArgumentException("none of its columns moves");
        }
        for (var part : whole.rowKey().map(Key::parts).orElse(List.of())) {
            if (!names.containsKey(part.column())) {
                throw new IllegalArgumentException(
                        "its column %s must move, because rows are found by it"
                                .formatted(part.column()));
            }
        }
        var taken = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        names.forEach((own, name) -> {
            var other = taken.put(name, own);
            if (other != null) {
                throw new IllegalArgumentException(
                        "its columns %s and %s would both become %s".formatted(other, own, name));
            }
        });
    }

    private List<Column> columns() {
        return whole.columns().stream().filter(column -> names.containsKey(column.name())).toList();
    }

    private Column seen(Column column) {
        var computed = column.defaultSql().filter(sql -> sql.indexOf('(') >= 0 && names(sql));
        return (computed.isPresent() ? column.withoutDefault() : column)
                .withName(names.get(column.name()));
    }

    private List<Key> keys() {
        return whole.keys().stream()
                .filter(key -> key.parts().stream().allMatch(this::isSeen))
                .map(key -> key.withColumnNames(names::get))
                .toList();
    }

    private boolean isSeen(Key.Part part) {
        return part.expression().isPresent()
                ? !names(part.expression().get())
                : names.containsKey(part.column());
    }

    private List<ForeignKey> foreignKeys() {
        return whole.foreignKeys().stream()
                .filter(key -> key.columns().stream().allMatch(names::containsKey))
                .map(key -> key.withColumnNames(names::get))
                .toList();
    }

    private Map<String, String> options() {
        return whole.options().entrySet().stream()
                .filter(option -> !isCheck(option.getKey()) || !names(option.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isCheck(String option) {
        return option.startsWith("check ") || option.startsWith("column check ");
    }

    /// True if a text of SQL has the name of a column that it would no longer find. A literal with
    /// such a word counts too: rather one thing too many is left out.
    private boolean names(String sql) {
        return SqlWords.of(sql).stream().anyMatch(changed::contains);
    }

    /// What of the whole table its view has not, though nobody left it out by name, for people.
    static List<String> leftOut(ColumnChoice choice, Table seen) {
        var whole = seen.whole();
        var left = new ArrayList<String>();
        whole.columns().stream()
                .filter(column -> choice.nameOf(column.name()).isPresent())
                .forEach(column ->
                        seen.columns().stream()
                                .filter(other ->
                                        choice.nameOf(column.name()).get().equals(other.name()))
                                .findFirst()
                                .ifPresentOrElse(
                                        other -> {
                                            if (!other.defaultSql().equals(column.defaultSql())) {
                                                left.add("the default of " + column.name());
                                            }
                                        },
                                        () -> left.add("generated column " + column.name())));
        whole.keys().stream()
                .map(Key::name)
                .filter(name -> seen.keys().stream().noneMatch(key -> key.name().equals(name)))
                .forEach(name -> left.add("key " + name));
        whole.foreignKeys().stream()
                .map(ForeignKey::name)
                .filter(name ->
                        seen.foreignKeys().stream().noneMatch(key -> key.name().equals(name)))
                .forEach(name -> left.add("foreign key " + name));
        whole.options().keySet().stream()
                .filter(option -> !seen.options().containsKey(option))
                .sorted()
                .forEach(left::add);
        if (seen.partitioning().isEmpty() && whole.partitioning().isPresent()) {
            left.add("its partitions");
        }
        return left;
    }
}
