package ferry.scenarios;

import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The named connections on which a story's statements run. Safe for several threads; one runs at a
/// time.
final class Sessions implements AutoCloseable {
    private static final int STATEMENT_MILLIS_MAX = 60_000;

    private final DatabaseServer source;
    private final DatabaseServer target;
    private final String database;
    private final Map<String, Connection> connections = new HashMap<>();

    Sessions(DatabaseServer source, DatabaseServer target, String database) {
        this.source = source;
        this.target = target;
        this.database = database;
    }

    /// Runs a block on its session, as often as it says.
    void run(Script.Block block) throws SQLException {
        for (var time = 1; time <= block.times(); time++) {
            runOnce(block, time);
        }
    }

    /// Runs a block's statements one after the other, with `@i` set.
    synchronized void runOnce(Script.Block block, int time) throws SQLException {
        try (var statement = connection(block).createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET @i = " + time);
            for (var sql : block.statements()) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new SQLException(
                            "at '%s', line %d and below: %s: %s"
                                    .formatted(
                                            block.moment(),
                                            block.first(),
                                            e.getMessage(),
                                            sql.strip()),
                            e);
                }
            }
        }
    }

    private Connection connection(Script.Block block) throws SQLException {
        var name = (block.onTarget() ? "target " : "source ") + block.session();
        var open = connections.get(name);
        if (open == null) {
            var url =
                    (block.onTarget() ? target : source).jdbcUrl(block.onTarget() ? "" : database)
                            + "&socketTimeout="
                            + STATEMENT_MILLIS_MAX;
            open = DriverManager.getConnection(url);
            connections.put(name, open);
        }
        return open;
    }

    @Override
    public synchronized void close() throws SQLException {
        for (var connection : connections.values()) {
            connection.close();
        }
        connections.clear();
    }
}
