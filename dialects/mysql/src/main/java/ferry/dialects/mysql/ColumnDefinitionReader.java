package ferry.dialects.mysql;

import ferry.engine.model.Column;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the definition of a column in an ALTER TABLE (`INT UNSIGNED NOT NULL DEFAULT 1`) as the
/// dictionary would print it. Types and attributes that are not among the plain ones make the
/// outcome unknown: the result is empty.
final class ColumnDefinitionReader {
    private static final Map<String, String> ALIASES =
            Map.of(
                    "integer",
                    "int",
                    "numeric",
                    "decimal",
                    "dec",
                    "decimal",
                    "character",
                    "char",
                    "bool",
                    "tinyint(1)",
                    "boolean",
                    "tinyint(1)");

    /// Types whose full spelling says everything, with the length that is meant when none is
    /// written.
    private static final Map<String, String> PLAIN_TYPES =
            Map.ofEntries(
                    Map.entry("tinyint", ""),
                    Map.entry("smallint", ""),
                    Map.entry("mediumint", ""),
                    Map.entry("int", ""),
                    Map.entry("bigint", ""),
                    Map.entry("decimal", "(10,0)"),
                    Map.entry("double", ""),
                    Map.entry("char", "(1)"),
                    Map.entry("varchar", ""),
                    Map.entry("binary", "(1)"),
                    Map.entry("varbinary", ""),
                    Map.entry("tinytext", ""),
                    Map.entry("text", ""),
                    Map.entry("mediumtext", ""),
                    Map.entry("longtext", ""),
                    Map.entry("tinyblob", ""),
                    Map.entry("blob", ""),
                    Map.entry("mediumblob", ""),
                    Map.entry("longblob", ""),
                    Map.entry("date", ""),
                    Map.entry("time", ""),
                    Map.entry("datetime", ""),
                    Map.entry("bit", "(1)"),
                    Map.entry("enum", ""),
                    Map.entry("set", ""));

    private static final Set<String> TEXTS =
            Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set");
    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final Set<String> NEVER_IN_PARENTHESES =
            Set.of(
                    "tinytext",
                    "text",
                    "mediumtext",
                    "longtext",
                    "tinyblob",
                    "blob",
                    "mediumblob",
                    "longblob",
                    "double");

    private final MySqlDdl.Types types;
    private final Map<String, String> tableOptions;

    ColumnDefinitionReader(MySqlDdl.Types types, Map<String, String> tableOptions) {
        this.types = types;
        this.tableOptions = tableOptions;
    }

    /// The column that is defined here, up to its place; empty if the outcome cannot be told.
    Optional<Column> read(SqlTokens in, String name) {
        var word = in.name().toLowerCase(Locale.ROOT);
        var spelled = ALIASES.getOrDefault(word, word);
        var type = head(spelled);
        if (!PLAIN_TYPES.containsKey(type)) {
            return Optional.empty();
        }
        var length = length(in, type, spelled);
        if (length.isEmpty()) {
            return Optional.empty();
        }
        var nativeType = new StringBuilder(spelled).append(length.get());
        if (in.accept("UNSIGNED")) {
            nativeType.append(" unsigned");
        }
        var nullable = true;
        Optional<String> charset = Optional.empty();
        Optional<String> collation = Optional.empty();
        Optional<String> defaultSql = Optional.empty();
        var comment = "";
        while (!in.atEnd() && !in.stands("FIRST") && !in.stands("AFTER")) {
            if (in.accept("NOT", "NULL")) {
                nullable = false;
            } else if (in.accept("NULL")) {
                nullable = true;
            } else if (in.accept("CHARACTER", "SET") || in.accept("CHARSET")) {
                charset = Optional.of(in.name().toLowerCase(Locale.ROOT));
            } else if (in.accept("COLLATE")) {
                collation = Optional.of(in.name().toLowerCase(Locale.ROOT));
            } else if (in.accept("COMMENT")) {
                comment = in.string();
            } else if (in.accept("DEFAULT")) {
                var value = literal(in, type);
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                defaultSql = value.get();
            } else {
                return Optional.empty();
            }
        }
        if (TEXTS.contains(type)) {
            if (charset.isPresent() != collation.isPresent()) {
                return Optional.empty(); // the other follows from the server's defaults
            }
            charset = charset.or(() -> Optional.ofNullable(tableOptions.get("charset")));
            collation = collation.or(() -> Optional.ofNullable(tableOptions.get("collation")));
            if (charset.isEmpty() || collation.isEmpty()) {
                return Optional.empty();
            }
        }
        var canBeNull = nullable;
        var defaultText = defaultSql;
        var commentText = comment;
        return types.parse(nativeType.toString(), charset, collation)
                .map(dataType ->
                        new Column(
                                name,
                                dataType,
                                nativeType.toString(),
                                canBeNull,
                                defaultText,
                                Optional.empty(),
                                false,
                                Column.Generation.NONE,
                                Optional.empty(),
                                false,
                                commentText));
    }

    /// What stands in parentheses behind a type, as the dictionary prints it; empty if that cannot
    /// be told.
    private static Optional<String> length(SqlTokens in, String type, String spelled) {
        if (!in.accept("(")) {
            var needed = Set.of("varchar", "varbinary", "enum", "set").contains(type);
            return needed
                    ? Optional.empty()
                    : Optional.of(spelled.contains("(") ? "" : PLAIN_TYPES.get(type));
        }
        if (spelled.contains("(") || NEVER_IN_PARENTHESES.contains(type)) {
            return Optional.empty();
        }
        var text = new StringBuilder("(");
        do {
            text.append(text.length() > 1 ? "," : "");
            text.append(
                    in.standsString()
                            ? SqlScanner.print(in.string())
                            : Integer.toString(in.number()));
        } while (in.accept(","));
        in.expect(")");
        if (type.equals("decimal") && text.indexOf(",") < 0) {
            text.append(",0");
        }
        return Optional.of(text.append(")").toString());
    }

    /// The default that stands here, for a column of this type; see [#literal].
    static Optional<Optional<String>> defaultSql(SqlTokens in, String nativeType) {
        return literal(in, head(nativeType));
    }

    /// A default that the dictionary prints as it was written: text of a text column, whole numbers
    /// of an integer column, NULL.
    private static Optional<Optional<String>> literal(SqlTokens in, String type) {
        if (in.accept("NULL")) {
            return Optional.of(Optional.empty());
        }
        if (TEXTS.contains(type) && in.standsString()) {
            return Optional.of(Optional.of(SqlScanner.print(in.string())));
        }
        if (INTEGERS.contains(type)) {
            var sign = in.accept("-") ? "-" : "";
            if (in.standsNumber()) {
                return Optional.of(Optional.of(SqlScanner.print(sign + in.number())));
            }
        }
        return Optional.empty();
    }

    private static String head(String nativeType) {
        var end = 0;
        while (end < nativeType.length() && Character.isLetter(nativeType.charAt(end))) {
            end++;
        }
        return nativeType.substring(0, end);
    }
}
