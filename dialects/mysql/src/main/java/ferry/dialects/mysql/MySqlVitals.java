package ferry.dialects.mysql;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Vitals;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// How a server of the family feels, by its status and dictionary. What its flavor does not have,
/// or the account may not see, is unreadable; only a lost connection is a problem.
final class MySqlVitals implements Vitals {
    private final MySqlConnection connection;
    private final CpuShare cpu = new CpuShare();

    private MySqlVitals(MySqlConnection connection) {
        this.connection = connection;
    }

    static MySqlVitals open(Endpoint endpoint, Role role, Settings settings) {
        var millis = settings.get(GovernorSettings.ASK_TIME).toMillis();
        // What OceanBase and the socket give a statement is set when a connection is opened.
        var brief = settings.with(Settings.STATEMENT_TIME, Math.max(1_000, millis) + "ms");
        var connection = MySqlConnection.open(endpoint, role, MySqlSession.Use.PLAIN, brief);
        var version = connection.version();
        var deed = "limit the time of a question";
        if (version.mySql(5, 7, 8)) {
            connection.update(deed, "SET SESSION max_execution_time = " + millis);
        } else if (version.mariaDb(10, 1, 1)) {
            connection.update(deed, "SET SESSION max_statement_time = " + millis / 1000.0);
        }
        return new MySqlVitals(connection);
    }

    @Override
    public Map<Sign, Reading> read(Set<Sign> signs) {
        var readings = new EnumMap<Sign, Reading>(Sign.class);
        for (var sign : signs) {
            readings.put(sign, read(sign));
        }
        return readings;
    }

    private Reading read(Sign sign) {
        try {
            return switch (sign) {
                case THREADS_RUNNING -> threadsRunning();
                case HISTORY_LENGTH -> historyLength();
                case REPLICA_LAG_SECONDS -> replicaLag();
                case LOG_BYTES -> logBytes();
                case LOG_KEPT_SECONDS -> logKept();
                case MEMORY_PERCENT -> memory();
                case CPU_PERCENT -> cpu();
            };
        } catch (SQLException failure) {
            var problem = connection.problem("look at how the server feels", failure);
            if (isLost(problem)) {
                throw problem;
            }
            return Reading.unreadable(problem.problem().why());
        }
    }

    private static boolean isLost(ProblemException problem) {
        return problem.code() == ProblemCode.SOURCE_UNREACHABLE
                || problem.code() == ProblemCode.TARGET_UNREACHABLE;
    }

    private Reading threadsRunning() throws SQLException {
        if (connection.version().isOceanBase()) {
            return number(
                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND <> 'Sleep'",
                    "the process list is empty");
        }
        return status("Threads_running");
    }

    private Reading historyLength() throws SQLException {
        if (connection.version().isOceanBase()) {
            return Reading.unreadable("OceanBase has none");
        }
        if (connection.version().isMariaDb()) {
            return status("Innodb_history_list_length");
        }
        return number(
                "SELECT `COUNT` FROM information_schema.INNODB_METRICS WHERE NAME = 'trx_rseg_history_len' AND STATUS = 'enabled'",
                "the metric trx_rseg_history_len is not enabled");
    }

    private Reading status(String name) throws SQLException {
        for (var row : rows("SHOW GLOBAL STATUS LIKE '" + name + "'")) {
            return Reading.of(Double.parseDouble(row.get(1)));
        }
        return Reading.unreadable("the server has no status " + name);
    }

    /// The channel that is behind most. NULL stands for one that does not run.
    private Reading replicaLag() throws SQLException {
        var version = connection.version();
        if (version.isOceanBase()) {
            return Reading.unreadable("OceanBase has no such replicas");
        }
        var lags = new ArrayList<String>();
        try (var statement = connection.jdbc().createStatement();
                var rows = statement.executeQuery(version.showReplicas())) {
            while (rows.next()) {
                var lag =
                        rows.getString(
                                version.mySql(8, 0, 22)
                                        ? "Seconds_Behind_Source"
                                        : "Seconds_Behind_Master");
                lags.add(lag == null ? "" : lag);
            }
        }
        if (lags.isEmpty()) {
            return Reading.unreadable("it is no replica");
        }
        return lags.contains("")
                ? Reading.unreadable("its replication does not run")
                : Reading.of(lags.stream().mapToDouble(Double::parseDouble).max().orElseThrow());
    }

    private Reading logBytes() throws SQLException {
        if (connection.version().isOceanBase()) {
            return Reading.unreadable("OceanBase has none");
        }
        return Reading.of(
                rows("SHOW BINARY LOGS").stream()
                        .mapToDouble(row -> Double.parseDouble(row.get(1)))
                        .sum());
    }

    private Reading logKept() throws SQLException {
        if (connection.version().isOceanBase()) {
            return Reading.unreadable("OceanBase has none");
        }
        return LogKeeping.byAge(
                        Sql.pairs(connection.jdbc(), "SHOW GLOBAL VARIABLES LIKE '%expire_logs%'"))
                .map(kept -> Reading.of(kept.toSeconds()))
                .orElseGet(() -> Reading.of(Double.POSITIVE_INFINITY));
    }

    /// The fullest server of the tenant.
    private Reading memory() throws SQLException {
        if (!connection.version().isOceanBase()) {
            return Reading.unreadable("only OceanBase has a memstore");
        }
        return number(
                "SELECT MAX(100 * MEMSTORE_USED / MEMSTORE_LIMIT) FROM oceanbase.GV$OB_MEMSTORE WHERE MEMSTORE_LIMIT > 0",
                "the view GV$OB_MEMSTORE is empty");
    }

    private Reading cpu() throws SQLException {
        if (!connection.version().isOceanBase()) {
            return Reading.unreadable("only OceanBase tells it");
        }
        var row =
                rows("""
                SELECT SUM(CASE WHEN STAT_ID = 140013 THEN VALUE END),
                    SUM(CASE WHEN STAT_ID = 140005 THEN VALUE END)
                FROM oceanbase.GV$SYSSTAT
                WHERE STAT_ID IN (140013, 140005)
                """)
                        .getFirst();
        return row.contains(null)
                ? Reading.unreadable("the view GV$SYSSTAT does not tell it")
                : cpu.read(
                        Double.parseDouble(row.get(0)),
                        Double.parseDouble(row.get(1)),
                        System.nanoTime());
    }

    private Reading number(String query, String whyEmpty) throws SQLException {
        return rows(query).stream()
                .map(List::getFirst)
                .filter(Objects::nonNull)
                .findFirst()
                .map(text -> Reading.of(Double.parseDouble(text)))
                .orElseGet(() -> Reading.unreadable(whyEmpty));
    }

    private List<List<String>> rows(String query) throws SQLException {
        return Sql.rows(connection.jdbc(), query);
    }

    @Override
    public double query(String sql) {
        var value = Optional.<String>empty();
        try {
            value = Sql.text(connection.jdbc(), sql);
        } catch (SQLException failure) {
            throw connection.problem("run the throttle query", failure);
        }
        try {
            return value.map(Double::parseDouble).orElse(0.0);
        } catch (NumberFormatException e) {
            throw ProblemException.of(
                    MySqlErrors.statement(connection.role()),
                    "The throttle query's first value is no number",
                    "only a number can be above 0",
                    "Let the query select a number, for instance a COUNT(*)");
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
