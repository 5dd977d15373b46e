package ferry.dialects.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What an account may do, read from SHOW GRANTS with the roles that are active. Privileges on
/// single columns do not count.
final class MySqlGrants {
    private static final Pattern GRANT =
            Pattern.compile(
                    "(?i)(GRANT|REVOKE) (.+?) ON (?:TABLE )?((?:`(?:[^`]|``)*`|\\*|[A-Za-z0-9_$]+)\\.(?:`(?:[^`]|``)*`|\\*|[A-Za-z0-9_$]+)) (?:TO|FROM) .*");

    private final String account;
    private final List<Rule> rules;

    private MySqlGrants(String account, List<Rule> rules) {
        this.account = account;
        this.rules = List.copyOf(rules);
    }

    /// Privileges on everything that a database pattern and a table name match; `granted` is false
    /// for a partial revoke.
    private record Rule(boolean granted, Set<String> privileges, String database, String table) {
        boolean covers(String privilege, Optional<String> onDatabase) {
            var onEverything = database.equals("*");
            return table.equals("*")
                    && (privileges.contains("ALL")
                            || privileges.contains("ALL PRIVILEGES")
                            || privileges.contains(privilege))
                    && (onEverything || onDatabase.isPresent() && like(database, onDatabase.get()));
        }
    }

    static MySqlGrants read(Connection connection, MySqlServer server) throws SQLException {
        var account = Sql.text(connection, "SELECT CURRENT_USER()").orElse("''@''");
        var lines = new ArrayList<>(Sql.texts(connection, "SHOW GRANTS"));
        if (server.version().mySql(8, 0, 0)) {
            var roles = Sql.text(connection, "SELECT CURRENT_ROLE()").orElse("NONE");
            if (!roles.equalsIgnoreCase("NONE")) {
                lines.addAll(
                        Sql.texts(connection, "SHOW GRANTS FOR CURRENT_USER() USING " + roles));
            }
        }
        return parse(account, lines);
    }

    static MySqlGrants parse(String account, List<String> lines) {
        var rules = new ArrayList<Rule>();
        for (var line : lines) {
            var matcher = GRANT.matcher(line);
            if (matcher.matches()) {
                var scanner = SqlScanner.of(matcher.group(3));
                var database = name(scanner);
                scanner.expect('.');
                rules.add(
                        new Rule(
                                matcher.group(1).equalsIgnoreCase("GRANT"),
                                privileges(matcher.group(2)),
                                database,
                                name(scanner)));
            }
        }
        return new MySqlGrants(account, rules);
    }

    private static String name(SqlScanner scanner) {
        return scanner.accept('*') ? "*" : scanner.identifier();
    }

    private static Set<String> privileges(String text) {
        var privileges = new HashSet<String>();
        Arrays.stream(text.split(",(?![^(]*\\))"))
                .map(privilege -> privilege.strip().toUpperCase(Locale.ROOT))
                .forEach(privileges::add);
        return privileges;
    }

    /// A database in a grant is a pattern: `_` and `%` match, a backslash takes that away.
    private static boolean like(String pattern, String name) {
        var regex = new StringBuilder();
        for (var i = 0; i < pattern.length(); i++) {
            var symbol = pattern.charAt(i);
            if (symbol == '\\' && i + 1 < pattern.length()) {
                regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
            } else {
                regex.append(
                        symbol == '%'
                                ? ".*"
                                : symbol == '_' ? "." : Pattern.quote(String.valueOf(symbol)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(name)
                .matches();
    }

    /// True when every table of the database (of every database, if empty) is covered.
    boolean has(String privilege, Optional<String> database) {
        var granted =
                rules.stream().anyMatch(rule -> rule.granted() && rule.covers(privilege, database));
        var revoked =
                rules.stream()
                        .anyMatch(rule -> !rule.granted() && rule.covers(privilege, database));
        return granted && !revoked;
    }

    /// The privileges of these that are missing on a database, sorted.
    Set<String> missing(Set<String> wanted, Optional<String> database) {
        var missing = new TreeSet<String>();
        wanted.stream().filter(privilege -> !has(privilege, database)).forEach(missing::add);
        return missing;
    }

    /// The statement that grants them.
    String grant(Set<String> privileges, Optional<String> database) {
        var on = database.map(name -> MySqlSql.quote(name.replace("_", "\\_"))).orElse("*");
        return "GRANT "
                + String.join(", ", new TreeSet<>(privileges))
                + " ON "
                + on
                + ".* TO "
                + quotedAccount();
    }

    String quotedAccount() {
        var at = account.lastIndexOf('@');
        return at < 0
                ? MySqlSql.literal(account)
                : MySqlSql.literal(account.substring(0, at))
                        + "@"
                        + MySqlSql.literal(account.substring(at + 1));
    }
}
