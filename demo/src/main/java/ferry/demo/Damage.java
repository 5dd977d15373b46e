package ferry.demo;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;

/// Three rows of the target that somebody spoils by hand, one in each way: one is gone, one is too
/// many, one is another.
final class Damage {
    private static final String LOST =
            """
            DELETE FROM shop.payments
            ORDER BY id
            LIMIT 1
            """;
    private static final String STRANGE =
            """
            INSERT INTO shop.counters (name, value)
            VALUES ('left over from a test', 1)
            """;
    private static final String CHANGED =
            """
            UPDATE shop.letters
            SET answered = '1970-01-01 00:00:00'
            WHERE number = 420
            """;

    private Damage() {}

    static void doTo(DatabaseServer target, Story story) throws SQLException {
        try (var connection = target.connect();
                var statement = connection.createStatement()) {
            for (var sql : new String[] {LOST, STRANGE, CHANGED}) {
                var rows = statement.executeUpdate(sql);
                if (rows != 1) {
                    throw new IllegalStateException(
                            "%d rows instead of one were changed by: %s".formatted(rows, sql));
                }
                story.tell(String.join(" ", sql.lines().map(String::strip).toList()) + ";");
            }
        }
    }
}
