package ferry.engine.config;

import java.util.List;

/// The settings that say what becomes of rows that are in the way, and of tables and rows that
/// fail.
public final class ErrorSettings {
    /// What becomes of rows that a target table holds before its load.
    public enum ExistingRows {
        /// They are in the way: the project stops before it writes.
        STOP,
        /// They stay: a row of the source that meets one of them is not loaded.
        IGNORE
    }

    public static final Setting<ExistingRows> LOAD_EXISTING =
            Setting.choice(
                    "load.existing",
                    ExistingRows.STOP,
                    "What becomes of rows that a target table holds before its load. stop: the project stops before it writes. ignore: they stay, and a row of the source that has one of their keys is not loaded; later changes of the source are written whole by key (docs/existing-rows.md).");

    /// What becomes of the project when one table fails for good.
    public enum TableErrors {
        /// It stops.
        STOP,
        /// The table is set aside, and the others go on.
        ASIDE
    }

    public static final Setting<TableErrors> TABLE_ERRORS =
            Setting.choice(
                    "table.errors",
                    TableErrors.STOP,
                    "What happens when the load or the changes of one table fail for good. stop: the project stops. aside: the table is set aside and the others go on; 'ferry reload' has it loaded again (docs/failures.md).");
    public static final Setting<Long> TABLE_ERRORS_LIMIT =
            Setting.count(
                    "table.errors.limit",
                    10,
                    1,
                    100_000,
                    "Tables that are set aside at the most; the next one that fails stops the project.");

    /// What becomes of a change that the target refuses.
    public enum RowErrors {
        /// The project stops before it.
        STOP,
        /// It is recorded and left out.
        RECORD
    }

    public static final Setting<RowErrors> APPLY_ROW_ERRORS =
            Setting.choice(
                    "apply.row.errors",
                    RowErrors.STOP,
                    "What happens when the target refuses the change of a row for good: it finds no row, or one too many, or a value does not fit. stop: the project stops. record: the change is recorded in the target and left out; 'ferry errors' lists, retries and drops (docs/failures.md). It does not hold for tables without a key.");
    public static final Setting<Long> APPLY_ROW_ERRORS_LIMIT =
            Setting.count(
                    "apply.row.errors.limit",
                    1_000,
                    1,
                    1_000_000,
                    "Rows whose changes are recorded so at the most; the next one stops the project.");

    /// In the order of `docs/settings.md`.
    static final List<Setting<?>> ALL =
            List.of(
                    LOAD_EXISTING,
                    TABLE_ERRORS,
                    TABLE_ERRORS_LIMIT,
                    APPLY_ROW_ERRORS,
                    APPLY_ROW_ERRORS_LIMIT);

    private ErrorSettings() {}
}
