package ferry.engine.dialect;

import java.util.List;
import java.util.Map;

/// A registered source or target. `type` is one of [Dialect#endpointTypes()]; several hosts are
/// tried in order. `options` are the dialect's own connection options by name (`tls`, `tls.ca`, …).
public record Endpoint(
        String type,
        List<Host> hosts,
        String username,
        Secret password,
        Map<String, String> options) {
    public Endpoint {
        hosts = List.copyOf(hosts);
        options = Map.copyOf(options);
    }

    public record Host(String name, int port) {
        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /// The same account and options at another host.
    public Endpoint at(Host host) {
        return new Endpoint(type, List.of(host), username, password, options);
    }

    @Override
    public String toString() {
        return type + " " + username + "@" + hosts;
    }
}
