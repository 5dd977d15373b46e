package ferry.dialects.mysql;

import java.util.Optional;

/// What a log connection learns about its server before the first event. `identity` is
/// `@@server_uuid`, or `@@server_id` on servers without one (MariaDB, MySQL 5.5).
record LogServer(
        String address,
        String version,
        String identity,
        boolean mariaDb,
        boolean gtids,
        boolean namesInLowerCase) {
    /// How the log is followed from a position: by its GTIDs if it has any and the server counts by
    /// them, otherwise by its place.
    Optional<Gtids> follow(MySqlPosition after) {
        return after.gtids().filter(_ -> gtids);
    }
}
