package ferry.dialects.mysql;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Runs statements that change rows, and lets no warning pass: a server that warns has altered
/// something.
final class MySqlTarget {
    /// Room for the packet's head.
    private static final int PACKET_MARGIN = 64;

    /// Warnings that say nothing about a value: deprecated syntax, unsafe for statement logging,
    /// unsupported variables of OceanBase.
    private static final Set<Integer> HARMLESS = Set.of(1287, 1592, 1681, 3719, 3778, 1235, 1286);

    private final MySqlConnection connection;
    private final long packetBytes;

    MySqlTarget(MySqlConnection connection) {
        this.connection = connection;
        packetBytes =
                Long.parseLong(
                                connection
                                        .text(
                                                "read max_allowed_packet",
                                                "SELECT @@max_allowed_packet")
                                        .orElseThrow())
                        - PACKET_MARGIN;
    }

    /// The longest statement that the server takes.
    long packetBytes() {
        return packetBytes;
    }

    /// Runs one statement; returns the rows that it found or stored.
    long run(String deed, RowSql sql) {
        requireFits(deed, sql);
        try {
            var affected = send(sql, 1).getFirst();
            requireNoWarning(deed);
            return affected;
        } catch (SQLException failure) {
            throw connection.problem(deed, failure);
        }
    }

    private List<Long> send(RowSql sql, int statements) throws SQLException {
        return SqlMessage.run(connection.driver(), sql, statements);
    }

    /// Runs statements one after the other; returns the rows that each found. The server stops at
    /// the first that fails. Of those that go together only the last one's warnings are seen;
    /// strict mode makes errors of what changes a value. Measured on loopback, rows updated in a
    /// second together and one by one: MySQL 8.0 28,000 and 6,000, OceanBase kernel 13,000 and
    /// 7,000 (busy machine).
    List<Long> runAll(String deed, List<RowSql> statements) {
        if (statements.isEmpty()) {
            return List.of();
        }
        var together = new RowSql();
        for (var statement : statements) {
            requireFits(deed, statement);
            if (together.length() > 0) {
                together.add(';');
            }
            together.add(statement);
        }
        try {
            var affected = send(together, statements.size());
            requireNoWarning(deed);
            return affected;
        } catch (SQLException failure) {
            throw connection.problem(deed, failure);
        }
    }

    /// The same in a session that is not strict, whose warnings mean nothing.
    List<Long> runLoosely(String deed, List<RowSql> statements) {
        statements.forEach(statement -> requireFits(deed, statement));
        connection.update(deed, MySqlSession.loosened());
        try {
            var affected = new ArrayList<Long>();
            for (var statement : statements) {
                affected.add(runUnwatched(deed, statement));
            }
            return affected;
        } finally {
            strictAgain(deed);
        }
    }

    private long runUnwatched(String deed, RowSql sql) {
        try {
            return send(sql, 1).getFirst();
        } catch (SQLException failure) {
            throw connection.problem(deed, failure);
        }
    }

    private void strictAgain(String deed) {
        try {
            connection.update(deed, MySqlSession.strict());
        } catch (ProblemException lost) {
            connection.abort(); // so that nothing is ever written loosely
        }
    }

    private void requireFits(String deed, RowSql sql) {
        if (sql.length() > packetBytes) {
            throw ProblemException.of(
                    ProblemCode.ROW_TOO_LARGE,
                    "Could not " + deed,
                    "a statement of "
                            + sql.length()
                            + " bytes is longer than the server's max_allowed_packet allows ("
                            + packetBytes
                            + ")",
                    "Raise the target's max_allowed_packet (at most 1GiB) or exclude the table");
        }
    }

    private void requireNoWarning(String deed) throws SQLException {
        if (connection.driver().getContext().getWarning() == 0) {
            return;
        }
        for (var code : warnings()) {
            if (!isHarmless(code)) {
                throw changed(deed, code);
            }
        }
    }

    private List<Integer> warnings() {
        return connection.rows("read the warnings", "SHOW WARNINGS").stream()
                .map(warning -> Integer.parseInt(warning.get(1)))
                .toList();
    }

    static boolean isHarmless(int warning) {
        return HARMLESS.contains(warning);
    }

    static ProblemException changed(String deed, int warning) {
        return ProblemException.of(
                ProblemCode.VALUE_REFUSED,
                "Could not " + deed,
                "the server changed a value while storing it (warning " + warning + ")",
                "Make the target's columns able to hold the source's values");
    }
}
