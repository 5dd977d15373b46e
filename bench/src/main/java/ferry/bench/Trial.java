package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.util.Map;

/// What is measured, on servers that were started and filled for it.
sealed interface Trial permits Contest, Survey {
    /// Its name on the command line and in the closing line.
    String name();

    /// What is done, for the heading: data, servers, their durability.
    String work();

    /// The servers whose CPU is counted and whose settings are kept, by their part (`source`,
    /// `target`).
    Map<String, DatabaseServer> servers();
}
