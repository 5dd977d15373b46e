package ferry.bench;

import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.dialect.Snapshot;
import ferry.server.run.Dialects;
import ferry.testkit.servers.DatabaseServer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Ferry's own view of a MySQL server, for trials that run a part of Ferry alone.
///
/// @param dialect of the family
/// @param endpoint the server
public record Places(Dialect dialect, Endpoint endpoint) {
    static Places of(DatabaseServer server) {
        return at(server.port(), server.user());
    }

    /// The MySQL server on this port of this machine.
    public static Places at(int port, String user) {
        var hosts = List.of(new Endpoint.Host("127.0.0.1", port));
        var endpoint = new Endpoint("mysql", hosts, user, new Secret(""), Map.of());
        return new Places(Dialects.installed().of(endpoint), endpoint);
    }

    /// A project that has this server at both ends.
    public Ends ends() {
        return new Ends(
                FerryCommand.PROJECT,
                dialect,
                endpoint,
                dialect,
                endpoint,
                Settings.defaults(),
                Rules.ALL,
                InstantSource.system());
    }

    Snapshot snapshot() {
        return dialect.snapshot(endpoint, Role.SOURCE, Settings.defaults());
    }
}
