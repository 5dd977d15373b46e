package ferry.scenarios;

import ferry.engine.filter.TableMapping;
import ferry.engine.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a server's dictionary says about one table, in lines that must be the same at both ends.
/// Between servers of one kind that is everything; between different kinds it is the columns' names
/// and nullability, and the keys.
record Definition(List<Contents.Column> columns, List<String> lines) {
    private static final String COLUMNS =
            """
            SELECT column_name, data_type, is_nullable %s
            FROM information_schema.columns
            WHERE table_schema = %s AND table_name = %s
            ORDER BY ordinal_position
            """;
    private static final String MORE_OF_COLUMNS =
            """
            , column_type, column_default, extra,
              character_set_name, collation_name, column_comment, generation_expression\
            """;
    private static final String KEYS =
            """
            SELECT index_name, non_unique, seq_in_index, column_name, sub_part, index_type, collation
            FROM information_schema.statistics
            WHERE table_schema = %s AND table_name = %s
            ORDER BY index_name, seq_in_index
            """;
    private static final String FOREIGN_KEYS =
            """
            SELECT u.constraint_name, u.column_name, u.referenced_column_name, r.delete_rule, r.update_rule,
                   u.referenced_table_schema, u.referenced_table_name
            FROM information_schema.key_column_usage u
            JOIN information_schema.referential_constraints r
              ON r.constraint_schema = u.constraint_schema AND r.constraint_name = u.constraint_name
            WHERE u.table_schema = %s AND u.table_name = %s
            ORDER BY u.constraint_name, u.ordinal_position
            """;
    private static final String PARTITIONS =
            """
            SELECT partition_name, partition_method, partition_expression, partition_description
            FROM information_schema.partitions
            WHERE table_schema = %s AND table_name = %s AND partition_name IS NOT NULL
            ORDER BY partition_ordinal_position
            """;

    Definition {
        columns = List.copyOf(columns);
        lines = List.copyOf(lines);
    }

    /// `names` gives the name in the target of a column, empty for one that does not move, and
    /// `parents` what moves of a table that a foreign key refers to.
    static Definition read(
            Connection connection,
            TableName table,
            boolean everything,
            Function<String, Optional<String>> names,
            Function<TableName, TableMapping> parents)
            throws SQLException {
        var columns = new ArrayList<Contents.Column>();
        var lines = new ArrayList<String>();
        var select = COLUMNS.formatted(everything ? MORE_OF_COLUMNS : "", "%s", "%s");
        for (var row : named(rows(connection, select, table), 0, 0, names)) {
            columns.add(new Contents.Column(row.get(0), row.get(1)));
            lines.add("column " + (everything ? row : List.of(row.get(0), row.get(2))));
        }
        for (var row : named(rows(connection, KEYS, table), 0, 3, names)) {
            // The kernel names no prefix lengths and orders in the same way.
            lines.add("key " + (everything ? row : row.subList(0, 4)));
        }
        for (var row : named(rows(connection, FOREIGN_KEYS, table), 0, 1, names)) {
            // Two words for one thing in the MySQL family; the kernel knows one of them.
            row.replaceAll(word -> everything || !word.equals("NO ACTION") ? word : "RESTRICT");
            var parent = parents.apply(new TableName(row.get(5), row.get(6)));
            parent.columns()
                    .flatMap(choice -> choice.nameOf(row.get(2)))
                    .ifPresent(name -> row.set(2, name));
            lines.add("foreign key " + row.subList(0, 5) + " to " + parent.target());
        }
        for (var row : rows(connection, PARTITIONS, table)) {
            lines.add("partition " + (everything ? row : row.getFirst()));
        }
        return new Definition(columns, lines);
    }

    /// The rows with the names that columns have in the target, without all rows of what has a
    /// column that does not move.
    private static List<List<String>> named(
            List<List<String>> rows,
            int object,
            int column,
            Function<String, Optional<String>> names) {
        var gone =
                rows.stream()
                        .filter(row -> names.apply(row.get(column)).isEmpty())
                        .map(row -> row.get(object))
                        .collect(Collectors.toSet());
        return rows.stream()
                .filter(row -> !gone.contains(row.get(object)))
                .map(row -> {
                    var named = new ArrayList<>(row);
                    named.set(column, names.apply(row.get(column)).orElseThrow());
                    return (List<String>) named;
                })
                .toList();
    }

    private static List<List<String>> rows(Connection connection, String sql, TableName table)
            throws SQLException {
        try (var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                sql.formatted(
                                        Quoting.text(table.database()),
                                        Quoting.text(table.table())))) {
            var rows = new ArrayList<List<String>>();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (var i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /// The lines that only one of both has.
    static List<String> differences(Definition source, Definition target) {
        var found = new ArrayList<String>();
        var missing = new TreeSet<>(source.lines);
        target.lines.forEach(missing::remove);
        var extra = new TreeSet<>(target.lines);
        source.lines.forEach(extra::remove);
        missing.forEach(line -> found.add("defined only at the source: " + line));
        extra.forEach(line -> found.add("defined only in the target: " + line));
        if (found.isEmpty()
                && !source.columns.stream()
                        .map(Contents.Column::name)
                        .toList()
                        .equals(target.columns.stream().map(Contents.Column::name).toList())) {
            found.add("the columns stand in another order");
        }
        return found;
    }
}
