package ferry.scenarios;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/// The servers that all stories of this JVM share, each started when it is first asked for. They
/// end with the JVM.
final class Servers {
    /// A table of numbers from 1 on, for servers that cannot count by WITH RECURSIVE.
    static final String NUMBERS = "numbers.n";

    /// An account of the sources with few privileges.
    static final String READER = "reader";

    private static final Map<Pair.Origin, DatabaseServer> SOURCES =
            new EnumMap<>(Pair.Origin.class);
    private static final Map<ServerKind, DatabaseServer> TARGETS = new EnumMap<>(ServerKind.class);

    private Servers() {}

    /// The source of the usual pairs.
    static DatabaseServer source() {
        return source(Pair.MYSQL);
    }

    static synchronized DatabaseServer source(Pair pair) {
        return SOURCES.computeIfAbsent(pair.origin(), Servers::startSource);
    }

    private static DatabaseServer startSource(Pair.Origin origin) {
        // Long enough for statements that wait for a story, short enough to see a mistake.
        var server =
                TestServers.start(
                        origin.kind(), origin.options().withFlags("--innodb-lock-wait-timeout=20"));
        try {
            makeReader(server, origin);
            if (!origin.knowsWith()) {
                makeNumbers(server);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(server + " could not be made ready", e);
        }
        return server;
    }

    private static void makeReader(DatabaseServer server, Pair.Origin origin) throws SQLException {
        var reader = READER + "@'%'";
        server.execute(
                "CREATE USER " + reader,
                "GRANT SELECT, %s ON *.* TO %s".formatted(origin.grants(), reader));
        if (origin.kind() == ServerKind.MYSQL_8_0) {
            server.execute("GRANT XA_RECOVER_ADMIN ON *.* TO " + reader);
        }
    }

    private static void makeNumbers(DatabaseServer server) throws SQLException {
        server.execute(
                "CREATE DATABASE numbers",
                "CREATE TABLE " + NUMBERS + " (i INT PRIMARY KEY)",
                "INSERT INTO " + NUMBERS + " VALUES (1), (2), (3), (4)");
        for (var rows = 4; rows < 1 << 10; rows *= 2) {
            server.execute("INSERT INTO %1$s SELECT i + %2$d FROM %1$s".formatted(NUMBERS, rows));
        }
    }

    /// A MySQL target accepts packets of 16 MiB only, as the OceanBase kernel does.
    static synchronized DatabaseServer target(Pair pair) {
        return TARGETS.computeIfAbsent(pair.targetKind(), Servers::startTarget);
    }

    private static DatabaseServer startTarget(ServerKind kind) {
        return kind == ServerKind.SEEKDB
                ? TestServers.start(kind)
                : TestServers.start(
                        kind, ServerOptions.lean().withFlags("--max-allowed-packet=16777216"));
    }
}
