package ferry.engine.filter;

import ferry.engine.model.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the object rules make of a source's tables: each selected table with its name in the
/// target, sorted. `conflicts` (two tables with one name in the target) forbid a start; `idle`
/// rules (which select nothing) are worth a warning. Both are sentences for the operator.
public record Selection(
        SortedMap<TableName, TableName> names, List<String> conflicts, List<String> idle) {
    public Selection {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
        conflicts = List.copyOf(conflicts);
        idle = List.copyOf(idle);
    }
}
