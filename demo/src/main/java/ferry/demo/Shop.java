package ferry.demo;

import ferry.testkit.servers.DatabaseServer;

import java.math.BigInteger;
import java.sql.SQLException;

/// The database that is migrated: a shop with a dozen tables and what makes each of them hard to move.
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

    int tables() throws SQLException {
        return server.query("SHOW TABLES FROM " + DATABASE).size();
    }

    /// Counts all rows of all tables.
    long rows() throws SQLException {
        var rows = 0L;
        for (var table : server.query("SHOW TABLES FROM " + DATABASE)) {
            rows += Long.parseLong(server.query("SELECT COUNT(*) FROM " + DATABASE + "." + table).getFirst());
        }
        return rows;
    }

    /// The size of the data as the server's statistics tell it.
    BigInteger bytes() throws SQLException {
        var sql =
                """
                SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS CHAR)
                FROM information_schema.tables
                WHERE table_schema = '%s'
                """;
        return new BigInteger(server.query(sql.formatted(DATABASE)).getFirst());
    }
}
