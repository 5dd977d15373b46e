package ferry.demo;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Optional;

/// What happens to orders: they are placed, paid, sent, and sometimes cancelled.
final class Sales {
    private static final String[] PREFIXES = {"BOAT", "sail", "Rope", "NET"};

    private Sales() {}

    static void place(Client client) throws SQLException {
        var placed =
                client.change(
                        """
                        INSERT INTO orders (customer_id, status, flags, placed_at, note)
                        SELECT MAX(id) - ? MOD MAX(id), 'cart', ?, NOW(6), ?
                        FROM customers
                        """,
                        client.below(1 << 30),
                        client.below(512),
                        client.below(3) == 0 ? "quick please 🏃" : null);
        if (placed == 0) {
            return;
        }
        var lines = 1 + client.below(5);
        for (var line = 1; line <= lines; line++) {
            addLine(client, line);
        }
        client.change(
                """
                UPDATE orders
                SET total = (SELECT COALESCE(SUM(amount), 0) FROM order_lines WHERE order_id = LAST_INSERT_ID())
                WHERE id = LAST_INSERT_ID()
                """);
        Visits.count(client, "orders placed");
    }

    private static void addLine(Client client, int line) throws SQLException {
        var number = client.below(1 << 20);
        var sku =
                client.text(
                        """
                        SELECT sku
                        FROM products
                        WHERE sku >= CONCAT(?, '-', LPAD(? MOD (SELECT CAST(RIGHT(MAX(sku), 6) AS UNSIGNED) FROM products), 6, '0'))
                        ORDER BY sku
                        LIMIT 1
                        """,
                        PREFIXES[number % PREFIXES.length],
                        number);
        if (sku.isEmpty()) {
            return;
        }
        client.change(
                """
                INSERT INTO order_lines (order_id, line, sku, pieces, price)
                SELECT LAST_INSERT_ID(), ?, sku, ?, price
                FROM products
                WHERE sku = ?
                """,
                line,
                1 + client.below(9),
                sku.get());
        client.change("UPDATE products SET stock = stock - 1 WHERE sku = ?", sku.get());
    }

    static void settle(Client client) throws SQLException {
        var order = any(client);
        if (order.isEmpty()) {
            return;
        }
        client.change(
                """
                UPDATE orders
                SET status = 1 + status MOD 5, flags = flags ^ ?, note = CONCAT(COALESCE(note, ''), '✓')
                WHERE id = ?
                """,
                1 + client.below(511),
                order.get());
        client.change(
                """
                INSERT INTO payments (id, order_id, amount)
                SELECT UNHEX(REPLACE(UUID(), '-', '')), id, total
                FROM orders
                WHERE id = ?
                """,
                order.get());
    }

    static void cancel(Client client) throws SQLException {
        var order = any(client);
        if (order.isEmpty()) {
            return;
        }
        client.change("DELETE FROM payments WHERE order_id = ?", order.get());
        client.change("DELETE FROM order_lines WHERE order_id = ?", order.get());
        client.change("DELETE FROM orders WHERE id = ?", order.get());
        Visits.count(client, "orders cancelled");
    }

    /// Any order, locked; empty if none is there.
    private static Optional<BigDecimal> any(Client client) throws SQLException {
        return client.number(
                """
                SELECT id
                FROM orders
                WHERE id >= (SELECT MIN(id) + CAST(FLOOR(? * (MAX(id) - MIN(id))) AS UNSIGNED) FROM orders)
                ORDER BY id
                LIMIT 1
                FOR UPDATE
                """,
                client.random().nextDouble());
    }
}
