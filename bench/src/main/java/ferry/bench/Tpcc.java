package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Tables and transactions like those of TPC-C: new orders of 5 to 15 lines, payments, deliveries
/// (49, 47 and 4 of a hundred; what only reads is left out). Every payment changes the row of its
/// warehouse and every new order that of its district, so there are few ways beside each other; the
/// history has no key.
///
/// @param items of which each warehouse has a stock
/// @param customers of each district
record Tpcc(int items, int customers) implements Dataset, Workload {
    private static final int WAREHOUSES = 4;
    private static final int DISTRICTS = 10;

    /// About so many rows, stock and customers half each.
    static Tpcc ofRows(long rows) {
        return new Tpcc(
                Math.toIntExact(rows / 2 / WAREHOUSES),
                Math.toIntExact(Math.max(1, rows / 2 / WAREHOUSES / DISTRICTS)));
    }

    @Override
    public String what() {
        return "tables like TPC-C's, %d warehouses".formatted(WAREHOUSES);
    }

    @Override
    public List<String> names() {
        return List.of(
                "warehouse",
                "district",
                "customer",
                "stock",
                "orders",
                "new_orders",
                "order_line",
                "history");
    }

    @Override
    public String definition(String table) {
        var columns =
                switch (table) {
                    case "warehouse" ->
                            "w INT PRIMARY KEY, name VARCHAR(10), tax DECIMAL(4, 4), ytd DECIMAL(12, 2)";
                    case "district" ->
                            """
                            w INT, d INT, name VARCHAR(10), tax DECIMAL(4, 4), ytd DECIMAL(12, 2),
                            next_order INT, PRIMARY KEY (w, d)\
                            """;
                    case "customer" ->
                            """
                            w INT, d INT, c INT, first VARCHAR(16), last VARCHAR(16),
                            balance DECIMAL(12, 2), paid DECIMAL(12, 2), payments INT, deliveries INT,
                            data VARCHAR(250), PRIMARY KEY (w, d, c), KEY name (w, d, last, first)\
                            """;
                    case "stock" ->
                            """
                            w INT, i INT, quantity INT, district CHAR(24), ytd INT, orders INT,
                            data VARCHAR(50), PRIMARY KEY (w, i)\
                            """;
                    case "orders" ->
                            """
                            w INT, d INT, o INT, c INT, entered DATETIME, carrier INT, lines_ INT,
                            PRIMARY KEY (w, d, o), KEY customer (w, d, c, o)\
                            """;
                    case "new_orders" -> "w INT, d INT, o INT, PRIMARY KEY (w, d, o)";
                    case "order_line" ->
                            """
                            w INT, d INT, o INT, line INT, i INT, delivered DATETIME, quantity INT,
                            amount DECIMAL(6, 2), district CHAR(24), PRIMARY KEY (w, d, o, line),
                            KEY item (w, i)\
                            """;
                    case "history" ->
                            "c INT, d INT, w INT, paid DATETIME, amount DECIMAL(6, 2), data VARCHAR(24)";
                    default -> throw new IllegalArgumentException(table);
                };
        return "CREATE TABLE %s.%s (%s)".formatted(DATABASE, table, columns);
    }

    @Override
    public Optional<String> keys(String table) {
        return Optional.empty();
    }

    @Override
    public void fill(DatabaseServer server, String table) throws SQLException {
        var rows =
                switch (table) {
                    case "warehouse" -> of("w, CONCAT('w', w), 0.1, 0", WAREHOUSES);
                    case "district" -> of("w, d, CONCAT('d', d), 0.1, 0, 1", WAREHOUSES, DISTRICTS);
                    case "customer" ->
                            of(
                                    """
                                    w, d, n, LEFT(MD5(n), 12), LEFT(MD5(n % 1000), 12), -10, 10, 1, 0,
                                    RPAD(MD5(n + d), 200, MD5(w))\
                                    """,
                                    WAREHOUSES, DISTRICTS, customers);
                    case "stock" ->
                            of(
                                    "w, d, 10 + d % 90, RPAD(MD5(d), 24, 'x'), 0, 0, RPAD(MD5(w), 40, MD5(d))",
                                    WAREHOUSES, items);
                    default -> "";
                };
        if (!rows.isEmpty()) {
            server.execute(
                    "SET sql_log_bin = 0",
                    "SET cte_max_recursion_depth = " + Integer.MAX_VALUE,
                    "INSERT INTO %s.%s %s".formatted(DATABASE, table, rows));
        }
    }

    /// Rows of these values, for each `w`, `d` and `n` from 1 to so many.
    private static String of(String values, int... counts) {
        var names = List.of("w", "d", "n").subList(0, counts.length);
        var numbers =
                IntStream.range(0, counts.length)
                        .mapToObj(i ->
                                "%1$ss (%1$s) AS (SELECT 1 UNION ALL SELECT %1$s + 1 FROM %1$ss WHERE %1$s < %2$d)"
                                        .formatted(names.get(i), counts[i]))
                        .collect(Collectors.joining(", "));
        var from = names.stream().map(name -> name + "s").collect(Collectors.joining(", "));
        return "WITH RECURSIVE %s SELECT %s FROM %s".formatted(numbers, values, from);
    }

    @Override
    public String transaction(SplittableRandom random) {
        var kind = random.nextInt(100);
        var statements = kind < 49 ? order(random) : kind < 96 ? payment(random) : delivery(random);
        return "START TRANSACTION; " + statements + "; COMMIT";
    }

    private String order(SplittableRandom random) {
        var w = warehouse(random);
        var d = district(random);
        var lines = 5 + random.nextInt(11);
        var sql =
                new StringBuilder(
                        """
                        SELECT next_order INTO @o FROM district WHERE w = %1$d AND d = %2$d FOR UPDATE;
                        UPDATE district SET next_order = @o + 1 WHERE w = %1$d AND d = %2$d;
                        INSERT INTO orders VALUES (%1$d, %2$d, @o, %3$d, NOW(), NULL, %4$d);
                        INSERT INTO new_orders VALUES (%1$d, %2$d, @o)\
                        """
                                .formatted(w, d, customer(random), lines));
        // In the order of their numbers, as everybody does who fears deadlocks.
        var ordered = random.ints(lines, 1, items + 1).sorted().toArray();
        for (var line = 1; line <= lines; line++) {
            var quantity = 1 + random.nextInt(10);
            sql.append(
                    """
                    ;
                    UPDATE stock SET quantity = IF(quantity > %3$d + 10, quantity - %3$d, quantity - %3$d + 91),
                      ytd = ytd + %3$d, orders = orders + 1 WHERE w = %1$d AND i = %2$d;
                    INSERT INTO order_line
                      VALUES (%1$d, %4$d, @o, %5$d, %2$d, NULL, %3$d, %6$d.%7$02d, 'abcdefghijklmnopqrstuvwx')\
                    """
                            .formatted(
                                    w,
                                    ordered[line - 1],
                                    quantity,
                                    d,
                                    line,
                                    random.nextInt(1_000),
                                    random.nextInt(100)));
        }
        return sql.toString();
    }

    private String payment(SplittableRandom random) {
        return """
        UPDATE warehouse SET ytd = ytd + %4$d WHERE w = %1$d;
        UPDATE district SET ytd = ytd + %4$d WHERE w = %1$d AND d = %2$d;
        UPDATE customer SET balance = balance - %4$d, paid = paid + %4$d, payments = payments + 1
          WHERE w = %1$d AND d = %2$d AND c = %3$d;
        INSERT INTO history VALUES (%3$d, %2$d, %1$d, NOW(), %4$d, 'warehouse    district')\
        """
                .formatted(
                        warehouse(random),
                        district(random),
                        customer(random),
                        1 + random.nextInt(5_000));
    }

    /// The oldest new order of each district; nothing where there is none.
    private String delivery(SplittableRandom random) {
        var w = warehouse(random);
        var carrier = 1 + random.nextInt(10);
        return IntStream.rangeClosed(1, DISTRICTS)
                .mapToObj(d ->
                        """
                        SELECT MIN(o) INTO @o FROM new_orders WHERE w = %1$d AND d = %2$d FOR UPDATE;
                        DELETE FROM new_orders WHERE w = %1$d AND d = %2$d AND o = @o;
                        SELECT MAX(c) INTO @c FROM orders WHERE w = %1$d AND d = %2$d AND o = @o;
                        UPDATE orders SET carrier = %3$d WHERE w = %1$d AND d = %2$d AND o = @o;
                        UPDATE order_line SET delivered = NOW() WHERE w = %1$d AND d = %2$d AND o = @o;
                        UPDATE customer SET balance = balance + 10, deliveries = deliveries + 1
                          WHERE w = %1$d AND d = %2$d AND c = @c\
                        """
                                .formatted(w, d, carrier))
                .collect(Collectors.joining(";\n"));
    }

    private static int warehouse(SplittableRandom random) {
        return 1 + random.nextInt(WAREHOUSES);
    }

    private static int district(SplittableRandom random) {
        return 1 + random.nextInt(DISTRICTS);
    }

    private int customer(SplittableRandom random) {
        return 1 + random.nextInt(customers);
    }
}
