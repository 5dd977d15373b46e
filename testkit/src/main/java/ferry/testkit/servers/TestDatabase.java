package ferry.testkit.servers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// A database of one test's own on a server that others may use as well.
///
/// @param server where it is
/// @param name its name, which needs no quotes
public record TestDatabase(DatabaseServer server, String name) implements AutoCloseable {
    /// A URL for root with this database.
    public String jdbcUrl() {
        return server.jdbcUrl(name);
    }

    /// A new connection as root with this database.
    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    /// Runs the statements one after the other on one new connection.
    public void execute(String... statements) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /// The first column of every row that the query returns; NULL is the text `NULL`.
    public List<String> query(String sql) throws SQLException {
        try (var connection = connect()) {
            return DatabaseServer.first(connection, sql);
        }
    }

    @Override
    public void close() throws SQLException {
        server.execute("DROP DATABASE IF EXISTS `" + name + "`");
    }
}
