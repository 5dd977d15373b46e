package ferry.demo;

import java.sql.SQLException;

/// Large transactions, as jobs at night write them: thousands of rows at once.
final class Bulk {
    private static final int ROWS = 3_000;

    private Bulk() {}

    static void any(Client client) throws SQLException {
        switch (client.below(4)) {
            case 0 -> client.change("UPDATE products SET price = ROUND(price * 0.99 + 1, 2)");
            case 1 ->
                    client.change(
                            "UPDATE customers SET points = points DIV 2 + id ORDER BY id LIMIT ?",
                            ROWS);
            case 2 ->
                    client.change(
                            """
                            INSERT IGNORE INTO page_views (viewed_on, id, page, seconds)
                            SELECT viewed_on + INTERVAL 1 DAY, id, CONCAT(LEFT(page, 100), '&copy'), seconds
                            FROM page_views
                            LIMIT ?
                            """,
                            ROWS);
            default ->
                    client.change(
                            "DELETE FROM page_views ORDER BY viewed_on, id LIMIT ?", ROWS / 2);
        }
    }
}
