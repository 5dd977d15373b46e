package ferry.demo;

import java.sql.SQLException;
import java.util.HexFormat;

/// What the people behind the shop do: they edit texts, pictures and JSON, answer letters, move
/// addresses.
final class Office {
    private Office() {}

    static void editProduct(Client client) throws SQLException {
        var picture = new byte[client.below(600)];
        client.random().nextBytes(picture);
        client.change(
                """
                UPDATE products
                SET attributes = JSON_SET(attributes, '$.length', ? / 4e0, '$.seen', JSON_ARRAY(?, 'ß🧵', NULL)),
                    picture    = UNHEX(?),
                    badges     = ?,
                    weight     = weight / 3
                WHERE sku >= ?
                ORDER BY sku
                LIMIT 1
                """,
                client.below(100_000),
                client.below(1000),
                HexFormat.of().formatHex(picture),
                client.below(16),
                "Rope-%06d".formatted(client.below(5000)));
    }

    static void editCustomer(Client client) throws SQLException {
        client.change(
                """
                UPDATE customers
                SET name   = CONCAT(LEFT(name, 70), ?),
                    city   = ?,
                    points = points - points MOD 2 + 1,
                    born   = ?,
                    vip    = 1 - vip,
                    seen_at = NOW()
                WHERE id >= ?
                ORDER BY id
                LIMIT 1
                """,
                client.below(2) == 0 ? "🌟" : "é",
                client.below(2) == 0 ? "Zürich" : "Tromsø",
                client.below(4) == 0 ? "0000-00-00" : "1984-02-30",
                client.below(20_000));
    }

    /// A change of the primary key.
    static void moveAddress(Client client) throws SQLException {
        var customers =
                client.number("SELECT MAX(id) FROM customers").orElseThrow().intValueExact();
        client.change(
                """
                UPDATE addresses
                SET kind = IF(kind = 'work', 'gift to', 'work'), street = CONCAT(LEFT(street, 90), 'ß'), location = POINT(?, 1)
                WHERE customer_id >= ? AND kind <> 'home'
                ORDER BY customer_id
                LIMIT 1
                """,
                client.below(90),
                client.below(customers));
    }

    static void answerLetter(Client client) throws SQLException {
        client.change(
                """
                UPDATE letters
                SET answered = IF(answered = '0000-00-00 00:00:00', NOW(), '0000-00-00 00:00:00'),
                    received = '2001-02-29',
                    body     = CONCAT(LEFT(body, 200), 'Grüße')
                WHERE number >= ?
                ORDER BY number
                LIMIT 1
                """,
                client.below(30_000));
        Visits.count(client, "letters answered");
    }

    /// One row takes over all that another one holds, the edges of each type among it.
    static void copyEveryType(Client client) throws SQLException {
        var columns =
                client.texts(
                        """
                        SELECT CONCAT('one.', column_name, ' = other.', column_name)
                        FROM information_schema.columns
                        WHERE table_schema = 'shop' AND table_name = 'every_type' AND column_name <> 'id'
                        """);
        client.change(
                """
                UPDATE every_type AS one
                    JOIN every_type AS other ON other.id = ?
                SET %s
                WHERE one.id = ?
                """
                        .formatted(String.join(", ", columns)),
                1 + client.below(200),
                6 + client.below(490));
    }

    /// Writes the column that was added in the middle of everything.
    static void editNickname(Client client) throws SQLException {
        client.change(
                "UPDATE customers SET nickname = CONCAT(LEFT(name, 8), ' 🐚') WHERE id >= ? ORDER BY id LIMIT 1",
                client.below(20_000));
    }

    /// The shop learns something new while it is open.
    static void addNickname(Client client) throws SQLException {
        client.change(
                "ALTER TABLE customers ADD COLUMN nickname VARCHAR(40) NOT NULL DEFAULT 'Seebär'");
    }
}
