package ferry.demo;

import java.math.BigDecimal;
import java.sql.SQLException;

/// Rows that exchange their values of a unique key within one transaction: in any other order of
/// writing, two of them collide.
final class Swaps {
    private Swaps() {}

    /// Two boxes change places.
    static void boxes(Client client) throws SQLException {
        var boxes = client.number("SELECT MAX(box) FROM shelves").orElseThrow().intValueExact();
        var one = 1 + client.below(boxes);
        var other = 1 + client.below(boxes);
        var first = Math.min(one, other);
        var second = Math.max(one, other);
        if (first == second) {
            return;
        }
        var places =
                client.texts(
                        "SELECT CONCAT(room, ':', place) FROM shelves WHERE box IN (?, ?) ORDER BY box FOR UPDATE",
                        first,
                        second);
        put(client, first, "?:" + -first);
        put(client, second, places.get(0));
        put(client, first, places.get(1));
        Visits.count(client, "boxes moved");
    }

    private static void put(Client client, int box, String roomAndPlace) throws SQLException {
        var parts = roomAndPlace.split(":");
        client.change(
                "UPDATE shelves SET room = ?, place = ?, moves = moves + 1 WHERE box = ?",
                parts[0],
                Integer.parseInt(parts[1]),
                box);
    }

    /// Two customers exchange their addresses and cards.
    static void customers(Client client) throws SQLException {
        var customers =
                client.number("SELECT MAX(id) FROM customers").orElseThrow().intValueExact();
        var first = 1 + client.below(customers - 1);
        var second = first + 1;
        var emails =
                client.texts(
                        "SELECT email FROM customers WHERE id IN (?, ?) ORDER BY id FOR UPDATE",
                        first,
                        second);
        var cards =
                client.texts(
                        "SELECT card FROM customers WHERE id IN (?, ?) ORDER BY id", first, second);
        if (emails.size() < 2) {
            return;
        }
        put(client, first, "moving", null);
        put(client, second, emails.get(0), cards.get(0));
        put(client, first, emails.get(1), cards.get(1));
    }

    private static void put(Client client, int customer, String email, String card)
            throws SQLException {
        client.change(
                "UPDATE customers SET email = ?, card = ? WHERE id = ?",
                email,
                card == null ? null : new BigDecimal(card),
                customer);
    }
}
