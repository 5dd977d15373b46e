package ferry.scenarios;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.util.EnumMap;
import java.util.Map;

/// The servers that all stories of this JVM share, each started when it is first asked for. They
/// end with the JVM.
final class Servers {
    private static final Map<Pair, DatabaseServer> TARGETS = new EnumMap<>(Pair.class);
    private static DatabaseServer source;

    private Servers() {}

    static synchronized DatabaseServer source() {
        if (source == null) {
            // Long enough for statements that wait for a story, short enough to see a mistake.
            source =
                    TestServers.start(
                            ServerKind.MYSQL_8_0,
                            ServerOptions.lean().withFlags("--innodb-lock-wait-timeout=20"));
        }
        return source;
    }

    /// A MySQL target accepts packets of 16 MiB only, as the OceanBase kernel does.
    static synchronized DatabaseServer target(Pair pair) {
        return TARGETS.computeIfAbsent(pair, Servers::startTarget);
    }

    private static DatabaseServer startTarget(Pair pair) {
        return switch (pair) {
            case MYSQL ->
                    TestServers.start(
                            ServerKind.MYSQL_8_0,
                            ServerOptions.lean().withFlags("--max-allowed-packet=16777216"));
            case OCEANBASE -> TestServers.start(ServerKind.SEEKDB);
        };
    }
}
