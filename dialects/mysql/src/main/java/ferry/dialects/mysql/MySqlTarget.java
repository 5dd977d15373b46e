package ferry.dialects.mysql;

import ferry.dialects.mysql.SqlMessage.Answer;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Runs statements that change rows, and lets no warning pass: a server that warns has altered
/// something.
final class MySqlTarget {
    private static final String SAVE = "SAVEPOINT ferry_packet";
    private static final String TAKE_BACK = "ROLLBACK TO " + SAVE;

    /// Room for the packet's head and a savepoint.
    private static final int PACKET_MARGIN = 128;

    /// Warnings that say nothing about a value: deprecated syntax, unsafe for statement logging,
    /// unsupported variables of OceanBase.
    private static final Set<Integer> HARMLESS = Set.of(1287, 1592, 1681, 3719, 3778, 1235, 1286);

    private final MySqlConnection connection;
    private final AnswerPace pace = new AnswerPace();
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
        var told = answer(deed, sql);
        requireNoWarning(deed, told);
        return told.rows();
    }

    /// Runs statements one after the other, in one packet, and sees that each did what it must. The
    /// server stops at the first that fails. Measured on loopback, rows updated in a second
    /// together and one by one: MySQL 8.0 28,000 and 6,000, OceanBase kernel 13,000 and 7,000 (busy
    /// machine).
    ///
    /// Only the last one's warnings can be read. Where another one warned, all are taken back and
    /// run again one by one.
    void run(List<RowStatement> statements) {
        if (statements.size() == 1) {
            run(statements.getFirst());
            return;
        }
        var together = new RowSql().add(SAVE);
        for (var statement : statements) {
            concerning(statement.source(), () -> requireFits(statement.deed(), statement.sql()));
            together.add(';').add(statement.sql());
        }
        var begin = System.nanoTime();
        var answers = SqlMessage.run(connection, together, pace.waitNanos(statements.size()));
        pace.took(answers.given().size(), System.nanoTime() - begin);
        // The first answer is the savepoint's.
        var given = answers.given().size() - 1;
        for (var i = 0; i < given; i++) {
            requireCount(statements.get(i), answers.given().get(i + 1));
        }
        answers.failure()
                .ifPresent(failure -> {
                    var failed = statements.get(Math.max(0, given));
                    throw connection.problem(failed.deed(), failure).concerning(failed.source());
                });
        if (given != statements.size()) {
            throw new IllegalStateException(
                    given + " results of " + statements.size() + " statements");
        }
        if (answers.given().stream().limit(given).anyMatch(answer -> answer.warnings() > 0)) {
            connection.update("take statements back", TAKE_BACK);
            statements.forEach(this::run);
        } else {
            var last = statements.getLast();
            concerning(
                    last.source(), () -> requireNoWarning(last.deed(), answers.given().getLast()));
        }
    }

    private void run(RowStatement statement) {
        concerning(
                statement.source(),
                () -> {
                    requireFits(statement.deed(), statement.sql());
                    var told = answer(statement.deed(), statement.sql());
                    statement.require(told.rows());
                    requireNoWarning(statement.deed(), told);
                });
    }

    private static void requireCount(RowStatement statement, Answer told) {
        concerning(statement.source(), () -> statement.require(told.rows()));
    }

    /// Lets problems concern a table of the source, if they do not say which one they concern.
    static void concerning(TableName source, Runnable work) {
        try {
            work.run();
        } catch (ProblemException problem) {
            throw problem.table().isPresent() ? problem : problem.concerning(source);
        }
    }

    private Answer answer(String deed, RowSql sql) {
        var answers = SqlMessage.run(connection, sql);
        answers.failure()
                .ifPresent(failure -> {
                    throw connection.problem(deed, failure);
                });
        return answers.given().getFirst();
    }

    /// Runs statements in a session that is not strict, whose warnings mean nothing; returns the
    /// rows that each found.
    List<Long> runLoosely(String deed, List<RowSql> statements) {
        statements.forEach(statement -> requireFits(deed, statement));
        connection.update(deed, MySqlSession.loosened());
        try {
            var affected = new ArrayList<Long>();
            for (var statement : statements) {
                affected.add(answer(deed, statement).rows());
            }
            return affected;
        } finally {
            strictAgain(deed);
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

    private void requireNoWarning(String deed, Answer told) {
        if (told.warnings() == 0) {
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
