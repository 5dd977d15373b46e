package ferry.dialects.mysql;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What tells one server from another: `@@server_uuid`, or a hash of where it runs.
final class ServerIdentity {
    private static final List<String> OF_PLACE =
            List.of("hostname", "port", "datadir", "server_id");

    /// Its rows are what [#of] needs.
    static final String QUERY =
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'hostname', 'port', 'datadir', 'server_id')";

    private ServerIdentity() {}

    static String of(boolean mariaDb, Map<String, String> variables) {
        var uuid = variables.getOrDefault("server_uuid", "");
        if (!uuid.isEmpty() && !mariaDb) {
            return uuid;
        }
        var parts =
                String.join(
                        "\n",
                        OF_PLACE.stream().map(name -> variables.getOrDefault(name, "")).toList());
        return UUID.nameUUIDFromBytes(parts.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /// The answer to [#QUERY].
    static String of(boolean mariaDb, List<List<String>> rows) {
        var variables = new HashMap<String, String>();
        rows.forEach(row -> variables.put(row.get(0), row.get(1) == null ? "" : row.get(1)));
        return of(mariaDb, variables);
    }
}
