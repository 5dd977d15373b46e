package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.model.Change;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Definitions, and how they look in another toy.
final class ToyCatalog implements Catalog {
    private final ToyConnection connection;
    private final Role role;
    private final String bookkeeping;

    ToyCatalog(ToyConnection connection, Role role, Settings settings) {
        this.connection = connection;
        this.role = role;
        this.bookkeeping = settings.get(Settings.BOOKKEEPING_DATABASE);
    }

    @Override
    public List<TableName> tables() {
        return call(
                "catalog.tables",
                () ->
                        connection.server().tableNames().stream()
                                .filter(name -> !name.database().equals(bookkeeping))
                                .sorted()
                                .toList());
    }

    @Override
    public Optional<Table> table(TableName name) {
        return call("catalog.table", () -> connection.server().definition(name));
    }

    @Override
    public String serverIdentity() {
        return call("catalog.identity", () -> connection.server().uuid());
    }

    @Override
    public Map<String, String> facts() {
        return call(
                "catalog.facts",
                () ->
                        Map.of(
                                "version", "toy 1",
                                "logs_cascades", String.valueOf(connection.server().logsCascades()),
                                "prepared", String.join(",", connection.server().prepared())));
    }

    @Override
    public SchemaPlan plan(Table source, TableName target) {
        var rowKey = source.rowKey();
        var later =
                source.keys().stream()
                        .filter(key -> !rowKey.equals(Optional.of(key)))
                        .collect(
                                Collectors.partitioningBy(
                                        key -> key.kind().unique(),
                                        Collectors.mapping(
                                                key -> build(target, key), Collectors.toList())));
        var foreignKeys =
                source.foreignKeys().stream()
                        .map(key -> renamed(key, source.name(), target))
                        .toList();
        var foreign =
                foreignKeys.stream()
                        .map(key ->
                                new SchemaPlan.KeyBuild(
                                        key.name(),
                                        new ToyStatement.AddForeignKey(target, key).sql()))
                        .toList();
        var withKeys =
                source.keys().stream()
                        .filter(key -> !key.kind().unique() || rowKey.equals(Optional.of(key)))
                        .toList();
        var all =
                new Table(
                        target,
                        source.columns(),
                        source.keys(),
                        foreignKeys,
                        source.options(),
                        source.partitioning());
        return new SchemaPlan(
                all,
                List.of(create(source, target, rowKey.stream().toList())),
                List.of(create(source, target, withKeys)),
                later.get(false),
                later.get(true),
                foreign,
                List.of());
    }

    private static String create(Table source, TableName target, List<Key> keys) {
        return new ToyStatement.Create(Table.of(target, source.columns(), keys), true).sql();
    }

    private static SchemaPlan.KeyBuild build(TableName target, Key key) {
        return new SchemaPlan.KeyBuild(key.name(), new ToyStatement.AddKey(target, key).sql());
    }

    private static ForeignKey renamed(ForeignKey key, TableName source, TableName target) {
        var parent =
                key.parent().database().equals(source.database())
                        ? new TableName(target.database(), key.parent().table())
                        : key.parent();
        return new ForeignKey(
                key.name(),
                key.columns(),
                parent,
                key.parentColumns(),
                key.onDelete(),
                key.onUpdate());
    }

    @Override
    public Optional<List<String>> replay(
            LogEvent.SchemaChange change, Map<TableName, TableName> names) {
        return replay(ToyParser.parse(change.statement()), names);
    }

    private Optional<List<String>> replay(ToyStatement statement, Map<TableName, TableName> names) {
        return switch (statement) {
            case ToyStatement.Create create ->
                    Optional.ofNullable(names.get(create.table().name()))
                            .map(target -> plan(create.table(), target).create());
            case ToyStatement.Drop(var table, _) ->
                    one(names.get(table), target -> new ToyStatement.Drop(target, true));
            case ToyStatement.Truncate(var table) ->
                    one(names.get(table), ToyStatement.Truncate::new);
            case ToyStatement.Rename(var pairs) -> {
                var statements = new ArrayList<String>();
                for (var pair : pairs) {
                    if (!names.containsKey(pair.from()) || !names.containsKey(pair.to())) {
                        yield Optional.empty();
                    }
                    statements.add(
                            new ToyStatement.Rename(
                                            List.of(
                                                    new ToyStatement.Rename.Pair(
                                                            names.get(pair.from()),
                                                            names.get(pair.to()))))
                                    .sql());
                }
                yield Optional.of(statements);
            }
            case ToyStatement.AddColumn(var table, var column) ->
                    column.autoIncrement()
                            ? Optional.empty()
                            : one(
                                    names.get(table),
                                    target -> new ToyStatement.AddColumn(target, column));
            case ToyStatement.DropColumn(var table, var column) ->
                    one(names.get(table), target -> new ToyStatement.DropColumn(target, column));
            case ToyStatement.AddKey(var table, var key) ->
                    one(names.get(table), target -> new ToyStatement.AddKey(target, key));
            case ToyStatement.DropKey(var table, var key) ->
                    one(names.get(table), target -> new ToyStatement.DropKey(target, key));
            case ToyStatement.AddForeignKey(var table, var key) ->
                    one(
                            names.get(table),
                            target ->
                                    new ToyStatement.AddForeignKey(
                                            target, renamed(key, table, target)));
            case ToyStatement.AlterAll(var table, var actions) -> {
                var standing = table(names.get(table));
                var statements = new ArrayList<String>();
                for (var action : actions) {
                    var followed = replay(action, names);
                    if (followed.isEmpty() || standing.isEmpty()) {
                        yield Optional.empty();
                    }
                    if (!isDone(action, standing.orElseThrow())) {
                        statements.addAll(followed.orElseThrow());
                    }
                }
                yield Optional.of(statements);
            }
        };
    }

    /// A statement of several actions is planned by its outcome, as a dialect does that compares
    /// definitions: asking again after a part was done yields the rest.
    private static boolean isDone(ToyStatement.Alter action, Table standing) {
        return switch (action) {
            case ToyStatement.AddColumn add -> standing.indexOf(add.column().name()) >= 0;
            case ToyStatement.DropColumn drop -> standing.indexOf(drop.column()) < 0;
            case ToyStatement.AddKey add ->
                    standing.keys().stream().anyMatch(key -> key.name().equals(add.key().name()));
            case ToyStatement.DropKey drop ->
                    standing.keys().stream().noneMatch(key -> key.name().equals(drop.key()));
            case ToyStatement.AddForeignKey add ->
                    standing.foreignKeys().stream()
                            .anyMatch(key -> key.name().equals(add.key().name()));
            case ToyStatement.AlterAll all ->
                    all.actions().stream().allMatch(each -> isDone(each, standing));
        };
    }

    private static Optional<List<String>> one(
            TableName target, java.util.function.Function<TableName, ToyStatement> statement) {
        return Optional.ofNullable(target).map(name -> List.of(statement.apply(name).sql()));
    }

    @Override
    public String drop(TableName table) {
        return new ToyStatement.Drop(table, true).sql();
    }

    @Override
    public String truncate(TableName table) {
        return new ToyStatement.Truncate(table).sql();
    }

    /// The toy's SQL knows no rows, so this is for people only.
    @Override
    public String correction(Table table, Change change) {
        return switch (change) {
            case Change.Insert(var after) -> "insert into " + table.name() + " " + after;
            case Change.Update(var before, var after) ->
                    "update " + table.name() + " " + before + " to " + after;
            case Change.Delete(var before) -> "delete from " + table.name() + " " + before;
        };
    }

    @Override
    public Size size(Table table) {
        return call(
                "catalog.size",
                () ->
                        connection.server().definition(table.name()).isEmpty()
                                ? new Size(0, 1)
                                : new Size(connection.server().rows(table.name()).size(), 1));
    }

    private <T> T call(String name, Supplier<T> work) {
        return connection.call(name, ToyDialect.lost(role), work);
    }

    @Override
    public void close() {
        connection.close();
    }
}
