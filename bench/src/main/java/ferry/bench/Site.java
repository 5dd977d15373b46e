package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where a bench is held: a folder, and servers by their part. All of it is gone when it is closed.
final class Site implements AutoCloseable {
    private final Path folder;
    private final Map<String, DatabaseServer> servers = new LinkedHashMap<>();

    private Site(Path folder) {
        this.folder = folder;
    }

    static Site open() throws IOException {
        return new Site(Files.createTempDirectory("ferry-bench-"));
    }

    Path folder() {
        return folder;
    }

    /// Starts a server whose CPU counts as that of its part (`source`, `target`).
    DatabaseServer start(String part, ServerKind kind, ServerOptions options) {
        var server = DatabaseServer.start(kind, options);
        servers.put(part, server);
        return server;
    }

    /// The same with MySQL 8.0 and the usual settings, commits not flushed one by one.
    DatabaseServer start(String part) {
        return start(part, ServerKind.MYSQL_8_0, BenchServers.options(false));
    }

    /// Ferry as if it had never worked for this target: without a home, and without what it wrote.
    FerryCommand freshFerry(DatabaseServer target) throws IOException, SQLException {
        var ferry = new FerryCommand(folder);
        ferry.reset();
        target.execute(
                "DROP DATABASE IF EXISTS ferry", "DROP DATABASE IF EXISTS " + Dataset.DATABASE);
        return ferry;
    }

    Map<String, DatabaseServer> servers() {
        return Collections.unmodifiableMap(servers);
    }

    /// Removes a folder and all that lies in it, if it is there.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Copies a folder and all that lies in it.
    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Override
    public void close() throws IOException {
        servers.values().forEach(DatabaseServer::close);
        delete(folder);
    }
}
