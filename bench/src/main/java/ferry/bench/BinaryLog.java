package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;

/// A place in a MySQL server's binary log.
record BinaryLog(String file, long offset) {
    /// Where the log ends now.
    static BinaryLog end(DatabaseServer server) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW MASTER STATUS")) {
            rows.next();
            return new BinaryLog(rows.getString(1), rows.getLong(2));
        }
    }

    /// Bytes between this place and the end of the log.
    long bytesBehind(DatabaseServer server) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW BINARY LOGS")) {
            var bytes = 0L;
            while (rows.next()) {
                var order = rows.getString(1).compareTo(file);
                bytes += order < 0 ? 0 : rows.getLong(2) - (order == 0 ? offset : 0);
            }
            return bytes;
        }
    }
}
