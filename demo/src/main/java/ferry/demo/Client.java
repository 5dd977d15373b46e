package ferry.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One writer's connection and its dice. It remembers nothing from one transaction to the next:
/// what is there, only the database knows.
record Client(Connection connection, RandomGenerator random) {
    /// Opens a transaction that never ends by itself. Dates that no calendar has may be written.
    static Client over(Connection connection, RandomGenerator random) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "SET sql_mode = 'NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES', innodb_lock_wait_timeout = 5");
        }
        connection.setAutoCommit(false);
        return new Client(connection, random);
    }

    /// Changes rows; returns how many.
    int change(String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
        }
    }

    /// The first column of all rows, as text.
    List<String> texts(String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            set(statement, values);
            try (var rows = statement.executeQuery()) {
                return texts(rows);
            }
        }
    }

    Optional<String> text(String sql, Object... values) throws SQLException {
        return texts(sql, values).stream().findFirst();
    }

    /// A number of any size: a key written as text would be compared as a floating point number.
    Optional<BigDecimal> number(String sql, Object... values) throws SQLException {
        return text(sql, values).map(BigDecimal::new);
    }

    /// From 0 to below the limit.
    int below(int limit) {
        return random.nextInt(limit);
    }

    private static List<String> texts(ResultSet rows) throws SQLException {
        var texts = new ArrayList<String>();
        while (rows.next()) {
            texts.add(rows.getString(1));
        }
        return texts;
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
