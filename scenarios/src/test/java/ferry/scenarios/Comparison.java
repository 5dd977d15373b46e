package ferry.scenarios;

import ferry.engine.model.TableName;
import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Compares both ends table by table with statements of its own: which tables exist, what their
/// definitions are, and every row.
final class Comparison {
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final Pair pair;
    private final String database;
    private final Function<TableName, Optional<TableName>> selection;

    /// `database`: the databases whose names begin so are the story's own; `selection` gives the
    /// target name of each selected table.
    Comparison(
            DatabaseServer source,
            DatabaseServer target,
            Pair pair,
            String database,
            Function<TableName, Optional<TableName>> selection) {
        this.source = source;
        this.target = target;
        this.pair = pair;
        this.database = database;
        this.selection = selection;
    }

    /// What differs, in words; empty if everything is equal.
    List<String> differences() throws SQLException {
        try (var atSource = source.connect();
                var atTarget = target.connect()) {
            var names = new TreeMap<TableName, TableName>();
            for (var name : tables(atSource)) {
                selection.apply(name).ifPresent(targetName -> names.put(name, targetName));
            }
            var found = new ArrayList<String>();
            var there = new TreeSet<>(tables(atTarget));
            there.removeAll(names.values());
            there.forEach(name -> found.add("only in the target: table " + name));
            for (var name : names.entrySet()) {
                found.addAll(differences(atSource, atTarget, name));
            }
            return found;
        }
    }

    private List<String> differences(
            Connection atSource, Connection atTarget, Map.Entry<TableName, TableName> name)
            throws SQLException {
        var found = new ArrayList<String>();
        var expected =
                Definition.read(
                        atSource,
                        name.getKey(),
                        pair.sameKind(),
                        parent -> selection.apply(parent).orElse(parent));
        var actual =
                Definition.read(
                        atTarget, name.getValue(), pair.sameKind(), UnaryOperator.identity());
        if (actual.columns().isEmpty()) {
            return List.of("table " + name.getValue() + " is missing in the target");
        }
        Definition.differences(expected, actual)
                .forEach(line -> found.add(name.getKey() + ": " + line));
        var sourceRows =
                Contents.read(
                        atSource, Quoting.name(name.getKey()), expected.columns(), pair.sameKind());
        var targetRows =
                Contents.read(
                        atTarget,
                        Quoting.name(name.getValue()),
                        expected.columns(),
                        pair.sameKind());
        Contents.differences(sourceRows, targetRows)
                .forEach(line -> found.add(name.getKey() + ": " + line));
        return found;
    }

    private List<TableName> tables(Connection connection) throws SQLException {
        var sql =
                """
                SELECT table_schema, table_name
                FROM information_schema.tables
                WHERE (table_schema = %1$s OR LEFT(table_schema, %2$d) = CONCAT(%1$s, '_'))
                  AND table_type = 'BASE TABLE'
                """
                        .formatted(Quoting.text(database), database.length() + 1);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var names = new ArrayList<TableName>();
            while (rows.next()) {
                names.add(new TableName(rows.getString(1), rows.getString(2)));
            }
            return names;
        }
    }

    /// The rows that a table holds at one end.
    static long count(DatabaseServer server, TableName table) throws SQLException {
        return Long.parseLong(
                server.query("SELECT COUNT(*) FROM " + Quoting.name(table)).getFirst());
    }

    /// Whether a table exists at one end.
    static boolean exists(DatabaseServer server, TableName table) throws SQLException {
        return !server.query(
                        """
                        SELECT table_name
                        FROM information_schema.tables
                        WHERE table_schema = %s AND table_name = %s
                        """
                                .formatted(
                                        Quoting.text(table.database()),
                                        Quoting.text(table.table())))
                .isEmpty();
    }
}
