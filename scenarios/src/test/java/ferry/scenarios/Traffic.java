package ferry.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What one kind of writer writes in a soak: tables of its own, and transactions on them. The rows
/// that they leave are bounded, however long it writes.
interface Traffic {
    /// Tells it from the others.
    String name();

    /// The statements that make and fill its tables.
    List<String> tables();

    /// Writes one transaction and leaves it open: whoever calls commits it, or rolls it back after
    /// an exception.
    void transaction(Connection connection, Random random) throws SQLException;

    /// One INSERT of so many rows, which are numbered from 1 on.
    static String insert(String table, int rows, IntFunction<String> row) {
        return "INSERT INTO "
                + table
                + " VALUES "
                + IntStream.rangeClosed(1, rows).mapToObj(row).collect(Collectors.joining(", "));
    }

    /// The number in the first column of the first row; `otherwise` if there is none, or it is
    /// NULL.
    static long number(Statement statement, String query, long otherwise) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            if (!rows.next()) {
                return otherwise;
            }
            var number = rows.getLong(1);
            return rows.wasNull() ? otherwise : number;
        }
    }
}
