package ferry.testkit.servers;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/// Servers for JUnit tests. A missing server fails the test in CI (`CI=true`) and skips it
/// elsewhere, with the reason in the report.
public final class TestServers {
    private static final Map<ServerKind, DatabaseServer> SHARED = new EnumMap<>(ServerKind.class);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestServers() {}

    /// Makes sure that the kind can be started here, or skips or fails the test.
    public static void require(ServerKind kind) {
        if (Availability.of(kind) instanceof Availability.Missing(var reason)) {
            throw missing(kind, reason, "true".equalsIgnoreCase(System.getenv("CI")));
        }
    }

    /// What a test ends with when a server is missing.
    static RuntimeException missing(ServerKind kind, String reason, boolean inCi) {
        // Debian sid may be broken on any day, and that must not stop our work.
        return inCi && kind != ServerKind.MYSQL_9
                ? new ServerUnavailableException(reason)
                : new TestAbortedException(reason);
    }

    /// A lean server of the test's own, which the test must close.
    public static DatabaseServer start(ServerKind kind) {
        return start(kind, ServerOptions.lean());
    }

    /// A server of the test's own, which the test must close.
    public static DatabaseServer start(ServerKind kind, ServerOptions options) {
        require(kind);
        return DatabaseServer.start(kind, options);
    }

    /// The one lean server of this kind that all tests of this JVM use. It is started when it is
    /// first asked for and ends with the JVM: do not close, kill or pause it, and change no global
    /// variable.
    public static synchronized DatabaseServer shared(ServerKind kind) {
        require(kind);
        var server = SHARED.get(kind);
        if (server == null || !server.isRunning()) {
            server = DatabaseServer.start(kind);
            SHARED.put(kind, server);
        }
        return server;
    }

    /// A new, empty database on the shared server, dropped when it is closed.
    public static TestDatabase database(ServerKind kind) throws SQLException {
        return database(shared(kind), "test");
    }

    /// A new, empty database on the server; its name begins with `name`. It is dropped when closed.
    public static TestDatabase database(DatabaseServer server, String name) throws SQLException {
        // Lower case, because seekdb folds names.
        var database =
                "%s_%d".formatted(name.toLowerCase(Locale.ROOT), DATABASES.incrementAndGet());
        server.execute("CREATE DATABASE `" + database + "`");
        return new TestDatabase(server, database);
    }
}
