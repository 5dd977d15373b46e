package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Asks a server where it stands: what is visible, and where its log ends.
///
/// | Server | What is visible to a read that starts now |
/// |---|---|
/// | MySQL, gtid_mode=ON | `@@gtid_executed`: it grows after the rows have become visible, but for [XaCommits] |
/// | MySQL without GTIDs | the log's end before a marker of ours, once the marker has passed the group commit behind it (docs/adr/0009-places-without-gtids.md) |
/// | MariaDB | `binlog_snapshot_file` and `_position` of a consistent snapshot, with the GTIDs up to there: exact |
/// | OceanBase, or a log that is off | [NoPosition] |
///
/// The marker is `FLUSH TABLES` of a table that does not exist: nothing happens but that the
/// statement is written to the log. The group commit takes transactions through its stages in the
/// log's order, so when the marker is through, everything before it is committed in the engine.
/// Where that order is not kept, or the marker would not be logged, [LogFiles] begins a new file.
final class MySqlPlaces {
    private static final String DEED = "read the position of the log";
    private static final String MARK =
            "mark a place in the log (this needs RELOAD, because gtid_mode is not ON)";
    private static final String MARKER = "FLUSH TABLES `ferry`.`a place in the log`";

    private final MySqlConnection connection;
    private final LogFiles files;
    private final Duration fileTime;
    private final XaCommits xaCommits;
    private final Kind kind;
    private final String server;

    private enum Kind {
        NO_LOG,
        GTIDS,
        FILES,
        SNAPSHOT
    }

    MySqlPlaces(MySqlConnection connection, LogFiles files, Settings settings) {
        this.connection = connection;
        this.files = files;
        fileTime = settings.get(Settings.SOURCE_FILE_TIME);
        xaCommits = new XaCommits(connection, settings);
        kind = kind(connection);
        server = kind == Kind.NO_LOG ? "" : server(connection);
    }

    private static Kind kind(MySqlConnection connection) {
        var version = connection.version();
        // OceanBase tells log_bin=ON and has no log of this form.
        if (version.isOceanBase()
                || !connection.text(DEED, "SELECT @@log_bin").equals(Optional.of("1"))) {
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

    /// A name or a list of hosts may lead two connections to two servers, and a lock at the one
    /// holds nobody at the other.
    void requireServerOf(MySqlConnection other) {
        var there = kind == Kind.NO_LOG ? server : server(other);
        if (!there.equals(server)) {
            throw ProblemException.of(
                    ProblemCode.SOURCE_UNREACHABLE,
                    "Two connections to one address met two servers",
                    "a table was locked at %s, and was to be read at %s".formatted(there, server),
                    "It is tried again; if it stays, give the address of one server");
        }
    }

    /// True when a read can be tied to one exact position by its transaction alone.
    boolean exactSnapshots() {
        return kind == Kind.SNAPSHOT;
    }

    /// True for MySQL servers with gtid_mode=ON.
    boolean countsByGtids() {
        return kind == Kind.GTIDS;
    }

    boolean hasLog() {
        return kind != Kind.NO_LOG;
    }

    Position committed() {
        return switch (kind) {
            case NO_LOG -> new NoPosition();
            case GTIDS -> {
                var set =
                        connection
                                .text(DEED, "SELECT @@global.gtid_executed")
                                .orElse("")
                                .replaceAll("\\s", "");
                xaCommits.await();
                yield MySqlPosition.committed(Gtids.parse(set));
            }
            case FILES -> {
                var end = committedInFiles();
                xaCommits.await();
                yield end;
            }
            case SNAPSHOT -> {
                connection.update(DEED, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
                var position = snapshot();
                connection.update(DEED, "COMMIT");
                yield position;
            }
        };
    }

    private Position committedInFiles() {
        var end = LogEnd.of(status());
        if (end.filtered() || !marksAreOrdered()) {
            var begun = files.of(server).committed(logFiles(), fileTime);
            return MySqlPosition.logEnd(server, begun.file(), begun.offset());
        }
        connection.update(MARK, MARKER);
        return MySqlPosition.logEnd(server, end.file(), end.offset());
    }

    private LogFiles.Log logFiles() {
        return new LogFiles.Log() {
            @Override
            public LogFiles.Place end() {
                var end = LogEnd.of(status());
                return new LogFiles.Place(end.file(), end.offset());
            }

            @Override
            public void begin() {
                connection.update(MARK, "FLUSH BINARY LOGS");
            }

            @Override
            public long firstTransaction(String file) {
                return connection
                        .rows(DEED, "SHOW BINLOG EVENTS IN " + MySqlSql.literal(file) + " LIMIT 2")
                        .stream()
                        .filter(event -> LogFiles.isHeader(event.get(2)))
                        .mapToLong(event -> Long.parseLong(event.get(4)))
                        .max()
                        .orElseThrow(() -> noStatus());
            }
        };
    }

    /// True when a marker is logged, without a GTID of its own, and passes behind all that stands
    /// before it.
    private boolean marksAreOrdered() {
        return connection.version().mySql(5, 6, 6)
                && connection
                        .text(
                                DEED,
                                """
                                SELECT @@global.binlog_order_commits
                                       AND @@session.sql_log_bin
                                       AND @@global.gtid_mode LIKE 'OFF%'\
                                """)
                        .equals(Optional.of("1"));
    }

    /// A line of SHOW MASTER STATUS. A statement without a default database passes none of the
    /// filters.
    private record LogEnd(String file, long offset, boolean filtered) {
        static LogEnd of(List<String> status) {
            return new LogEnd(
                    status.get(0),
                    Long.parseLong(status.get(1)),
                    status.subList(2, 4).stream()
                            .anyMatch(names -> names != null && !names.isEmpty()));
        }
    }

    Position logEnd() {
        if (kind == Kind.NO_LOG) {
            return new NoPosition();
        }
        var end = LogEnd.of(status());
        return MySqlPosition.logEnd(server, end.file(), end.offset());
    }

    /// MariaDB: the place of the open consistent snapshot, with all GTIDs before it, without which
    /// it could not be compared with what the log counts by GTIDs.
    Position snapshot() {
        var file = status("binlog_snapshot_file");
        var offset = Long.parseLong(status("binlog_snapshot_position"));
        var gtids =
                connection
                        .text(
                                DEED,
                                "SELECT BINLOG_GTID_POS(%s, %d)"
                                        .formatted(MySqlSql.literal(file), offset))
                        .orElseThrow(this::noStatus);
        return MySqlPosition.exact(server, file, offset, Gtids.parse(gtids));
    }

    private String status(String name) {
        return connection.rows(DEED, "SHOW STATUS LIKE '" + name + "'").stream()
                .map(row -> row.get(1))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElseThrow(this::noStatus);
    }

    private List<String> status() {
        return connection.rows(DEED, connection.version().showLogEnd()).stream()
                .findFirst()
                .orElseThrow(this::noStatus);
    }

    private ProblemException noStatus() {
        return ProblemException.of(
                MySqlErrors.statement(connection.role()),
                "Could not " + DEED,
                "the server tells no position although log_bin is on",
                "Look at the server's binary log; grant REPLICATION CLIENT (MariaDB: BINLOG MONITOR) to the account");
    }
}
