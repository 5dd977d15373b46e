package ferry.scenarios;

import ferry.engine.filter.TableMapping;
import ferry.engine.model.TableName;
import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final Function<TableName, Optional<TableMapping>> selection;

    /// `database`: the databases whose names begin so are the story's own; `selection` gives the
    /// mapping of each selected table. A row condition goes to the source as it is written, so it
    /// must mean the same to it.
    Comparison(
            DatabaseServer source,
            DatabaseServer target,
            Pair pair,
            String database,
            Function<TableName, Optional<TableMapping>> selection) {
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
            var mappings =
                    tables(atSource).stream()
                            .flatMap(name -> selection.apply(name).stream())
                            .toList();
            var found = new ArrayList<String>();
            var there = new TreeSet<>(tables(atTarget));
            mappings.forEach(mapping -> there.remove(mapping.target()));
            there.forEach(name -> found.add("only in the target: table " + name));
            for (var mapping : mappings) {
                found.addAll(differences(atSource, atTarget, mapping));
            }
            return found;
        }
    }

    private List<String> differences(Connection atSource, Connection atTarget, TableMapping mapping)
            throws SQLException {
        var found = new ArrayList<String>();
        Function<String, Optional<String>> names =
                mapping.columns()
                        .<Function<String, Optional<String>>>map(choice -> choice::nameOf)
                        .orElse(Optional::of);
        var own =
                Definition.read(
                        atSource,
                        mapping.source(),
                        pair.sameKind(),
                        name -> names.apply(name).map(_ -> name),
                        Comparison::itself);
        var expected =
                Definition.read(
                        atSource,
                        mapping.source(),
                        pair.sameKind(),
                        names,
                        parent -> selection.apply(parent).orElse(itself(parent)));
        var actual =
                Definition.read(
                        atTarget,
                        mapping.target(),
                        pair.sameKind(),
                        Optional::of,
                        Comparison::itself);
        if (actual.columns().isEmpty()) {
            return List.of("table " + mapping.target() + " is missing in the target");
        }
        Definition.differences(expected, actual)
                .forEach(line -> found.add(mapping.source() + ": " + line));
        var sourceRows =
                Contents.read(
                        atSource,
                        Quoting.name(mapping.source())
                                + mapping.where().map(" WHERE "::concat).orElse(""),
                        own.columns(),
                        name -> names.apply(name).orElseThrow(),
                        pair.sameKind());
        var targetRows =
                Contents.read(
                        atTarget,
                        Quoting.name(mapping.target()),
                        expected.columns(),
                        UnaryOperator.identity(),
                        pair.sameKind());
        Contents.differences(sourceRows, targetRows)
                .forEach(line -> found.add(mapping.source() + ": " + line));
        return found;
    }

    private static TableMapping itself(TableName table) {
        return TableMapping.of(table, table);
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
