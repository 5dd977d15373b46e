package ferry.dialects.mysql;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;
import java.util.UUID;

/// By what a later owner knows a writer's connection: its number, and a sign that this connection
/// alone has. Numbers are used again after a restart, so the number alone would end a stranger's
/// connection.
///
/// | Server | The sign |
/// |---|---|
/// | MySQL, MariaDB | the name of a user lock that the connection holds as long as it lives. The server lets it go only after it has rolled the connection's transaction back, so its end proves the transaction's end |
/// | OceanBase | the client's address and port, as the process list shows them: the kernel keeps the user locks of ended connections (tried for two minutes). The end of the transaction is seen by the lane's row, which every transaction locks first |
record MySqlLaneMark(long connectionId, String sign) {
    private static final String LOCK = "lock ";
    private static final String CLIENT = "client ";
    private static final String DEED = "mark the writer's connection";

    static MySqlLaneMark of(MySqlConnection connection) {
        if (connection.version().isOceanBase()) {
            var client =
                    connection
                            .text(DEED, clientQuery(connection.id()))
                            .orElseThrow(() -> unmarked("the process list does not show it"));
            return new MySqlLaneMark(connection.id(), CLIENT + client);
        }
        var lock = "ferry:" + UUID.randomUUID();
        var taken = connection.text(DEED, "SELECT GET_LOCK(" + MySqlSql.literal(lock) + ", 0)");
        if (!taken.equals(Optional.of("1"))) {
            throw unmarked("GET_LOCK did not grant the user lock " + lock);
        }
        return new MySqlLaneMark(connection.id(), LOCK + lock);
    }

    private static ProblemException unmarked(String why) {
        return ProblemException.of(
                ProblemCode.TARGET_STATEMENT,
                "Could not " + DEED,
                why,
                "Report the target's version and how it is reached");
    }

    private static String clientQuery(long id) {
        return "SELECT HOST FROM information_schema.PROCESSLIST WHERE ID = "
                + Long.toUnsignedString(id);
    }

    /// What the process list shows of the connection, without its statement, which may hold values.
    String shown(MySqlConnection other) {
        return other
                .rows(
                        "look for an earlier owner",
                        "SELECT COMMAND, TIME, STATE FROM information_schema.PROCESSLIST WHERE ID = "
                                + Long.toUnsignedString(connectionId))
                .stream()
                .findFirst()
                .map(row -> "%s for %s s, state %s".formatted(row.get(0), row.get(1), row.get(2)))
                .orElse("the process list no longer shows it");
    }

    /// The number under which the connection lives now; empty if it is gone, or was never recorded.
    Optional<Long> living(MySqlConnection other) {
        var deed = "look for an earlier owner";
        if (sign.startsWith(LOCK)) {
            return other.text(
                            deed,
                            "SELECT IS_USED_LOCK("
                                    + MySqlSql.literal(sign.substring(LOCK.length()))
                                    + ")")
                    .map(Long::parseUnsignedLong);
        }
        return sign.isEmpty()
                ? Optional.empty()
                : other.text(deed, clientQuery(connectionId))
                        .filter(client -> sign.equals(CLIENT + client))
                        .map(_ -> connectionId);
    }
}
