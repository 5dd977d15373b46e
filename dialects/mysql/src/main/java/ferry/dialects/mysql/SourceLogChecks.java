package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.PrecheckRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether the source's log holds every change, as whole rows, for long enough, and may be read.
final class SourceLogChecks {
    private final Findings findings;
    private final Connection connection;
    private final MySqlServer server;
    private final PrecheckRequest request;
    private final Settings settings;

    SourceLogChecks(
            Findings findings,
            Connection connection,
            MySqlServer server,
            PrecheckRequest request,
            Settings settings) {
        this.findings = findings;
        this.connection = connection;
        this.server = server;
        this.request = request;
        this.settings = settings;
    }

    void run() {
        if (server.version().isOceanBase()) {
            findings.failed(
                    "DB_INCR_LOG",
                    "OceanBase has no binary log of its own, although log_bin is ON",
                    "Leave the step incremental out");
            return;
        }
        if (!server.on("log_bin")) {
            findings.failed(
                    "DB_INCR_LOG",
                    "The binary log is off",
                    "Start the server with log_bin=binlog and a server_id");
            return;
        }
        findings.passed("DB_INCR_LOG", "The binary log is on");
        findings.check(
                "DB_ACCOUNT_INCR_READ_PRIVILEGE",
                "Grant REPLICATION SLAVE and REPLICATION CLIENT",
                this::privileges);
        settings();
        findings.check("DB_BINLOG_FILTER", "Grant REPLICATION CLIENT", this::filters);
        findings.check("DB_LOG_REPLICA_UPDATES", "Grant REPLICATION CLIENT", this::replicaUpdates);
        new LogRetentionCheck(findings, server, request.outlook(), settings).run(Instant.now());
        gtids();
        findings.check("DB_XA", "Grant XA_RECOVER_ADMIN ON *.* to the account", this::xa);
        findings.check("DB_SERVER_ID", "Grant REPLICATION SLAVE", this::serverId);
    }

    private void privileges() throws SQLException {
        var grants = MySqlGrants.read(connection, server);
        var client = server.version().mariaDb(10, 5, 2) ? "BINLOG MONITOR" : "REPLICATION CLIENT";
        var wanted = new TreeSet<>(Set.of("REPLICATION SLAVE", client));
        if (!hasGtids() && !grants.has("FLUSH_TABLES", Optional.empty())) {
            wanted.add("RELOAD"); // places are marked: MySqlPlaces
        }
        var missing = new TreeSet<>(grants.missing(wanted, Optional.empty()));
        if (missing.remove("BINLOG MONITOR")
                && !grants.has("REPLICATION CLIENT", Optional.empty())) {
            missing.add("BINLOG MONITOR");
        }
        if (missing.isEmpty()) {
            findings.passed("DB_ACCOUNT_INCR_READ_PRIVILEGE", "The account may read the log");
            process(grants);
        } else {
            findings.failed(
                    "DB_ACCOUNT_INCR_READ_PRIVILEGE",
                    "The account may not read the log: "
                            + String.join(", ", missing)
                            + " is missing",
                    grants.grant(missing, Optional.empty()) + ";");
        }
    }

    /// XA commits of other sessions are seen with it ([XaCommits]), and nothing else.
    private void process(MySqlGrants grants) {
        if (!server.version().isMariaDb() && !grants.has("PROCESS", Optional.empty())) {
            findings.warned(
                    "DB_ACCOUNT_PROCESS_PRIVILEGE",
                    "The account may not see other sessions: if an XA transaction is prepared while rows are read, the project stops",
                    grants.grant(Set.of("PROCESS"), Optional.empty())
                            + "; or leave it so where nobody uses XA transactions");
        }
    }

    private void settings() {
        must("DB_BINLOG_FORMAT", "binlog_format", "ROW", "rows are not logged as rows");
        must(
                "DB_BINLOG_ROW_IMAGE",
                "binlog_row_image",
                "FULL",
                "row events do not carry all columns");
        if (server.variable("binlog_row_value_options")
                .toUpperCase(Locale.ROOT)
                .contains("PARTIAL_JSON")) {
            findings.failed(
                    "DB_BINLOG_PARTIAL_JSON",
                    "binlog_row_value_options is PARTIAL_JSON: updates of JSON carry no whole value",
                    "SET PERSIST binlog_row_value_options = ''; sessions opened before keep the old value");
        } else {
            findings.passed("DB_BINLOG_PARTIAL_JSON", "JSON values are logged whole");
        }
        var sync = server.variable("sync_binlog");
        if (sync.equals("1")) {
            findings.passed("DB_SYNC_BINLOG", "sync_binlog is 1");
        } else {
            findings.warned(
                    "DB_SYNC_BINLOG",
                    "sync_binlog is "
                            + sync
                            + ": after a crash the source may have lost transactions that were already read and written to the target",
                    "SET GLOBAL sync_binlog = 1");
        }
    }

    private void must(String item, String variable, String wanted, String why) {
        // MySQL will one day drop binlog_format: what is not there is ROW and FULL.
        var value = server.variable(variable);
        if (value.isEmpty() || value.equalsIgnoreCase(wanted)) {
            findings.passed(item, variable + " is " + wanted);
        } else {
            findings.failed(
                    item,
                    variable + " is " + value + ": " + why,
                    "SET GLOBAL "
                            + variable
                            + " = "
                            + wanted
                            + "; also in the server's configuration; sessions opened before keep the old value");
        }
    }

    // What is logged

    private Map<String, String> logStatus() throws SQLException {
        try (var query = connection.createStatement();
                var rows = query.executeQuery(server.version().showLogEnd())) {
            return rows.next()
                    ? Map.of(
                            "do",
                            text(rows.getString("Binlog_Do_DB")),
                            "ignore",
                            text(rows.getString("Binlog_Ignore_DB")))
                    : Map.of("do", "", "ignore", "");
        }
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private void filters() throws SQLException {
        var status = logStatus();
        var logged = names(status.get("do"));
        var ignored = names(status.get("ignore"));
        var hidden =
                request.tables().stream()
                        .map(mapped -> mapped.source().name().database())
                        .distinct()
                        .filter(database ->
                                !logged.isEmpty() && !logged.contains(database)
                                        || ignored.contains(database))
                        .toList();
        if (!hidden.isEmpty()) {
            findings.failed(
                    "DB_BINLOG_FILTER",
                    "Changes of these databases are not logged: " + Findings.named(hidden),
                    "Remove binlog_do_db and binlog_ignore_db from the server's configuration and restart it");
        } else if (!logged.isEmpty() || !ignored.isEmpty()) {
            findings.warned(
                    "DB_BINLOG_FILTER",
                    "The log is filtered (binlog_do_db "
                            + logged
                            + ", binlog_ignore_db "
                            + ignored
                            + "); statements such as ALTER TABLE are filtered by the session's default database, not by the table's",
                    "Remove the filters, or change no definition meanwhile");
        } else {
            findings.passed("DB_BINLOG_FILTER", "The log is not filtered");
        }
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private void replicaUpdates() throws SQLException {
        if (server.on("log_replica_updates") || server.on("log_slave_updates")) {
            findings.passed(
                    "DB_LOG_REPLICA_UPDATES",
                    "What the server replicates from others is logged too");
            return;
        }
        if (Sql.rows(connection, server.version().showReplicas()).isEmpty()) {
            findings.passed("DB_LOG_REPLICA_UPDATES", "The server replicates from nobody");
        } else {
            findings.failed(
                    "DB_LOG_REPLICA_UPDATES",
                    "The server is a replica and does not log what it replicates",
                    "Start it with log_slave_updates=ON (log_replica_updates), or use its source as the source");
        }
    }

    // Positions

    private void gtids() {
        if (hasGtids()) {
            findings.passed(
                    "DB_GTID",
                    server.version().isMariaDb()
                            ? "MariaDB numbers all transactions"
                            : "gtid_mode is ON");
        } else {
            findings.warned(
                    "DB_GTID",
                    "gtid_mode is "
                            + server.variable("gtid_mode")
                            + ": places in the log are file and offset, and a marker of ours must be written to find some of them",
                    "Turn gtid_mode ON where that is possible");
        }
    }

    private boolean hasGtids() {
        return server.version().isMariaDb() || server.variable("gtid_mode").equalsIgnoreCase("ON");
    }

    private void xa() throws SQLException {
        int prepared;
        try {
            prepared = Sql.rows(connection, "XA RECOVER").size();
        } catch (SQLException refused) {
            if (refused.getErrorCode() != XaCommits.MAY_NOT_LIST) {
                throw refused;
            }
            var grants = MySqlGrants.read(connection, server);
            findings.failedSkippable(
                    "DB_XA",
                    "The account may not list prepared XA transactions: the rows of one that is prepared when capture begins, or whose commit is under way while rows are read, would be lost",
                    grants.grant(Set.of("XA_RECOVER_ADMIN"), Optional.empty())
                            + "; or go on with --yes where nobody uses XA transactions");
            return;
        }
        if (prepared == 0) {
            findings.passed("DB_XA", "No XA transaction is prepared");
        } else if (request.logBegun()) {
            findings.warned(
                    "DB_XA",
                    prepared
                            + " XA transactions are prepared and not ended: Ferry keeps its place in the log before them",
                    "End them soon: XA RECOVER lists them, then XA COMMIT or XA ROLLBACK");
        } else {
            findings.failed(
                    "DB_XA",
                    prepared
                            + " XA transactions are prepared and not ended: their rows were logged before capture begins and would be lost",
                    "End them: XA RECOVER lists them, then XA COMMIT or XA ROLLBACK");
        }
    }

    private void serverId() throws SQLException {
        var own = server.variable("server_id");
        var ours = String.valueOf(settings.get(Settings.CAPTURE_SERVER_ID));
        if (own.equals("0") || own.isEmpty()) {
            findings.failed(
                    "DB_SERVER_ID",
                    "The server's server_id is 0: it refuses readers of its log",
                    "SET GLOBAL server_id = 1 or another number that no other server has");
            return;
        }
        var taken = new ArrayList<>(List.of(own));
        taken.addAll(replicas());
        if (taken.contains(ours)) {
            findings.failed(
                    "DB_SERVER_ID",
                    "The setting capture.server.id is " + ours + ", which another server has",
                    "Choose another, or 0 for a random one");
        } else {
            findings.passed(
                    "DB_SERVER_ID",
                    "The server_id "
                            + own
                            + " is set"
                            + (taken.size() > 1
                                    ? "; taken by replicas: "
                                            + taken.stream()
                                                    .skip(1)
                                                    .collect(Collectors.joining(", "))
                                    : ""));
        }
    }

    /// The ids of the replicas that are connected. MariaDB shows them to few accounts, and only
    /// then does it matter that they are known.
    private List<String> replicas() throws SQLException {
        if (server.version().mariaDb(10, 5, 2)
                && !MySqlGrants.read(connection, server)
                        .has("REPLICATION MASTER ADMIN", Optional.empty())) {
            return List.of();
        }
        return Sql.rows(
                        connection,
                        server.version().mySql(8, 0, 22) ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS")
                .stream()
                .map(List::getFirst)
                .toList();
    }
}
