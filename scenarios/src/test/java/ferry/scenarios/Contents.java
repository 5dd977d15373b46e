package ferry.scenarios;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// All rows of one table in a canonical form, sorted: Ferry's own reading and verifying have no
/// part in it.
record Contents(List<String> rows) {
    private static final int SHOWN_BYTES_MAX = 80;
    private static final int SHOWN_ROWS_MAX = 10;

    Contents {
        rows = List.copyOf(rows);
    }

    /// Reads the columns of a table. `bytewise`: both ends store strings in the same character set,
    /// so their bytes must be the same.
    static Contents read(
            Connection connection,
            String table,
            List<Column> columns,
            UnaryOperator<String> names,
            boolean bytewise)
            throws SQLException {
        var shown = columns.stream().map(Column::name).map(names).toList();
        var expressions =
                columns.stream()
                        .map(column -> column.expression(bytewise))
                        .collect(Collectors.joining(", "));
        try (var statement = connection.createStatement()) {
            statement.execute("SET time_zone = '+00:00'");
            statement.setFetchSize(100);
            try (var result = statement.executeQuery("SELECT " + expressions + " FROM " + table)) {
                var rows = new ArrayList<String>();
                while (result.next()) {
                    rows.add(row(result, shown));
                }
                rows.sort(null);
                return new Contents(rows);
            }
        }
    }

    /// A column by name and type, as the source's dictionary names them.
    record Column(String name, String type) {
        /// An expression whose value is the same at both ends exactly if the column's is.
        String expression(boolean bytewise) {
            var quoted = Quoting.name(name);
            return switch (type) {
                // FLOAT prints six digits only; as a DOUBLE it shows all of them.
                case "float" -> "CAST(" + quoted + " + 0e0 AS CHAR)";
                case "bit" -> "CAST(" + quoted + " + 0 AS CHAR)";
                case "char",
                        "varchar",
                        "tinytext",
                        "text",
                        "mediumtext",
                        "longtext",
                        "enum",
                        "set" ->
                        bytewise ? "CAST(" + quoted + " AS BINARY)" : quoted;
                case "json" -> "CAST(" + quoted + " AS CHAR)";
                case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> quoted;
                case "geometry",
                        "point",
                        "linestring",
                        "polygon",
                        "multipoint",
                        "multilinestring",
                        "multipolygon",
                        "geometrycollection",
                        "geomcollection" ->
                        "ST_AsText(" + quoted + ")";
                default -> "CAST(" + quoted + " AS CHAR)";
            };
        }
    }

    private static String row(ResultSet result, List<String> names) throws SQLException {
        var row = new StringBuilder();
        for (var i = 0; i < names.size(); i++) {
            row.append(i == 0 ? "" : ", ")
                    .append(names.get(i))
                    .append('=')
                    .append(value(result.getBytes(i + 1)));
        }
        return row.toString();
    }

    /// Length and bytes, so that no two values look the same.
    private static String value(byte[] bytes) {
        if (bytes == null) {
            return "NULL";
        }
        var shown = Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES_MAX));
        var printable = true;
        for (var b : shown) {
            printable &= b >= ' ' && b < 127;
        }
        var text =
                printable
                        ? "'" + new String(shown, StandardCharsets.US_ASCII) + "'"
                        : HexFormat.of().formatHex(shown);
        var digest = bytes.length > SHOWN_BYTES_MAX ? "#" + digest(bytes) : "";
        return bytes.length + ":" + text + digest;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// The first rows that only one of both has, counting how often each stands there; empty if
    /// there is none.
    static List<String> differences(Contents source, Contents target) {
        var found = new ArrayList<String>();
        var s = 0;
        var t = 0;
        while (s < source.rows.size() || t < target.rows.size()) {
            var order =
                    s == source.rows.size()
                            ? 1
                            : t == target.rows.size()
                                    ? -1
                                    : source.rows.get(s).compareTo(target.rows.get(t));
            if (order == 0) {
                s++;
                t++;
                continue;
            }
            if (found.size() == SHOWN_ROWS_MAX) {
                found.add("…");
                return found;
            }
            found.add(
                    order < 0
                            ? "only at the source: " + source.rows.get(s++)
                            : "only in the target: " + target.rows.get(t++));
        }
        return found;
    }
}
