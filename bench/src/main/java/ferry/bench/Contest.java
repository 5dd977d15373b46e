package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.util.List;
import java.util.Map;

/// One bench on servers that it has started and filled.
interface Contest extends AutoCloseable {
    /// Its name on the command line and in the closing line.
    String name();

    /// What is done, for the heading: data, servers, their durability.
    String work();

    /// Who does it, limits first. Contestants whose program is not installed are left out.
    List<Contestant> contestants();

    /// How much one run moves, for rows and megabytes a second.
    Amount amount();

    /// The servers whose CPU is counted, by their part (`source`, `target`).
    Map<String, DatabaseServer> servers();

    /// Makes everything as it was before the first run. Not timed.
    void reset() throws Exception;

    /// Throws if what the last run made is not what it should be. Not timed.
    void check(Contestant contestant) throws Exception;

    /// @param rows rows or changes
    /// @param bytes as the source holds them
    record Amount(long rows, long bytes) {}

    @Override
    void close();
}
