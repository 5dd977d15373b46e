package ferry.engine.filter;

import ferry.engine.model.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the object rules make of a source's tables: each selected table with what moves of it,
/// sorted. `conflicts` (two tables with one name in the target) and `unclear` tables (with two row
/// conditions or two choices of columns) forbid a start; `idle` rules (which select nothing) are
/// worth a warning. All are sentences for the operator.
public record Selection(
        SortedMap<TableName, TableMapping> mappings,
        List<String> conflicts,
        List<String> unclear,
        List<String> idle) {
    public Selection {
        mappings = Collections.unmodifiableSortedMap(new TreeMap<>(mappings));
        conflicts = List.copyOf(conflicts);
        unclear = List.copyOf(unclear);
        idle = List.copyOf(idle);
    }

    /// Each selected table with its name in the target.
    public SortedMap<TableName, TableName> names() {
        var names = new TreeMap<TableName, TableName>();
        mappings.forEach((table, mapping) -> names.put(table, mapping.target()));
        return Collections.unmodifiableSortedMap(names);
    }
}
