package ferry.dialects.mysql;

import ferry.dialects.mysql.ContractCorpus.Corpus;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.testkit.contract.Lab;
import ferry.testkit.contract.Sample;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.Relay;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestDatabase;
import ferry.testkit.servers.TestServers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Two databases on real servers, which may be one server, and an application that writes to the
/// source through the driver, knowing nothing of the dialect's own SQL.
final class MySqlLab implements Lab {
    /// Definitions as the source's dictionary tells them, read once for each server.
    private static final Map<DatabaseServer, List<Sample>> SAMPLES = new HashMap<>();

    private static final String BOOKKEEPING = "contract_ferry";

    private final TestDatabase source;
    private final TestDatabase target;
    private final Connection application;
    private Settings settings;
    private final List<Relay> relays = new ArrayList<>();

    /// On the shared servers of these kinds.
    MySqlLab(ServerKind source, ServerKind target) {
        this(TestServers.shared(source), TestServers.shared(target));
    }

    MySqlLab(DatabaseServer source, DatabaseServer target) {
        try {
            this.source = TestServers.database(source, "from");
            this.target = TestServers.database(target, "into");
            application = this.source.connect();
            try (var statement = application.createStatement()) {
                statement.execute("SET time_zone = '+00:00'");
                statement.execute(
                        "SET sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'");
            }
            forgetBookkeeping(target);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        settings =
                Settings.defaults()
                        .with(Settings.BOOKKEEPING_DATABASE, BOOKKEEPING)
                        .with(Settings.CAPTURE_HEARTBEAT, "200ms")
                        .with(Settings.TAKEOVER_TIME, "200ms");
    }

    /// The same, loading rows by INSERT only.
    MySqlLab byInsert() {
        settings = settings.with(Settings.LOAD_DATA_LOCAL, "false");
        return this;
    }

    /// Its tables stay from test to test, because making them is most of a test's time.
    private static void forgetBookkeeping(DatabaseServer server) throws SQLException {
        var there =
                server.query(
                        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '"
                                + BOOKKEEPING
                                + "'");
        for (var table : there) {
            server.execute("DELETE FROM " + BOOKKEEPING + "." + table);
        }
    }

    @Override
    public Dialect dialect() {
        return new MySqlDialect();
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Endpoint source() {
        return endpoint(source.server(), source.server().port());
    }

    @Override
    public Endpoint target() {
        return endpoint(target.server(), target.server().port());
    }

    private static Endpoint endpoint(DatabaseServer server, int port) {
        var type =
                switch (server.kind().family()) {
                    case MYSQL -> "mysql";
                    case MARIADB -> "mariadb";
                    case OCEANBASE -> "oceanbase-mysql";
                };
        return new Endpoint(
                type,
                List.of(new Endpoint.Host(server.host(), port)),
                server.user(),
                new Secret(""),
                Map.of());
    }

    @Override
    public TableName atTarget(TableName table) {
        return new TableName(target.name(), table.table());
    }

    @Override
    public List<Sample> samples() {
        return SAMPLES.computeIfAbsent(source.server(), _ -> read()).stream()
                .map(sample ->
                        new Sample(
                                sample.table()
                                        .withName(
                                                new TableName(
                                                        source.name(),
                                                        sample.table().name().table())),
                                sample.rows(),
                                sample.refused()))
                .toList();
    }

    private List<Sample> read() {
        var samples = new ArrayList<Sample>();
        try (var database = TestServers.database(source.server(), "template");
                var catalog = dialect().catalog(source(), Role.SOURCE, settings)) {
            for (var corpus : ContractCorpus.of(source.server().kind())) {
                database.execute("CREATE TABLE " + corpus.name() + " " + corpus.definition());
                samples.add(
                        new Sample(
                                catalog.table(new TableName(database.name(), corpus.name()))
                                        .orElseThrow(),
                                corpus.rows(),
                                corpus.refused()));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return samples;
    }

    @Override
    public void create(Table table) {
        var definition =
                ContractCorpus.of(source.server().kind()).stream()
                        .filter(corpus -> corpus.name().equals(table.name().table()))
                        .map(Corpus::definition)
                        .findFirst()
                        .orElseThrow();
        execute("CREATE TABLE " + table.name().table() + " " + definition);
    }

    @Override
    public void addColumn(Table table) {
        execute("ALTER TABLE " + table.name().table() + " ADD COLUMN added INT NULL DEFAULT 7");
    }

    private void execute(String sql) {
        try (var statement = application.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    @Override
    public void commit(Table table, List<Change> changes) {
        try {
            application.setAutoCommit(false);
            for (var change : changes) {
                switch (change) {
                    case Change.Insert(var after) ->
                            run(
                                    table,
                                    "INSERT INTO %s VALUES (" + marks(table, after) + ")",
                                    after);
                    case Change.Update(var before, var after) -> {
                        run(
                                table,
                                "DELETE FROM %s WHERE " + same(table, before) + " LIMIT 1",
                                before);
                        run(table, "INSERT INTO %s VALUES (" + marks(table, after) + ")", after);
                    }
                    case Change.Delete(var before) ->
                            run(
                                    table,
                                    "DELETE FROM %s WHERE " + same(table, before) + " LIMIT 1",
                                    before);
                }
            }
            application.commit();
            application.setAutoCommit(true);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String marks(Table table, Row row) {
        return IntStream.range(0, row.size())
                .mapToObj(i -> mark(table, row, i))
                .collect(Collectors.joining(", "));
    }

    private static String same(Table table, Row row) {
        return IntStream.range(0, row.size())
                .mapToObj(i ->
                        "`%s` <=> %s".formatted(table.carried().get(i).name(), mark(table, row, i)))
                .collect(Collectors.joining(" AND "));
    }

    /// Only a literal with an exponent is a double: text loses the sign of zero on MySQL 5.6.
    private static String mark(Table table, Row row, int index) {
        if (!(table.carried().get(index).type() instanceof DataType.Float) || row.isNull(index)) {
            return "?";
        }
        var value = row.text(index);
        return value.contains("E") ? value : value + "E0";
    }

    private void run(Table table, String sql, Row row) throws SQLException {
        try (var statement =
                application.prepareStatement(sql.formatted("`" + table.name().table() + "`"))) {
            var mark = 1;
            for (var i = 0; i < row.size(); i++) {
                if (mark(table, row, i).equals("?")) {
                    bind(statement, mark++, table.carried().get(i), row, i);
                }
            }
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("found no row: " + sql + " " + row);
            }
        }
    }

    private static void bind(
            PreparedStatement statement, int mark, Column column, Row row, int index)
            throws SQLException {
        if (row.isNull(index)) {
            statement.setString(mark, null);
            return;
        }
        switch (column.type()) {
            case DataType.Bytes _, DataType.Bits _, DataType.Geometry _ ->
                    statement.setBytes(mark, row.bytes(index));
            case DataType.Text type ->
                    statement.setString(mark, text(row.bytes(index), type.charset()));
            case DataType.Enumeration type ->
                    statement.setString(mark, text(row.bytes(index), type.charset()));
            case DataType.Members type ->
                    statement.setString(mark, text(row.bytes(index), type.charset()));
            // The text '0' is the year 2000.
            case DataType.Year _ -> statement.setInt(mark, Integer.parseInt(row.text(index)));
            default -> statement.setString(mark, row.text(index));
        }
    }

    private static String text(byte[] value, String charset) {
        var java =
                switch (charset) {
                    case "latin1" -> "windows-1252";
                    case "utf16", "ucs2" -> "UTF-16BE";
                    case "gbk" -> "GBK";
                    default -> "UTF-8";
                };
        return new String(value, Charset.forName(java));
    }

    @Override
    public Dialect losingCommits(boolean executed) {
        var relay = Relay.to(target.server());
        relays.add(relay);
        var way = executed ? Relay.Direction.TO_CLIENT : Relay.Direction.TO_SERVER;
        var whole = dialect();
        return proxy(
                Dialect.class,
                whole,
                "writer",
                () -> {
                    var writer = whole.writer(endpoint(target.server(), relay.port()), settings);
                    return proxy(
                            Writer.class,
                            writer,
                            "commit",
                            () -> {
                                relay.cutAfter(way, 0);
                                writer.commit();
                                return null;
                            });
                });
    }

    /// What a replaced method does.
    private interface Deed {
        Object run();
    }

    private static <T> T proxy(Class<T> role, T whole, String name, Deed deed) {
        return role.cast(
                Proxy.newProxyInstance(
                        role.getClassLoader(),
                        new Class<?>[] {role},
                        (_, method, arguments) -> {
                            if (method.getName().equals(name)) {
                                return deed.run();
                            }
                            try {
                                return method.invoke(whole, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    @Override
    public void close() {
        relays.forEach(Relay::close);
        try {
            application.close();
            target.close();
            source.close();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
