package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.Secret;
import ferry.engine.model.Change;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind.Family;
import ferry.testkit.servers.TestDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What the tests of the log side share: positions, readers, and rows as a SELECT gives them.
final class LogFixture {
    static final Duration DEADLINE = Duration.ofSeconds(30);

    static final String T = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100))";

    private LogFixture() {}

    static Endpoint endpoint(DatabaseServer server) {
        return endpoint(server, server.user(), "", Map.of());
    }

    static Endpoint endpoint(
            DatabaseServer server, String user, String password, Map<String, String> options) {
        var hosts = List.of(new Endpoint.Host(server.host(), server.port()));
        return new Endpoint("mysql", hosts, user, new Secret(password), options);
    }

    static MySqlLog open(DatabaseServer server, MySqlPosition after) {
        return new MySqlLog(endpoint(server), after, Settings.defaults());
    }

    static Table table(TestDatabase database, String name) throws SQLException {
        try (var connection = database.connect()) {
            return LayoutReader.read(connection, database.name(), name);
        }
    }

    /// The end of the log, for a server on which nobody writes: then it is exact.
    static MySqlPosition logEnd(DatabaseServer server) throws SQLException {
        var identity = identity(server);
        var sql =
                server.query("SELECT VERSION()").getFirst().startsWith("9.")
                        ? "SHOW BINARY LOG STATUS"
                        : "SHOW MASTER STATUS";
        try (var connection = server.connect();
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return MySqlPosition.logEnd(identity, rows.getString(1), rows.getLong(2));
        }
    }

    static String identity(DatabaseServer server) throws SQLException {
        return server.query(
                        server.kind().family() == Family.MARIADB
                                ? "SELECT @@server_id"
                                : "SELECT @@server_uuid")
                .getFirst();
    }

    static MySqlPosition committed(DatabaseServer server) throws SQLException {
        var sql =
                server.kind().family() == Family.MARIADB
                        ? "SELECT @@global.gtid_binlog_pos"
                        : "SELECT @@global.gtid_executed";
        return MySqlPosition.committed(Gtids.parse(server.query(sql).getFirst().replace("\n", "")));
    }

    /// Reads until an event of the wanted kind has come; Progress is left out.
    static List<LogEvent> readUntil(LogReader log, Predicate<LogEvent> last) {
        var events = new ArrayList<LogEvent>();
        var deadline = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < deadline) {
            var event = log.next(Duration.ofMillis(200));
            if (!(event instanceof LogEvent.Progress)) {
                events.add(event);
            }
            if (last.test(event)) {
                return events;
            }
        }
        throw new AssertionError("not seen within " + DEADLINE + "; seen: " + events);
    }

    /// Reads until a problem comes.
    static ProblemCode problemOf(MySqlLog log) {
        try {
            var events = readUntil(log, _ -> false);
            throw new AssertionError("no problem, but " + events);
        } catch (ProblemException e) {
            return e.code();
        }
    }

    static boolean isCommit(LogEvent event) {
        return event instanceof LogEvent.Commit;
    }

    static List<Change> changes(List<LogEvent> events) {
        return events.stream()
                .filter(LogEvent.Rows.class::isInstance)
                .flatMap(event -> ((LogEvent.Rows) event).changes().stream())
                .toList();
    }

    /// The rows of a table in the order of its first column, as bytes of the text protocol made
    /// canonical.
    static List<Row> select(Connection connection, Table table) throws SQLException {
        connection
                .createStatement()
                .execute("SET time_zone = '+00:00', character_set_results = NULL");
        var list = new ArrayList<String>();
        for (var column : table.carried()) {
            var name = "`" + column.name() + "`";
            list.add(
                    switch (column.type()) {
                        // A FLOAT prints six digits; only as a double it prints all. The driver
                        // hands out bytes of texts only.
                        case DataType.Float(var bits, _) -> bits == 32 ? name + " * 1e0" : name;
                        // The driver does not know the type.
                        case DataType.Vector _ -> "HEX(" + name + ")";
                        case DataType.Int _,
                                DataType.Decimal _,
                                DataType.Year _,
                                DataType.Date _,
                                DataType.Time _,
                                DataType.DateTime _,
                                DataType.Timestamp _ ->
                                "CONCAT(" + name + ")";
                        case DataType.Json
                                        _ -> // MySQL 5.7 prints line breaks inside base64 as they
                                // are.
                                "REPLACE(CAST("
                                        + name
                                        + " AS CHAR CHARACTER SET utf8mb4), CHAR(10), '\\\\n')";
                        default -> name;
                    });
        }
        var first = table.carried().getFirst().name();
        var sql =
                "SELECT %s FROM `%s`.`%s` ORDER BY `%s`"
                        .formatted(
                                String.join(", ", list),
                                table.name().database(),
                                table.name().table(),
                                first);
        var result = new ArrayList<Row>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                var values = new byte[table.carried().size()][];
                for (var i = 0; i < values.length; i++) {
                    var type = table.carried().get(i).type();
                    values[i] =
                            type instanceof DataType.Float
                                    ? canonical(rows.getString(i + 1), type)
                                    : canonical(rows.getBytes(i + 1), type);
                }
                result.add(Row.of(values));
            }
        }
        return result;
    }

    private static byte[] canonical(String value, DataType type) {
        return value == null ? null : canonical(value.getBytes(StandardCharsets.US_ASCII), type);
    }

    private static byte[] canonical(byte[] value, DataType type) {
        if (value == null) {
            return null;
        }
        var text = new String(value, StandardCharsets.ISO_8859_1);
        return switch (type) {
            case DataType.Int _, DataType.Year _ ->
                    new BigInteger(text).toString().getBytes(StandardCharsets.US_ASCII);
            case DataType.Decimal _ ->
                    new BigDecimal(text).toPlainString().getBytes(StandardCharsets.US_ASCII);
            case DataType.Float _ ->
                    Double.toString(Double.parseDouble(text)).getBytes(StandardCharsets.US_ASCII);
            case DataType.Vector _ -> HexFormat.of().parseHex(text);
            default -> value;
        };
    }
}
