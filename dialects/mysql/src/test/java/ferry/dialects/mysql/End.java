package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestDatabase;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One end of a test: a database of its own on a real server, and the roles opened on it.
record End(ServerKind kind, TestDatabase database, Settings settings) implements AutoCloseable {
    static final String PROJECT = "project 1";

    static End of(ServerKind kind) throws SQLException {
        return on(TestServers.shared(kind));
    }

    static End on(DatabaseServer server) throws SQLException {
        var database = TestServers.database(server, "test");
        return new End(
                server.kind(),
                database,
                Settings.defaults()
                        .with(Settings.BOOKKEEPING_DATABASE, database.name() + "_ferry"));
    }

    End with(Settings other) {
        return new End(kind, database, other);
    }

    Endpoint endpoint() {
        return endpoint(database.server().port());
    }

    Endpoint endpoint(int port) {
        return new Endpoint(
                "mysql",
                List.of(new Endpoint.Host("127.0.0.1", port)),
                "root",
                new Secret(""),
                Map.of());
    }

    MySqlConnection connect(Role role, MySqlSession.Use use) {
        return MySqlConnection.open(endpoint(), role, use, settings);
    }

    MySqlSnapshot snapshot() {
        return snapshot(new LogFiles());
    }

    MySqlSnapshot snapshot(LogFiles files) {
        return new MySqlSnapshot(
                connect(Role.SOURCE, MySqlSession.Use.ROWS),
                table ->
                        MySqlTableLock.take(
                                connect(Role.SOURCE, MySqlSession.Use.PLAIN), table, settings),
                files,
                settings);
    }

    MySqlWriter writer() {
        return new MySqlWriter(connect(Role.TARGET, MySqlSession.Use.WRITE), settings);
    }

    MySqlBookkeeping bookkeeping() {
        return new MySqlBookkeeping(connect(Role.TARGET, MySqlSession.Use.PLAIN), settings);
    }

    /// A writer whose transaction has begun: the project is taken over for it.
    MySqlWriter begun() {
        try (var books = bookkeeping()) {
            books.create();
            var owner = books.takeOver(PROJECT, "identity", true);
            var writer = writer();
            writer.begin(books.lane(PROJECT, "lane", owner.epoch()).fence(), "checkpoint");
            return writer;
        }
    }

    Table create(String name, String definition) throws SQLException {
        database.execute("CREATE TABLE `" + name + "` (" + definition + ")");
        return table(name);
    }

    Table table(String name) {
        try (var catalog = catalog()) {
            return catalog.table(new TableName(database.name(), name)).orElseThrow();
        }
    }

    MySqlCatalog catalog() {
        return new MySqlCatalog(connect(Role.SOURCE, MySqlSession.Use.PLAIN), settings);
    }

    List<Row> read(Table table) {
        return read(table, KeyRange.ALL);
    }

    List<Row> read(Table table, KeyRange range) {
        var rows = new ArrayList<Row>();
        try (var snapshot = snapshot()) {
            snapshot.read(table, range, rows::addAll);
        }
        return rows;
    }

    void insert(Table table, List<Row> rows) {
        try (var writer = begun()) {
            writer.insert(table, rows);
            writer.commit();
        }
    }

    void apply(Table table, Writer.Mode mode, List<ferry.engine.model.Change> changes) {
        try (var writer = begun()) {
            writer.apply(List.of(TableChanges.of(table, mode, changes)));
            writer.commit();
        }
    }

    @Override
    public void close() throws SQLException {
        database.server()
                .execute(
                        "DROP DATABASE IF EXISTS `"
                                + settings.get(Settings.BOOKKEEPING_DATABASE)
                                + "`");
        database.close();
    }
}
