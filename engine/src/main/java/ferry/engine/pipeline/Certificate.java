package ferry.engine.pipeline;

import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.model.TableName;
import ferry.engine.verify.TableReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What verification proved. Grade POSITION: every table was equal at its own position between
/// `from` and `to`. Grade STANDSTILL: besides, the source's log holds no transaction that concerns
/// the tables from before the first comparison to after the last, so all were equal at one
/// position. `refusedKeys` are keys of the source that the target refused: the rows may be equal,
/// the definitions are not. `aside` are tables that nothing is known of. `known` counts the
/// differences of a table that are rows whose changes were recorded and left out.
public record Certificate(
        String project,
        String source,
        String target,
        Instant issued,
        Grade grade,
        String sourcePosition,
        List<TableReport> tables,
        List<RefusedKey> refusedKeys,
        List<SetAside> aside,
        Map<TableName, Long> known) {
    /// A table that was not compared, because it was set aside.
    public record SetAside(TableName table, TableName target, String why) {}

    /// How strong the statement is.
    public enum Grade {
        POSITION,
        STANDSTILL
    }

    public Certificate {
        tables = List.copyOf(tables);
        refusedKeys = List.copyOf(refusedKeys);
        aside = List.copyOf(aside);
        known = Map.copyOf(known);
    }

    public boolean equal() {
        return aside.isEmpty() && tables.stream().allMatch(TableReport::equal);
    }

    public long differences() {
        return tables.stream().mapToLong(table -> table.differences().size()).sum();
    }
}
