package ferry.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real database server of this JVM's own, on a free port of 127.0.0.1 and a data directory of
/// its own. It ends with this JVM, however that ends. The MariaDB driver must be on the class path.
///
/// Root has no password. Every commit is flushed to disk, so [#kill()] is an honest crash.
public final class DatabaseServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String USER = "root";
    private static final int PORTS_TRIED_MAX = 5;
    private static final int PROBE_MILLIS = 50;

    private final ServerKind kind;
    private final ServerOptions options;
    private final Recipe.Place place;
    private Process process;

    private DatabaseServer(ServerKind kind, ServerOptions options, Recipe.Place place) {
        this.kind = kind;
        this.options = options;
        this.place = place;
    }

    /// Starts a lean server and returns when it answers.
    public static DatabaseServer start(ServerKind kind) {
        return start(kind, ServerOptions.lean());
    }

    /// Starts a server and returns when it answers. Throws [ServerUnavailableException] if this
    /// kind cannot be had here.
    public static DatabaseServer start(ServerKind kind, ServerOptions options) {
        var provision = Provision.of(kind);
        for (var tries = 1; ; tries++) {
            var folder = Processes.newFolder(kind.id());
            var place = new Recipe.Place(provision.home(), folder, Ports.free());
            provision
                    .template()
                    .ifPresentOrElse(
                            template -> Folders.copy(template, place.data()),
                            () -> kind.recipe().initialise(place.home(), place.data()));
            var server = new DatabaseServer(kind, options, place);
            if (server.launchOrClose() == Start.ANSWERS) {
                return server;
            }
            server.close();
            if (tries == PORTS_TRIED_MAX) {
                throw new IllegalStateException(
                        "%s found %d ports taken one after the other".formatted(kind, tries));
            }
        }
    }

    private Start launchOrClose() {
        try {
            return launch();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Initialises a data directory, makes it ready to be copied and puts the copy to `template`.
    static void makeTemplate(ServerKind kind, Path home, Path template) {
        var place = new Recipe.Place(home, Processes.newFolder(kind.id()), Ports.free());
        var recipe = kind.recipe();
        try (var server = new DatabaseServer(kind, ServerOptions.lean(), place)) {
            recipe.initialise(home, place.data());
            if (server.launch() == Start.PORT_TAKEN) {
                throw new ServerUnavailableException(
                        "port %d was taken while its data directory was made; try again"
                                .formatted(place.port()));
            }
            server.execute(recipe.tidy().toArray(String[]::new));
            server.stop();
            // A copy without it makes itself a server_uuid of its own.
            Files.deleteIfExists(place.data().resolve("auto.cnf"));
            Folders.copy(place.data(), template);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException | IllegalStateException e) {
            throw new ServerUnavailableException(
                    "its data directory could not be prepared: " + e.getMessage(), e);
        }
    }

    private enum Start {
        ANSWERS,
        PORT_TAKEN
    }

    private Start launch() {
        var launch = kind.recipe().launch(place, options);
        process = Processes.start(launch, place.folder(), place.log());
        var deadline = System.nanoTime() + options.readyWithin().toNanos();
        var socket = kind.recipe().socket(place).toString();
        for (var problem = "it was not asked"; ; ) {
            if (exited(PROBE_MILLIS)) {
                return afterExit();
            }
            try {
                // A SELECT, because the port opens earlier. The socket, because another server may
                // have been faster to take the port.
                var url = jdbcUrl() + "&connectTimeout=2000&socketTimeout=5000";
                try (var connection = DriverManager.getConnection(url)) {
                    if (first(connection, "SELECT @@socket").equals(List.of(socket))) {
                        return Start.ANSWERS;
                    }
                    Processes.kill(process);
                    return Start.PORT_TAKEN;
                }
            } catch (SQLException e) {
                problem = e.getMessage();
            }
            if (System.nanoTime() > deadline) {
                Processes.kill(process);
                throw new IllegalStateException(
                        "%s did not answer within %s: %s. Its log ends: %s"
                                .formatted(kind, options.readyWithin(), problem, logTail()));
            }
        }
    }

    private Start afterExit() {
        if (!Ports.isFree(place.port())) {
            return Start.PORT_TAKEN;
        }
        throw new IllegalStateException(
                "%s ended with code %d. Its log ends: %s"
                        .formatted(kind, process.exitValue(), logTail()));
    }

    private boolean exited(int millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + kind, e);
        }
    }

    /// Which server it is.
    public ServerKind kind() {
        return kind;
    }

    /// Where it listens: always 127.0.0.1.
    public String host() {
        return HOST;
    }

    /// The port it listens on, the same after a restart.
    public int port() {
        return place.port();
    }

    /// An account that may do everything and has no password.
    public String user() {
        return USER;
    }

    /// The folder that holds its tables and logs, until it is closed.
    public Path dataFolder() {
        return place.data();
    }

    /// A URL for root without a database; more parameters can be appended with `&`.
    public String jdbcUrl() {
        return jdbcUrl("");
    }

    /// A URL for root with a database; more parameters can be appended with `&`.
    public String jdbcUrl(String database) {
        return jdbcUrl(HOST, port(), database);
    }

    static String jdbcUrl(String host, int port, String database) {
        return "jdbc:mariadb://%s:%d/%s?user=%s".formatted(host, port, database, USER);
    }

    /// A new connection as root without a database.
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl());
    }

    /// A new connection as root with a database.
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database));
    }

    /// Runs the statements one after the other on one new connection, as root.
    public void execute(String... statements) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /// The first column of every row that the query returns, as root; NULL is the text `NULL`.
    public List<String> query(String sql) throws SQLException {
        try (var connection = connect()) {
            return first(connection, sql);
        }
    }

    static List<String> first(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return List.copyOf(values);
        }
    }

    /// Whether its process lives; a paused one does.
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /// The number of its process.
    public synchronized long pid() {
        return process.pid();
    }

    /// The end of what it has written to its log.
    public String logTail() {
        return Commands.tail(place.log());
    }

    /// Ends it at once (SIGKILL), as a crash would. Its data stays for [#restart()].
    public synchronized void kill() {
        Processes.kill(process);
    }

    /// Ends it in order (SIGTERM), which takes seconds. Its data stays for [#restart()].
    public synchronized void stop() {
        if (isRunning()) {
            Processes.signal(process, "CONT");
        }
        Processes.terminate(process);
    }

    /// Makes it stand still (SIGSTOP): connections stay open and nothing answers.
    public synchronized void pause() {
        Processes.pause(process);
    }

    /// Lets it go on after [#pause()].
    public synchronized void resume() {
        Processes.signal(process, "CONT");
    }

    /// Starts it again on its data and its port, and returns when it answers. If it still runs it
    /// is killed first.
    public synchronized void restart() {
        if (!Files.isDirectory(place.data())) {
            throw new IllegalStateException(kind + " was closed and its data is gone");
        }
        kill();
        if (launch() == Start.PORT_TAKEN) {
            throw new IllegalStateException(
                    "%s cannot restart: another process took port %d meanwhile"
                            .formatted(kind, port()));
        }
    }

    /// Ends it at once and deletes its data.
    @Override
    public synchronized void close() {
        if (process != null) {
            Processes.kill(process);
        }
        Folders.delete(place.folder());
    }

    @Override
    public String toString() {
        return "%s on %s:%d".formatted(kind, HOST, port());
    }
}
