package ferry.engine.pipeline;

import ferry.engine.capture.Admission;
import ferry.engine.capture.Capture;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Tables that capture was asked to admit and that are not made yet.
final class Admissions {
    /// So many lie between two places of the source's log, because each place costs the source a
    /// look, and some sources an event in the log.
    private static final int TOGETHER = 100;

    /// Others are asked for when fewer than so many are left: what was admitted long before it is
    /// made has a long window, and a long window is more likely to meet DDL.
    private static final int FEW = 50;

    private final Map<TableName, Admission> admissions = new HashMap<>();

    /// Asks for the next of these tables that were not asked for; false if it is not time yet.
    ///
    /// @param tables all that are not made yet
    /// @param layout reads a table's definition now; empty if it is not to be asked for
    boolean request(
            List<TableMark> tables,
            Snapshot snapshot,
            Capture capture,
            Function<TableMark, Optional<Table>> layout) {
        if (admissions.size() >= FEW) {
            return false;
        }
        var wanted =
                tables.stream()
                        .filter(mark -> !admissions.containsKey(mark.name()))
                        .limit(TOGETHER)
                        .toList();
        if (wanted.isEmpty()) {
            return false;
        }
        var before = snapshot.committed();
        var layouts = new LinkedHashMap<TableName, Table>();
        for (var mark : wanted) {
            layout.apply(mark).ifPresent(table -> layouts.put(mark.name(), table));
        }
        var after = snapshot.logEnd();
        layouts.forEach(
                (name, table) -> admissions.put(name, capture.request(table, before, after)));
        return true;
    }

    /// What became of a request; empty for a table that was not asked for.
    Optional<Admission> of(TableName table) {
        return Optional.ofNullable(admissions.get(table));
    }

    /// Forgets a request, whatever became of it.
    void remove(TableName table) {
        admissions.remove(table);
    }
}
