package ferry.engine.dialect;

import ferry.engine.model.Table;
import java.util.List;
import java.util.Map;

/// What a precheck needs to know about the project: the selected source tables with the definitions
/// read from the source (empty when the source could not be reached), their names in the target,
/// whether the log will be read, whether Ferry creates the schema, whether this project meets rows
/// in the target that are right there (a resumed one its own, one that loads nothing those that it
/// is to keep up to date), whether its change log has begun, so that what the source prepared since
/// is in it, and what is expected of the load.
public record PrecheckRequest(
        List<Mapped> tables,
        boolean readsLog,
        boolean createsSchema,
        boolean resumed,
        boolean logBegun,
        Map<String, String> sourceFacts,
        Outlook outlook) {
    public PrecheckRequest {
        tables = List.copyOf(tables);
        sourceFacts = Map.copyOf(sourceFacts);
    }

    /// A request whose change log has not begun, and of which nothing is expected.
    public PrecheckRequest(
            List<Mapped> tables,
            boolean readsLog,
            boolean createsSchema,
            boolean resumed,
            Map<String, String> sourceFacts) {
        this(tables, readsLog, createsSchema, resumed, false, sourceFacts, Outlook.NOTHING);
    }

    /// A source table and the name it gets in the target.
    public record Mapped(Table source, ferry.engine.model.TableName target) {}
}
