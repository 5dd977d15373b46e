package ferry.engine.pipeline;

import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.verify.TableReport;
import java.time.Instant;
import java.util.List;

/// What verification proved. Grade POSITION: every table was equal at its own position between
/// `from` and `to`. Grade STANDSTILL: besides, the source's log holds no transaction that concerns
/// the tables from before the first comparison to after the last, so all were equal at one
/// position. `refusedKeys` are keys of the source that the target refused: the rows may be equal,
/// the definitions are not.
public record Certificate(
        String project,
        String source,
        String target,
        Instant issued,
        Grade grade,
        String sourcePosition,
        List<TableReport> tables,
        List<RefusedKey> refusedKeys) {
    /// How strong the statement is.
    public enum Grade {
        POSITION,
        STANDSTILL
    }

    public Certificate {
        tables = List.copyOf(tables);
        refusedKeys = List.copyOf(refusedKeys);
    }

    public boolean equal() {
        return tables.stream().allMatch(TableReport::equal);
    }

    public long differences() {
        return tables.stream().mapToLong(table -> table.differences().size()).sum();
    }
}
