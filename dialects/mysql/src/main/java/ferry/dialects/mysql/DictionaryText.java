package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Table;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Looks behind the question marks of definitions. The dictionaries of MySQL and MariaDB hold text
/// of three bytes a character: in members of ENUM and SET and in defaults they print `?` where an
/// emoji stands, while rows show it. (MySQL 9 prints such defaults in hexadecimal, and members
/// still so.) A definition that is read so would refuse the rows in the middle of a load.
final class DictionaryText {
    /// A member is looked for in the rows, without an index.
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final Set<String> WIDE =
            Set.of("utf8mb4", "utf16", "utf16le", "utf32", "gb18030");

    private final Connection connection;
    private final List<String> wrongMembers = new ArrayList<>();
    private final List<String> wrongDefaults = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    DictionaryText(Connection connection) {
        this.connection = connection;
    }

    static void check(Findings findings, Connection connection, List<Table> tables) {
        var text = new DictionaryText(connection);
        tables.forEach(table -> table.carried().forEach(column -> text.look(table, column)));
        text.tell(findings);
    }

    private void tell(Findings findings) {
        var item = "DB_DICTIONARY_TEXT";
        if (!wrongMembers.isEmpty()) {
            findings.failed(
                    item,
                    "The dictionary prints ? for members that rows show otherwise: "
                            + Findings.named(wrongMembers),
                    "Exclude the tables, or give these members names without emoji at the source");
        }
        findings.warnedIfAny(
                item,
                wrongDefaults,
                "No default holds a character that the dictionary cannot show",
                "The dictionary prints ? in defaults that are otherwise",
                "Set these defaults in the target by hand");
        if (!unknown.isEmpty()) {
            findings.warned(
                    item,
                    "A question mark in a member of ENUM or SET, or in a default, may stand for an emoji that the dictionary cannot show, and no row tells: "
                            + Findings.named(unknown),
                    "Look at these columns; if it stands for another character, exclude the tables or change the definition");
        }
    }

    private void look(Table table, Column column) {
        switch (column.type()) {
            case DataType.Enumeration(var members, var charset, _) -> {
                if (WIDE.contains(charset)) {
                    members(table, column, members, false);
                    defaultValue(table, column);
                }
            }
            case DataType.Members(var members, var charset, _) -> {
                if (WIDE.contains(charset)) {
                    members(table, column, members, true);
                    defaultValue(table, column);
                }
            }
            case DataType.Text(var charset, _, _, _) -> {
                if (WIDE.contains(charset)) {
                    defaultValue(table, column);
                }
            }
            default -> {}
        }
    }

    private void members(Table table, Column column, List<String> members, boolean set) {
        var name = MySqlSql.quote(column.name());
        for (var i = 0; i < members.size(); i++) {
            if (members.get(i).indexOf('?') < 0) {
                continue;
            }
            var condition =
                    set ? name + " & " + Long.toUnsignedString(1L << i) : name + " = " + (i + 1);
            var shown = name(table, column) + " (" + members.get(i) + ")";
            var found = ask(table, name, name + " + 0", " WHERE " + condition);
            if (found.isEmpty()) {
                unknown.add(shown);
            } else if (!found.get().text().equals(expected(members, set, found.get().number()))) {
                wrongMembers.add(shown);
            }
        }
    }

    private static String expected(List<String> members, boolean set, String number) {
        var value = Long.parseUnsignedLong(number);
        return set
                ? IntStream.range(0, members.size())
                        .filter(i -> (value >>> i & 1) != 0)
                        .mapToObj(members::get)
                        .collect(Collectors.joining(","))
                : members.get(Math.toIntExact(value) - 1);
    }

    private void defaultValue(Table table, Column column) {
        var printed =
                column.defaultSql().filter(sql -> sql.startsWith("'") && sql.indexOf('?') >= 0);
        if (printed.isEmpty()) {
            return;
        }
        var name = MySqlSql.quote(column.name());
        var found = ask(table, "DEFAULT(" + name + ")", "0", "");
        if (found.isEmpty()) {
            unknown.add(name(table, column) + " (default)");
        } else if (!SqlScanner.print(found.get().text()).equals(printed.get())) {
            wrongDefaults.add(name(table, column) + " is " + found.get().text());
        }
    }

    private static String name(Table table, Column column) {
        return table.name() + "." + column.name();
    }

    private record Found(String text, String number) {}

    /// What the first row has; empty if there is none, or none was found in time.
    private Optional<Found> ask(Table table, String text, String number, String where) {
        var query =
                "SELECT HEX(CONVERT(%s USING utf8mb4)), %s FROM %s%s LIMIT 1"
                        .formatted(text, number, MySqlSql.quote(table.name()), where);
        try (var statement = connection.createStatement()) {
            statement.setQueryTimeout(Math.toIntExact(LOOK.toSeconds()));
            try (var rows = statement.executeQuery(query)) {
                return rows.next() && rows.getString(1) != null
                        ? Optional.of(
                                new Found(
                                        new String(
                                                HexFormat.of().parseHex(rows.getString(1)),
                                                StandardCharsets.UTF_8),
                                        rows.getString(2)))
                        : Optional.empty();
            }
        } catch (SQLException refusedOrTooSlow) {
            return Optional.empty();
        }
    }
}
