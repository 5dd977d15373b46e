package ferry.demo;

import java.sql.SQLException;

/// What visitors leave behind: counters that everybody changes, views by month, clicks in a table
/// without a key.
final class Visits {
    private static final int COUNTERS = 4;

    private Visits() {}

    static void count(Client client, String counter) throws SQLException {
        client.change("UPDATE counters SET value = value + 1 WHERE name = ?", counter);
    }

    /// A counter that starts near the end of unsigned 64-bit numbers among them.
    static void countAny(Client client) throws SQLException {
        switch (client.below(COUNTERS)) {
            case 0 -> count(client, "pages viewed");
            case 1 ->
                    count(
                            client,
                            "GRÖSSE"); // The collation finds it under its name in small letters.
            case 2 ->
                    client.change(
                            "INSERT INTO counters VALUES ('🎉', 1) ON DUPLICATE KEY UPDATE value = value + 1");
            default ->
                    client.change(
                            "REPLACE INTO counters SELECT 'zero', value + 1 FROM counters WHERE name = 'zero'");
        }
    }

    /// A new view; an old one that moves to another month; one that is forgotten.
    static void view(Client client) throws SQLException {
        client.change(
                """
                INSERT IGNORE INTO page_views (viewed_on, id, page, seconds)
                VALUES (DATE '2026-01-01' + INTERVAL ? DAY, ?, ?, ?)
                """,
                client.below(150),
                (1 << 30) + client.below(1 << 30),
                "/live/" + client.below(1000),
                client.random().nextFloat());
        var day = client.below(130);
        client.change(
                """
                UPDATE IGNORE page_views
                SET viewed_on = viewed_on + INTERVAL 40 DAY
                WHERE viewed_on = DATE '2026-01-01' + INTERVAL ? DAY
                ORDER BY id
                LIMIT 1
                """,
                day);
        client.change(
                "DELETE FROM page_views WHERE viewed_on = DATE '2026-01-01' + INTERVAL ? DAY ORDER BY id LIMIT 1",
                client.below(130));
    }

    /// The same row three times; one of several equal rows changed; one of them deleted.
    static void click(Client client) throws SQLException {
        var x = client.below(1920);
        for (var i = 0; i < 3; i++) {
            client.change("INSERT INTO clicks VALUES (NOW(), 'live 🖱', ?, NULL)", x);
        }
        client.change("UPDATE clicks SET y = 1 WHERE x = ? LIMIT 1", client.below(800));
        client.change("DELETE FROM clicks WHERE x = ? LIMIT 1", client.below(800));
    }
}
