package ferry.dialects.mysql;

import ferry.engine.model.Position;
import ferry.engine.problem.ProblemException;
import java.util.List;

/// Asks a server where it stands: what is visible, and where its log ends.
///
/// | Server | What is visible to a read that starts now |
/// |---|---|
/// | MySQL, gtid_mode=ON | `@@gtid_executed`: it grows after the rows have become visible |
/// | MySQL without GTIDs | the start of the current log file. A new file is begun only when every transaction of the old one is committed in the engine (MYSQL_BIN_LOG waits until no prepared transaction is left), so all of them are visible. The price: apply sees the whole current file again |
/// | MariaDB | `binlog_snapshot_file` and `_position` of a consistent snapshot: exact |
/// | OceanBase, or a log that is off | [NoPosition] |
final class MySqlPlaces {
    private static final String DEED = "read the position of the log";

    private final MySqlConnection connection;
    private final Kind kind;
    private final String server;

    private enum Kind {
        NO_LOG,
        GTIDS,
        FILES,
        SNAPSHOT
    }

    MySqlPlaces(MySqlConnection connection) {
        this.connection = connection;
        kind = kind(connection);
        server = kind == Kind.NO_LOG ? "" : server(connection);
    }

    private static Kind kind(MySqlConnection connection) {
        var version = connection.version();
        // OceanBase tells log_bin=ON and has no log of this form.
        if (version.isOceanBase()
                || !connection.text(DEED, "SELECT @@log_bin").equals(java.util.Optional.of("1"))) {
            return Kind.NO_LOG;
        }
        if (version.isMariaDb()) {
            return Kind.SNAPSHOT;
        }
        var gtids =
                version.mySql(5, 6, 5)
                        && connection
                                .text(DEED, "SELECT @@global.gtid_mode")
                                .orElse("OFF")
                                .equals("ON");
        return gtids ? Kind.GTIDS : Kind.FILES;
    }

    private static String server(MySqlConnection connection) {
        var variable = connection.version().mySql(5, 6, 0) ? "@@server_uuid" : "@@server_id";
        return connection.text(DEED, "SELECT " + variable).orElseThrow();
    }

    /// True when a read can be tied to one exact position by its transaction alone.
    boolean exactSnapshots() {
        return kind == Kind.SNAPSHOT;
    }

    boolean hasLog() {
        return kind != Kind.NO_LOG;
    }

    Position committed() {
        return switch (kind) {
            case NO_LOG -> new NoPosition();
            case GTIDS ->
                    MySqlPosition.committed(
                            Gtids.parse(
                                    connection
                                            .text(DEED, "SELECT @@global.gtid_executed")
                                            .orElse("")
                                            .replaceAll("\\s", "")));
            case FILES -> MySqlPosition.logEnd(server, status().getFirst(), 4);
            case SNAPSHOT -> {
                connection.update(DEED, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
                var position = snapshot();
                connection.update(DEED, "COMMIT");
                yield position;
            }
        };
    }

    Position logEnd() {
        if (kind == Kind.NO_LOG) {
            return new NoPosition();
        }
        var status = status();
        return MySqlPosition.logEnd(server, status.get(0), Long.parseLong(status.get(1)));
    }

    /// MariaDB: the place of the open consistent snapshot.
    Position snapshot() {
        var file = status("binlog_snapshot_file");
        var offset = status("binlog_snapshot_position");
        return MySqlPosition.logEnd(server, file, Long.parseLong(offset));
    }

    private String status(String name) {
        return connection.rows(DEED, "SHOW STATUS LIKE '" + name + "'").stream()
                .map(row -> row.get(1))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElseThrow(this::noStatus);
    }

    private List<String> status() {
        var statement =
                connection.version().mySql(8, 2, 0)
                        ? "SHOW BINARY LOG STATUS"
                        : "SHOW MASTER STATUS";
        return connection.rows(DEED, statement).stream().findFirst().orElseThrow(this::noStatus);
    }

    private ProblemException noStatus() {
        return ProblemException.of(
                MySqlErrors.statement(connection.role()),
                "Could not " + DEED,
                "the server tells no position although log_bin is on",
                "Look at the server's binary log; grant REPLICATION CLIENT (MariaDB: BINLOG MONITOR) to the account");
    }
}
