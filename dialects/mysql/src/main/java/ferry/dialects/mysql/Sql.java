package ferry.dialects.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Small reads: one value, one column, or pairs. For dictionaries and variables, never for user
/// rows.
final class Sql {
    private Sql() {}

    static Optional<String> text(Connection connection, String query, Object... values)
            throws SQLException {
        return texts(connection, query, values).stream().findFirst();
    }

    /// The first column of every row; NULL is left out.
    static List<String> texts(Connection connection, String query, Object... values)
            throws SQLException {
        var texts = new ArrayList<String>();
        for (var row : rows(connection, query, values)) {
            if (row.getFirst() != null) {
                texts.add(row.getFirst());
            }
        }
        return texts;
    }

    /// The first two columns of every row, names in the server's order.
    static Map<String, String> pairs(Connection connection, String query, Object... values)
            throws SQLException {
        var pairs = new LinkedHashMap<String, String>();
        for (var row : rows(connection, query, values)) {
            pairs.put(row.get(0), row.get(1) == null ? "" : row.get(1));
        }
        return pairs;
    }

    /// All rows as text; a NULL is a null element.
    static List<List<String>> rows(Connection connection, String query, Object... values)
            throws SQLException {
        var rows = new ArrayList<List<String>>();
        try (var statement = connection.prepareStatement(query)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (var result = statement.executeQuery()) {
                var width = result.getMetaData().getColumnCount();
                while (result.next()) {
                    var row = new ArrayList<String>();
                    for (var i = 1; i <= width; i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /// All rows as text by the columns' names; a NULL is a null value.
    static List<Map<String, String>> named(Connection connection, String query)
            throws SQLException {
        var rows = new ArrayList<Map<String, String>>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            var columns = result.getMetaData();
            while (result.next()) {
                var row = new LinkedHashMap<String, String>();
                for (var i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(columns.getColumnLabel(i), result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    static void execute(Connection connection, String statement) throws SQLException {
        try (var execution = connection.createStatement()) {
            execution.execute(statement);
        }
    }
}
