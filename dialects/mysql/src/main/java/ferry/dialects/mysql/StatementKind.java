package ferry.dialects.mysql;

import ferry.dialects.mysql.SqlText.Token;
import java.util.List;
import java.util.Set;

/// What a logged statement is about, by its first words. A closed list: what is not on it is
/// UNKNOWN, and refused.
enum StatementKind {
    BEGIN,
    COMMIT,
    ROLLBACK,
    ROLLBACK_TO_SAVEPOINT,
    SAVEPOINT,
    XA_START,
    XA_END,
    XA_PREPARE,
    XA_COMMIT,
    XA_COMMIT_ONE_PHASE,
    XA_ROLLBACK,
    /// Changes data, logged as a statement in place of rows.
    DATA,
    /// May change a table's definition.
    DEFINITION,
    /// Concerns no table's rows and no definition.
    NOTHING,
    UNKNOWN;

    private static final Set<String> DATA_WORDS =
            Set.of(
                    "INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "WITH", "SELECT", "DO", "CALL",
                    "HANDLER", "TABLE", "VALUES", "EXECUTE");
    private static final Set<String> DEFINITION_WORDS =
            Set.of("CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE", "IMPORT");
    private static final Set<String> NOTHING_WORDS =
            Set.of(
                    "GRANT",
                    "REVOKE",
                    "SET",
                    "ANALYZE",
                    "ANALYSE",
                    "OPTIMIZE",
                    "REPAIR",
                    "CHECK",
                    "CHECKSUM",
                    "FLUSH",
                    "INSTALL",
                    "UNINSTALL",
                    "CACHE",
                    "RESET",
                    "PURGE",
                    "USE",
                    "LOCK",
                    "UNLOCK",
                    "KILL",
                    "RELEASE",
                    "SHUTDOWN");

    static StatementKind of(List<Token> tokens) {
        if (tokens.isEmpty()) {
            return NOTHING; // a comment, as servers put in place of an event that was taken out
        }
        var first = tokens.getFirst().upper();
        var second = tokens.size() > 1 ? tokens.get(1).upper() : "";
        return switch (first) {
            case "BEGIN" -> BEGIN;
            case "START" -> second.equals("TRANSACTION") ? BEGIN : UNKNOWN;
            case "COMMIT" -> COMMIT;
            case "ROLLBACK" ->
                    tokens.stream().anyMatch(token -> token.is("TO"))
                            ? ROLLBACK_TO_SAVEPOINT
                            : ROLLBACK;
            case "SAVEPOINT" -> SAVEPOINT;
            case "XA" -> xa(second, tokens);
            default -> {
                if (DATA_WORDS.contains(first)) {
                    yield DATA;
                }
                if (DEFINITION_WORDS.contains(first)) {
                    yield DEFINITION;
                }
                yield NOTHING_WORDS.contains(first) ? NOTHING : UNKNOWN;
            }
        };
    }

    private static StatementKind xa(String second, List<Token> tokens) {
        return switch (second) {
            case "START", "BEGIN" -> XA_START;
            case "END" -> XA_END;
            case "PREPARE" -> XA_PREPARE;
            case "COMMIT" -> tokens.getLast().is("PHASE") ? XA_COMMIT_ONE_PHASE : XA_COMMIT;
            case "ROLLBACK" -> XA_ROLLBACK;
            default -> UNKNOWN;
        };
    }

    /// The statement behind MariaDB's `SET STATEMENT variable = value, … FOR`, which is logged in
    /// front of what it runs.
    static List<Token> withoutSettings(List<Token> tokens) {
        if (tokens.size() > 2 && tokens.get(0).is("SET") && tokens.get(1).is("STATEMENT")) {
            for (var i = 2; i < tokens.size(); i++) {
                if (tokens.get(i).is("FOR")) {
                    return tokens.subList(i + 1, tokens.size());
                }
            }
        }
        return tokens;
    }
}
