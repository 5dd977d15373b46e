package ferry.dialects.mysql;

import ferry.engine.model.TableName;
import java.util.List;
import java.util.stream.Collectors;

/// SQL of the MySQL family as pure strings: quoting and the pieces that statements are made of.
final class MySqlSql {
    private MySqlSql() {}

    /// An identifier in backticks.
    static String quote(String identifier) {
        if (identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an identifier holds the character NUL");
        }
        return '`' + identifier.replace("`", "``") + '`';
    }

    /// A table's name with its database, each in backticks.
    static String quote(TableName table) {
        return quote(table.database()) + '.' + quote(table.table());
    }

    /// A string literal that means the same with and without NO_BACKSLASH_ESCAPES.
    static String literal(String text) {
        if (text.indexOf('\\') < 0) {
            return '\'' + text.replace("'", "''") + '\'';
        }
        // A backslash is an escape in one mode and itself in the other: only a hexadecimal literal
        // is read alike in both.
        return "_utf8mb4 0x" + hex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// A list of identifiers, each in backticks.
    static String quoteAll(List<String> identifiers) {
        return identifiers.stream().map(MySqlSql::quote).collect(Collectors.joining(", "));
    }

    static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
