package ferry.dialects.mysql;

import static ferry.dialects.mysql.MySqlSql.quote;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes definitions as statements for one server. It only spells: what that server cannot hold
/// was replaced before.
final class CreateTextWriter {
    /// Options of Table that are written as they are, by their name there.
    static final Map<String, String> PLAIN_OPTIONS =
            new TreeMap<>(
                    Map.of(
                            "row_format", "ROW_FORMAT",
                            "key_block_size", "KEY_BLOCK_SIZE",
                            "stats_persistent", "STATS_PERSISTENT",
                            "stats_auto_recalc", "STATS_AUTO_RECALC",
                            "stats_sample_pages", "STATS_SAMPLE_PAGES",
                            "min_rows", "MIN_ROWS",
                            "max_rows", "MAX_ROWS",
                            "avg_row_length", "AVG_ROW_LENGTH"));

    private final MySqlServer server;

    CreateTextWriter(MySqlServer server) {
        this.server = server;
    }

    /// The statement that creates the table with these keys, without foreign keys.
    String create(Table table, List<Key> keys) {
        var items = new ArrayList<String>();
        table.columns().forEach(column -> items.add(column(table, column)));
        keys.forEach(key -> items.add(key(key)));
        new TreeMap<>(table.options())
                .forEach((name, value) -> {
                    if (name.startsWith("check unnamed_")) {
                        items.add("CHECK " + value);
                    } else if (name.startsWith("check ")) {
                        items.add(
                                "CONSTRAINT "
                                        + quote(name.substring("check ".length()))
                                        + " CHECK "
                                        + value);
                    }
                });
        return "CREATE TABLE IF NOT EXISTS "
                + quote(table.name())
                + " (\n  "
                + String.join(",\n  ", items)
                + "\n)"
                + options(table.options())
                + table.partitioning().map(clause -> "\n" + clause).orElse("");
    }

    String column(Table table, Column column) {
        var text = new StringBuilder(quote(column.name())).append(' ').append(nativeType(column));
        switch (column.type()) {
            case DataType.Text(var charset, var collation, _, _) ->
                    text.append(charset(charset, collation));
            case DataType.Enumeration(_, var charset, var collation) ->
                    text.append(charset(charset, collation));
            case DataType.Members(_, var charset, var collation) ->
                    text.append(charset(charset, collation));
            default -> {}
        }
        column.generatedSql()
                .ifPresent(expression ->
                        text.append(" GENERATED ALWAYS AS (")
                                .append(expression)
                                .append(") ")
                                .append(column.generation()));
        // MariaDB takes neither NULL nor NOT NULL behind a generated column.
        if (column.carried() || !server.version().isMariaDb()) {
            // Without the word NULL, old servers give a TIMESTAMP column NOT NULL and a default of
            // their own.
            text.append(
                    !column.nullable()
                            ? " NOT NULL"
                            : column.type() instanceof DataType.Timestamp ? " NULL" : "");
        }
        column.defaultSql().ifPresent(value -> text.append(" DEFAULT ").append(value));
        if (column.defaultSql().isEmpty()
                && column.nullable()
                && column.type() instanceof DataType.Timestamp
                && column.carried()) {
            text.append(" DEFAULT NULL");
        }
        column.onUpdateSql().ifPresent(value -> text.append(" ON UPDATE ").append(value));
        text.append(column.autoIncrement() ? " AUTO_INCREMENT" : "");
        text.append(column.invisible() ? " INVISIBLE" : "");
        if (!column.comment().isEmpty()) {
            text.append(" COMMENT ").append(SqlScanner.print(column.comment()));
        }
        var srid = column.nativeType().indexOf(" srid ");
        if (srid > 0) {
            text.append(column.nativeType().substring(srid).toUpperCase(java.util.Locale.ROOT));
        }
        var check = table.options().get("column check " + column.name());
        return check == null ? text.toString() : text.append(" CHECK ").append(check).toString();
    }

    private static String nativeType(Column column) {
        var type = column.nativeType();
        var system = Math.max(type.indexOf(" srid "), type.indexOf(" ref_system_id "));
        if (!(column.type() instanceof DataType.Geometry) || system < 0) {
            return type;
        }
        var name = type.substring(0, system);
        return type.contains(" ref_system_id ")
                ? name + " REF_SYSTEM_ID=" + type.substring(type.lastIndexOf(' ') + 1)
                : name;
    }

    private String charset(String charset, String collation) {
        return " CHARACTER SET "
                + server.spelled(charset)
                + " COLLATE "
                + server.spelled(collation);
    }

    String key(Key key) {
        var word =
                switch (key.kind()) {
                    case PRIMARY -> "PRIMARY KEY";
                    case UNIQUE -> "UNIQUE KEY " + quote(key.name());
                    case PLAIN -> "KEY " + quote(key.name());
                    case FULLTEXT -> "FULLTEXT KEY " + quote(key.name());
                    case SPATIAL -> "SPATIAL KEY " + quote(key.name());
                };
        return word
                + " ("
                + key.parts().stream().map(CreateTextWriter::part).collect(Collectors.joining(", "))
                + ")"
                + key.options().map(options -> " " + keyOptions(options)).orElse("");
    }

    private String keyOptions(String options) {
        return server.version().isMariaDb() && options.endsWith("INVISIBLE")
                ? options.substring(0, options.length() - "INVISIBLE".length()) + "IGNORED"
                : options;
    }

    private static String part(Key.Part part) {
        var text =
                part.expression()
                        .map(expression -> "(" + expression + ")")
                        .orElseGet(() -> quote(part.column()));
        var prefix = part.prefixLength() > 0 ? "(" + part.prefixLength() + ")" : "";
        return text + prefix + (part.descending() ? " DESC" : "");
    }

    private String options(Map<String, String> options) {
        var text = new StringBuilder();
        if (options.containsKey("engine")) {
            text.append(" ENGINE=").append(options.get("engine"));
        }
        if (options.containsKey("auto_increment")) {
            text.append(" AUTO_INCREMENT=").append(options.get("auto_increment"));
        }
        if (options.containsKey("charset")) {
            text.append(" DEFAULT CHARSET=").append(server.spelled(options.get("charset")));
        }
        if (options.containsKey("collation")) {
            text.append(" COLLATE=").append(server.spelled(options.get("collation")));
        }
        PLAIN_OPTIONS.forEach((name, word) -> {
            if (options.containsKey(name)) {
                text.append(' ').append(word).append('=').append(options.get(name));
            }
        });
        if (options.containsKey("compression")) {
            text.append(" COMPRESSION=").append(SqlScanner.print(options.get("compression")));
        }
        if (options.containsKey("comment")) {
            text.append(" COMMENT=").append(SqlScanner.print(options.get("comment")));
        }
        return text.toString();
    }

    String addKey(TableName table, Key key) {
        return "ALTER TABLE " + quote(table) + " ADD " + key(key);
    }

    String addForeignKey(TableName table, ForeignKey key) {
        return "ALTER TABLE " + quote(table) + " " + foreignKey(key);
    }

    /// The action of an ALTER TABLE that adds it.
    String foreignKey(ForeignKey key) {
        return "ADD CONSTRAINT "
                + quote(key.name())
                + " FOREIGN KEY ("
                + MySqlSql.quoteAll(key.columns())
                + ") REFERENCES "
                + quote(key.parent())
                + " ("
                + MySqlSql.quoteAll(key.parentColumns())
                + ")"
                + rule(" ON DELETE ", key.onDelete())
                + rule(" ON UPDATE ", key.onUpdate());
    }

    private static String rule(String words, String rule) {
        return rule.equals("NO ACTION") ? "" : words + rule;
    }
}
