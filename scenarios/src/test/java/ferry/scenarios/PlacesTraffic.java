package ferry.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/// Writes what an apply that is not careful gets wrong: unique values that change places or are
/// handed on, keys that move, rows that are deleted and inserted again, and equal rows of a table
/// without any key.
record PlacesTraffic() implements Traffic {
    private static final int ROWS = 600;
    private static final int LOOSE_ROWS = 1_000;

    @Override
    public String name() {
        return "places";
    }

    @Override
    public List<String> tables() {
        return List.of(
                """
                CREATE TABLE places (
                    id INT PRIMARY KEY,
                    place INT,
                    code VARCHAR(20) NOT NULL,
                    changed TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
                    UNIQUE KEY places_place (place),
                    UNIQUE KEY places_code (code)
                )\
                """,
                Traffic.insert(
                        "places (id, place, code)",
                        ROWS,
                        id -> "(%1$d, %1$d, 'c%1$d')".formatted(id)),
                "CREATE TABLE loose (kind VARCHAR(20), amount INT, f FLOAT, at_time DATETIME(3))",
                Traffic.insert(
                        "loose",
                        LOOSE_ROWS,
                        i -> "('k%d', %d, %d / 3, NULL)".formatted(i % 7, i % 3, i % 11)));
    }

    @Override
    public void transaction(Connection connection, Random random) throws SQLException {
        var a = 1 + random.nextInt(ROWS - 2);
        try (var statement = connection.createStatement()) {
            switch (random.nextInt(7)) {
                case 0 -> swap(statement, a, a + 1);
                case 1 -> {
                    swap(statement, a, a + 1);
                    swap(statement, a + 1, a + 2);
                }
                case 2 -> handOn(statement, a, random.nextInt());
                case 3 -> moveKey(statement, a);
                case 4 ->
                        statement.executeUpdate(
                                "UPDATE places SET code = CONCAT('x', id, '-', %d) WHERE id = %d"
                                        .formatted(random.nextInt(1_000), a));
                default -> loose(statement, random);
            }
        }
    }

    /// Two rows change their unique values, by way of NULL.
    private static void swap(Statement statement, int a, int b) throws SQLException {
        var query = "SELECT place FROM places WHERE id = %d FOR UPDATE";
        var first = Traffic.number(statement, query.formatted(a), 0);
        var second = Traffic.number(statement, query.formatted(b), 0);
        if (first == 0 || second == 0) {
            return; // one of them is away
        }
        var update = "UPDATE places SET place = %s WHERE id = %d";
        statement.executeUpdate(update.formatted("NULL", a));
        statement.executeUpdate(update.formatted(first, b));
        statement.executeUpdate(update.formatted(second, a));
    }

    /// A row goes, and another one takes both of its unique values and then its key.
    private static void handOn(Statement statement, int id, int code) throws SQLException {
        var stranger = 10 * ROWS + id;
        statement.executeUpdate("DELETE FROM places WHERE id IN (%d, %d)".formatted(id, stranger));
        statement.executeUpdate(
                "INSERT INTO places (id, place, code) VALUES (%d, %d, 'h%d')"
                        .formatted(stranger, id, code));
        statement.executeUpdate("UPDATE places SET id = %d WHERE id = %d".formatted(id, stranger));
    }

    private static void moveKey(Statement statement, int id) throws SQLException {
        statement.executeUpdate(
                "UPDATE places SET id = IF(id > %1$d, id - %1$d, id + %1$d) WHERE id IN (%2$d, %2$d + %1$d)"
                        .formatted(20 * ROWS, id));
    }

    private static void loose(Statement statement, Random random) throws SQLException {
        var rows = Traffic.number(statement, "SELECT COUNT(*) FROM loose", 0);
        switch (rows > LOOSE_ROWS ? 2 : random.nextInt(3)) {
            case 0 ->
                    statement.executeUpdate(
                            "INSERT INTO loose (kind, amount, f, at_time) VALUES ('k%d', %d, 0.1, NOW(3)), ('twice', 1, NULL, NULL), ('twice', 1, NULL, NULL)"
                                    .formatted(random.nextInt(7), random.nextInt(3)));
            case 1 ->
                    statement.executeUpdate(
                            "UPDATE loose SET amount = amount + 1 WHERE kind = 'k%d' LIMIT 2"
                                    .formatted(random.nextInt(7)));
            default -> statement.executeUpdate("DELETE FROM loose ORDER BY RAND() LIMIT 3");
        }
    }
}
