package ferry.engine.apply;

import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.model.TableName;
import java.util.List;
import java.util.Set;

/// What apply hands over at a barrier: everything before is committed, nothing after has begun.
/// Both must be harmless to repeat.
public interface Barriers {
    /// The windows of these tables are over: builds what was left for later and marks them EXACT;
    /// behind the last one also the foreign keys of all, those that an earlier process owed too.
    void windowsEnd(Lane lane, List<TableMark> tables);

    /// A schema change: follows it on the tables it concerns, or marks them for a new load. Tables
    /// in `seen` were loaded after it and are not concerned. Leaves `after` as the lane's
    /// checkpoint if anything was concerned.
    void schemaChange(
            Lane lane, LogRecord.SchemaChange change, Set<TableName> seen, Checkpoint after);
}
