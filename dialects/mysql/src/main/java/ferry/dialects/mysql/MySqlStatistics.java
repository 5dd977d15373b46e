package ferry.dialects.mysql;

import ferry.engine.model.TableName;
import java.util.List;
import java.util.Locale;

/// The statements that make a server look at a loaded table for its statistics.
///
/// InnoDB's ANALYZE TABLE looks at a few pages. OceanBase's reads every row and makes a histogram
/// of every column: behind a load of 2,000,000 rows that took as long as the load. Its package
/// `dbms_stats` takes a sample, which ordinary accounts may call too; without it (MySQL mode of
/// OceanBase 3) ANALYZE TABLE is left.
final class MySqlStatistics {
    private static final double SAMPLED_ROWS = 10_000;
    private static final double LEAST_PERCENT = 0.01;

    private MySqlStatistics() {}

    /// The one to try first, and the next where the server refuses it.
    static List<String> statements(MySqlVersion version, TableName table, long rows) {
        if (version.isOceanBase()) {
            return List.of(sample(table, rows), "ANALYZE TABLE " + MySqlSql.quote(table));
        }
        // Not written to the target's log: its replicas count changes and gather statistics by
        // themselves, and a statement there could stop them behind a long query.
        return List.of("ANALYZE NO_WRITE_TO_BINLOG TABLE " + MySqlSql.quote(table));
    }

    private static String sample(TableName table, long rows) {
        return String.format(
                Locale.ROOT,
                "CALL dbms_stats.gather_table_stats(%s, %s, NULL, %.2f, FALSE, 'FOR ALL COLUMNS SIZE 1')",
                MySqlSql.literal(table.database()),
                MySqlSql.literal(table.table()),
                Math.clamp(100 * SAMPLED_ROWS / Math.max(rows, 1), LEAST_PERCENT, 100));
    }
}
