package ferry.demo;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/// The database that is migrated: a shop with a dozen tables and what makes each of them hard to
/// move.
record Shop(DatabaseServer server) {
    static final String DATABASE = "shop";

    /// Creates the tables and fills them with about this many rows.
    static Shop open(DatabaseServer server, int rows) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement()) {
            Script.named("shop.sql").run(connection);
            statement.execute("SET @rows = " + rows);
            Script.named("goods.sql").run(connection);
        }
        return new Shop(server);
    }

    /// The number of rows of each table, counted by the server itself.
    static Map<String, Long> count(DatabaseServer server) throws SQLException {
        var counts = new TreeMap<String, Long>();
        for (var table : server.query("SHOW TABLES FROM " + DATABASE)) {
            var sql = "SELECT COUNT(*) FROM %s.%s".formatted(DATABASE, table);
            counts.put(table, Long.parseLong(server.query(sql).getFirst()));
        }
        return counts;
    }

    /// The size of the data as the server's statistics tell it.
    long megabytes() throws SQLException {
        var sql =
                """
                SELECT COALESCE(SUM(data_length + index_length), 0) DIV 1000000
                FROM information_schema.tables
                WHERE table_schema = '%s'
                """;
        return Long.parseLong(server.query(sql.formatted(DATABASE)).getFirst());
    }
}
