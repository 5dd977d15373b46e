package ferry.bench;

import ferry.testkit.servers.ServerOptions;

/// How servers are set for a bench: memory for all the data, and the same durability at both ends.
final class BenchServers {
    private BenchServers() {}

    /// @param durable whether every commit is flushed to disk, in the engine and in the log
    static ServerOptions options(boolean durable) {
        return ServerOptions.lean()
                .withFlags(
                        "--innodb-buffer-pool-size=2G",
                        "--innodb-log-file-size=512M",
                        "--secure-file-priv=",
                        "--innodb-flush-log-at-trx-commit=" + (durable ? 1 : 2),
                        "--sync-binlog=" + (durable ? 1 : 0));
    }

    static String durability(boolean durable) {
        return durable
                ? "innodb_flush_log_at_trx_commit=1 sync_binlog=1"
                : "innodb_flush_log_at_trx_commit=2 sync_binlog=0";
    }
}
