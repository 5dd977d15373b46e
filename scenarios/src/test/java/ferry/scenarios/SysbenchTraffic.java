package ferry.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes as sysbench's `oltp_write_only` does: an update of the indexed number, one of the text,
/// and a row that is deleted and inserted again. Now and then a statement changes many rows.
record SysbenchTraffic() implements Traffic {
    static final int TABLES = 4;
    private static final int ROWS = 4_000;
    private static final int ROWS_AT_ONCE = 400;

    @Override
    public String name() {
        return "sysbench";
    }

    @Override
    public List<String> tables() {
        var random = new Random(1);
        var statements = new ArrayList<String>();
        for (var table = 1; table <= TABLES; table++) {
            statements.add(
                    """
                    CREATE TABLE sbtest%d (
                        id INT NOT NULL AUTO_INCREMENT,
                        k INT NOT NULL DEFAULT 0,
                        c CHAR(120) NOT NULL DEFAULT '',
                        pad CHAR(60) NOT NULL DEFAULT '',
                        PRIMARY KEY (id),
                        KEY k (k)
                    )\
                    """
                            .formatted(table));
            var into = "sbtest" + table + " (id, k, c, pad)";
            statements.add(
                    Traffic.insert(
                            into,
                            ROWS,
                            id ->
                                    "(%d, %d, '%s', '%s')"
                                            .formatted(
                                                    id,
                                                    id % 97,
                                                    text(random, 10),
                                                    text(random, 5))));
        }
        return statements;
    }

    @Override
    public void transaction(Connection connection, Random random) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (random.nextInt(50) == 0) {
                var first = id(random);
                statement.executeUpdate(
                        "UPDATE %s SET k = k + 1, c = REVERSE(c) WHERE id BETWEEN %d AND %d"
                                .formatted(table(random), first, first + ROWS_AT_ONCE));
                return;
            }
            statement.executeUpdate(
                    "UPDATE %s SET k = k + 1 WHERE id = %d".formatted(table(random), id(random)));
            statement.executeUpdate(
                    "UPDATE %s SET c = '%s' WHERE id = %d"
                            .formatted(table(random), text(random, 10), id(random)));
            var table = table(random);
            var id = id(random);
            statement.executeUpdate("DELETE FROM %s WHERE id = %d".formatted(table, id));
            statement.executeUpdate(
                    "INSERT INTO %s (id, k, c, pad) VALUES (%d, %d, '%s', '%s')"
                            .formatted(table, id, id(random), text(random, 10), text(random, 5)));
        }
    }

    private static String table(Random random) {
        return "sbtest" + (1 + random.nextInt(TABLES));
    }

    private static int id(Random random) {
        return 1 + random.nextInt(ROWS);
    }

    private static String text(Random random, int groups) {
        return IntStream.range(0, groups)
                .mapToObj(
                        _ -> String.format(Locale.ROOT, "%011d", random.nextLong(100_000_000_000L)))
                .collect(Collectors.joining("-"));
    }
}
