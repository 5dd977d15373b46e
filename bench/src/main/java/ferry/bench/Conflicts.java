package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Tables and transactions on which an apply that is not careful goes wrong: unique values that
/// change places or move along, rows deleted and inserted again, one hot row, parents and children.
record Conflicts(int rows) implements Dataset, Workload {
    private static final int KINDS = 5;

    @Override
    public String what() {
        return "tables of conflicts";
    }

    @Override
    public List<String> names() {
        return List.of("places", "hot", "parents", "children");
    }

    @Override
    public String definition(String table) {
        var columns =
                switch (table) {
                    case "places" -> "id INT PRIMARY KEY, place INT, UNIQUE KEY place (place)";
                    case "hot" -> "id INT PRIMARY KEY, count BIGINT";
                    case "parents" -> "id INT PRIMARY KEY, name VARCHAR(40)";
                    case "children" ->
                            """
                            id INT PRIMARY KEY, parent INT,
                            KEY parent (parent), FOREIGN KEY (parent) REFERENCES parents (id)\
                            """;
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
        var values = new StringBuilder();
        for (var id = 1; id <= (table.equals("hot") ? 1 : rows); id++) {
            values.append(id == 1 ? "" : ", ");
            values.append(
                    switch (table) {
                        case "places" -> "(%d, %d)".formatted(id, id);
                        case "hot" -> "(1, 0)";
                        case "parents" -> "(%d, 'parent %d')".formatted(id, id);
                        default -> "(%d, %d)".formatted(id, id);
                    });
        }
        server.execute(
                "SET sql_log_bin = 0",
                "INSERT INTO %s.%s VALUES %s".formatted(DATABASE, table, values));
    }

    @Override
    public String transaction(SplittableRandom random) {
        var a = 1 + random.nextInt(rows - 2);
        var statements =
                switch (random.nextInt(KINDS)) {
                    case 0 -> swap(a, a + 1);
                    case 1 -> chain(a);
                    case 2 -> again(a, random.nextInt());
                    case 3 -> "UPDATE hot SET count = count + 1 WHERE id = 1";
                    default -> family(a, rows + 1 + random.nextInt(rows));
                };
        return "START TRANSACTION; " + statements + "; COMMIT";
    }

    /// Two rows change their unique values, by way of NULL.
    private static String swap(int a, int b) {
        return """
        SELECT id FROM places WHERE id IN (%1$d, %2$d) FOR UPDATE;
        SET @a = (SELECT place FROM places WHERE id = %1$d);
        SET @b = (SELECT place FROM places WHERE id = %2$d);
        UPDATE places SET place = NULL WHERE id = %1$d;
        UPDATE places SET place = @a WHERE id = %2$d;
        UPDATE places SET place = @b WHERE id = %1$d\
        """
                .formatted(a, b);
    }

    /// Three rows hand their unique values on.
    private static String chain(int a) {
        return swap(a, a + 1) + ";\n" + swap(a + 1, a + 2);
    }

    private static String again(int id, int name) {
        return """
        DELETE FROM children WHERE id = %1$d;
        DELETE FROM children WHERE parent = %1$d;
        DELETE FROM parents WHERE id = %1$d;
        INSERT INTO parents VALUES (%1$d, 'again %2$d');
        INSERT INTO children VALUES (%1$d, %1$d)\
        """
                .formatted(id, name);
    }

    /// A parent that is new or has gone, and its child.
    private static String family(int a, int id) {
        return """
        DELETE FROM children WHERE id = %1$d;
        DELETE FROM children WHERE parent = %1$d;
        DELETE FROM parents WHERE id = %1$d;
        INSERT INTO parents VALUES (%1$d, 'new');
        INSERT INTO children VALUES (%1$d, %1$d);
        UPDATE children SET parent = %1$d WHERE id = %2$d\
        """
                .formatted(id, a);
    }
}
