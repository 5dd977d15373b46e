package ferry.dialects.mysql;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.UUID;

/// By what a later owner knows a writer's connection: its number, and the name of a user lock that this connection alone holds as
/// long as it lives.
///
/// Numbers are used again after a restart, the lock's name never. And a server lets the lock go only after it has rolled the
/// connection's transaction back, so the lock's end proves the transaction's end.
record MySqlLaneMark(long connectionId, String lock) {
    static MySqlLaneMark of(MySqlConnection connection) {
        var lock = "ferry:" + UUID.randomUUID();
        var taken = connection.text("take a user lock", "SELECT GET_LOCK(" + MySqlSql.literal(lock) + ", 0)");
        if (!taken.equals(java.util.Optional.of("1"))) {
            throw ProblemException.of(
                    ProblemCode.TARGET_STATEMENT,
                    "Could not take the user lock " + lock,
                    "GET_LOCK did not grant it",
                    "Look at the target's limits of user locks");
        }
        return new MySqlLaneMark(connection.id(), lock);
    }
}
