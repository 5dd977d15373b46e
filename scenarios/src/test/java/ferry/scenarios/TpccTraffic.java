package ferry.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/// Writes as TPC-C does: new orders, payments and deliveries over warehouses, districts, customers,
/// orders and their lines, tied by foreign keys. Each district is a hot row, and the history has no
/// key. Old orders are cleared away.
record TpccTraffic() implements Traffic {
    private static final int DISTRICTS = 4;
    private static final int CUSTOMERS = 60;
    private static final int ITEMS = 200;
    private static final int ORDERS_KEPT = 150;

    @Override
    public String name() {
        return "tpcc";
    }

    @Override
    public List<String> tables() {
        return List.of(
                "CREATE TABLE warehouse (w_id INT PRIMARY KEY, w_ytd DECIMAL(14, 2) NOT NULL)",
                """
                CREATE TABLE district (
                    d_w_id INT,
                    d_id INT,
                    d_ytd DECIMAL(14, 2) NOT NULL,
                    d_next INT NOT NULL,
                    PRIMARY KEY (d_w_id, d_id),
                    CONSTRAINT district_warehouse FOREIGN KEY (d_w_id) REFERENCES warehouse (w_id)
                )\
                """,
                """
                CREATE TABLE customer (
                    c_d_id INT,
                    c_id INT,
                    c_w_id INT NOT NULL,
                    c_last VARCHAR(16) NOT NULL,
                    c_balance DECIMAL(14, 2) NOT NULL,
                    c_payments INT NOT NULL,
                    c_data VARCHAR(250),
                    PRIMARY KEY (c_d_id, c_id),
                    KEY customer_last (c_d_id, c_last),
                    CONSTRAINT customer_district FOREIGN KEY (c_w_id, c_d_id) REFERENCES district (d_w_id, d_id)
                )\
                """,
                "CREATE TABLE item (i_id INT PRIMARY KEY, i_name VARCHAR(24), i_price DECIMAL(5, 2) NOT NULL)",
                """
                CREATE TABLE stock (
                    s_i_id INT PRIMARY KEY,
                    s_quantity INT NOT NULL,
                    s_ytd BIGINT NOT NULL,
                    CONSTRAINT stock_item FOREIGN KEY (s_i_id) REFERENCES item (i_id)
                )\
                """,
                """
                CREATE TABLE orders (
                    o_d_id INT,
                    o_id INT,
                    o_c_id INT NOT NULL,
                    o_entry TIMESTAMP(6) NOT NULL,
                    o_carrier INT,
                    o_lines INT NOT NULL,
                    PRIMARY KEY (o_d_id, o_id),
                    CONSTRAINT orders_customer FOREIGN KEY (o_d_id, o_c_id) REFERENCES customer (c_d_id, c_id)
                )\
                """,
                """
                CREATE TABLE new_order (
                    no_d_id INT,
                    no_o_id INT,
                    PRIMARY KEY (no_d_id, no_o_id),
                    CONSTRAINT new_order_order FOREIGN KEY (no_d_id, no_o_id) REFERENCES orders (o_d_id, o_id)
                )\
                """,
                """
                CREATE TABLE order_line (
                    ol_d_id INT,
                    ol_o_id INT,
                    ol_number INT,
                    ol_i_id INT NOT NULL,
                    ol_quantity INT NOT NULL,
                    ol_amount DECIMAL(8, 2) NOT NULL,
                    ol_delivered DATETIME(3),
                    PRIMARY KEY (ol_d_id, ol_o_id, ol_number),
                    CONSTRAINT order_line_order FOREIGN KEY (ol_d_id, ol_o_id) REFERENCES orders (o_d_id, o_id),
                    CONSTRAINT order_line_stock FOREIGN KEY (ol_i_id) REFERENCES stock (s_i_id)
                )\
                """,
                "CREATE TABLE history (h_d_id INT, h_c_id INT, h_date DATETIME, h_amount DECIMAL(6, 2), h_data VARCHAR(24))",
                "INSERT INTO warehouse VALUES (1, 0)",
                Traffic.insert("district", DISTRICTS, d -> "(1, %d, 0, 1)".formatted(d)),
                Traffic.insert(
                        "customer",
                        DISTRICTS * CUSTOMERS,
                        c ->
                                "(%d, %d, 1, 'NAME%d', 0, 0, REPEAT('%d', 80))"
                                        .formatted(
                                                1 + (c - 1) / CUSTOMERS,
                                                1 + (c - 1) % CUSTOMERS,
                                                c % 10,
                                                c % 10)),
                Traffic.insert("item", ITEMS, i -> "(%1$d, 'item %1$d', %1$d / 7)".formatted(i)),
                Traffic.insert("stock", ITEMS, i -> "(%d, 50, 0)".formatted(i)));
    }

    @Override
    public void transaction(Connection connection, Random random) throws SQLException {
        try (var statement = connection.createStatement()) {
            switch (random.nextInt(10)) {
                case 0 -> deliver(statement, random);
                case 1, 2, 3, 4 -> pay(statement, random);
                default -> order(statement, random);
            }
        }
    }

    private static void order(Statement statement, Random random) throws SQLException {
        var district = 1 + random.nextInt(DISTRICTS);
        var order =
                Traffic.number(
                        statement,
                        "SELECT d_next FROM district WHERE d_w_id = 1 AND d_id = %d FOR UPDATE"
                                .formatted(district),
                        0);
        statement.executeUpdate(
                "UPDATE district SET d_next = d_next + 1 WHERE d_w_id = 1 AND d_id = " + district);
        var lines = 2 + random.nextInt(5);
        statement.executeUpdate(
                "INSERT INTO orders VALUES (%d, %d, %d, NOW(6), NULL, %d)"
                        .formatted(district, order, customer(random), lines));
        statement.executeUpdate("INSERT INTO new_order VALUES (%d, %d)".formatted(district, order));
        for (var line = 1; line <= lines; line++) {
            var item = 1 + random.nextInt(ITEMS);
            var quantity = 1 + random.nextInt(10);
            statement.executeUpdate(
                    """
                    UPDATE stock
                    SET s_quantity = IF(s_quantity > %1$d + 10, s_quantity - %1$d, s_quantity - %1$d + 91),
                        s_ytd = s_ytd + %1$d
                    WHERE s_i_id = %2$d
                    """
                            .formatted(quantity, item));
            statement.executeUpdate(
                    """
                    INSERT INTO order_line (ol_d_id, ol_o_id, ol_number, ol_i_id, ol_quantity, ol_amount, ol_delivered)
                    SELECT %1$d, %2$d, %3$d, i_id, %4$d, i_price * %4$d, NULL
                    FROM item
                    WHERE i_id = %5$d
                    """
                            .formatted(district, order, line, quantity, item));
        }
    }

    private static void pay(Statement statement, Random random) throws SQLException {
        var district = 1 + random.nextInt(DISTRICTS);
        var customer = customer(random);
        var amount = 1 + random.nextInt(5_000);
        statement.executeUpdate("UPDATE warehouse SET w_ytd = w_ytd + " + amount);
        statement.executeUpdate(
                "UPDATE district SET d_ytd = d_ytd + %d WHERE d_w_id = 1 AND d_id = %d"
                        .formatted(amount, district));
        statement.executeUpdate(
                """
                UPDATE customer
                SET c_balance = c_balance - %d,
                    c_payments = c_payments + 1,
                    c_data = IF(c_payments %% 10 = 0, LEFT(CONCAT('%d ', c_data), 250), c_data)
                WHERE c_d_id = %d AND c_id = %d
                """
                        .formatted(amount, amount, district, customer));
        statement.executeUpdate(
                "INSERT INTO history VALUES (%d, %d, NOW(), %d, 'paid')"
                        .formatted(district, customer, amount));
        if (random.nextInt(4) == 0) {
            statement.executeUpdate(
                    "DELETE FROM history WHERE h_d_id = %d LIMIT 8".formatted(district));
        }
    }

    /// Delivers the oldest open order of each district, and clears old ones away.
    private static void deliver(Statement statement, Random random) throws SQLException {
        for (var district = 1; district <= DISTRICTS; district++) {
            var next =
                    Traffic.number(
                            statement,
                            "SELECT d_next FROM district WHERE d_w_id = 1 AND d_id = %d FOR UPDATE"
                                    .formatted(district),
                            0);
            for (var i = 0; i < 4; i++) {
                deliver(statement, random, district);
            }
            var old = next - ORDERS_KEPT;
            clear(statement, "new_order", "no_d_id = %d AND no_o_id < %d", district, old);
            clear(statement, "order_line", "ol_d_id = %d AND ol_o_id < %d", district, old);
            clear(statement, "orders", "o_d_id = %d AND o_id < %d", district, old);
        }
    }

    private static void deliver(Statement statement, Random random, int district)
            throws SQLException {
        var order =
                Traffic.number(
                        statement,
                        "SELECT MIN(no_o_id) FROM new_order WHERE no_d_id = " + district,
                        0);
        if (order == 0) {
            return;
        }
        statement.executeUpdate(
                "DELETE FROM new_order WHERE no_d_id = %d AND no_o_id = %d"
                        .formatted(district, order));
        statement.executeUpdate(
                "UPDATE orders SET o_carrier = %d WHERE o_d_id = %d AND o_id = %d"
                        .formatted(1 + random.nextInt(10), district, order));
        statement.executeUpdate(
                "UPDATE order_line SET ol_delivered = NOW(3) WHERE ol_d_id = %d AND ol_o_id = %d"
                        .formatted(district, order));
        statement.executeUpdate(
                """
                UPDATE customer, orders
                SET c_balance = c_balance + (
                    SELECT SUM(ol_amount) FROM order_line WHERE ol_d_id = %1$d AND ol_o_id = %2$d)
                WHERE o_d_id = %1$d AND o_id = %2$d AND c_d_id = o_d_id AND c_id = o_c_id
                """
                        .formatted(district, order));
    }

    private static void clear(
            Statement statement, String table, String condition, int district, long old)
            throws SQLException {
        statement.executeUpdate(
                "DELETE FROM " + table + " WHERE " + condition.formatted(district, old));
    }

    private static int customer(Random random) {
        return 1 + random.nextInt(CUSTOMERS);
    }
}
