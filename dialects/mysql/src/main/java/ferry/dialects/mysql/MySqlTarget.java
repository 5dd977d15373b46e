package ferry.dialects.mysql;

import ferry.dialects.mysql.RowStatement.Count;
import ferry.dialects.mysql.SqlMessage.Answer;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
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

    /// Packets behind one that warned.
    private static final int ONE_BY_ONE = 100;

    private final MySqlConnection connection;
    private final AnswerPace pace = new AnswerPace();
    private final long packetBytes;
    private int oneByOne; // packets

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
        return run(new RowStatement(Optional.empty(), deed, sql, 0, Count.FREE));
    }

    /// Runs statements one after the other, in one packet, and sees that each did what it must. The
    /// server stops at the first that fails. Measured on loopback, rows updated in a second
    /// together and one by one: MySQL 8.0 28,000 and 6,000, OceanBase kernel 13,000 and 7,000 (busy
    /// machine).
    ///
    /// Only the last one's warnings can be read. Where another one warned, all are taken back and
    /// run again one by one, and so are the next packets: a server warns again of the same.
    void runAll(List<RowStatement> statements) {
        if (statements.size() == 1 || oneByOne > 0) {
            oneByOne = Math.max(0, oneByOne - 1);
            statements.forEach(this::run);
        } else if (warnedBeforeTheLast(statements)) {
            connection.update("take statements back", TAKE_BACK);
            oneByOne = ONE_BY_ONE;
            statements.forEach(this::run);
        }
    }

    private boolean warnedBeforeTheLast(List<RowStatement> statements) {
        var together = new RowSql().add(SAVE);
        statements.forEach(statement -> together.add(';').add(statement.sql()));
        var begin = System.nanoTime();
        var answers = SqlMessage.run(connection, together, pace.waitNanos(statements.size()));
        pace.took(statements.size(), System.nanoTime() - begin);
        if (answers.given().isEmpty()) {
            throw connection.problem("set a savepoint", answers.failure().orElseThrow());
        }
        var told = answers.given().subList(1, answers.given().size()); // behind the savepoint's
        var failed =
                answers.failure().map(failure -> problem(statements.get(told.size()), failure));
        // A connection that is lost, or a transaction that the server has ended, is no row's fault,
        // whatever was found before.
        failed.filter(problem -> !problem.code().isOfRow()).ifPresent(MySqlTarget::raise);
        for (var i = 0; i < told.size(); i++) {
            statements.get(i).require(told.get(i).rows());
        }
        failed.ifPresent(MySqlTarget::raise);
        if (told.stream().limit(told.size() - 1L).anyMatch(answer -> answer.warnings() > 0)) {
            return true;
        }
        requireNoWarning(statements.getLast(), told.getLast());
        return false;
    }

    private static void raise(ProblemException problem) {
        throw problem;
    }

    private long run(RowStatement statement) {
        requireFits(statement);
        var told = answer(statement);
        statement.require(told.rows());
        requireNoWarning(statement, told);
        return told.rows();
    }

    private Answer answer(RowStatement statement) {
        var answers = SqlMessage.run(connection, statement.sql());
        answers.failure()
                .ifPresent(failure -> {
                    throw problem(statement, failure);
                });
        return answers.given().getFirst();
    }

    private ProblemException problem(RowStatement statement, SQLException failure) {
        return statement.concerned(connection.problem(statement.deed(), failure));
    }

    /// Runs statements in a session that is not strict, whose warnings mean nothing.
    void runLoosely(List<RowStatement> statements) {
        connection.update("let values be set that strictness refuses", MySqlSession.loosened());
        try {
            for (var statement : statements) {
                requireFits(statement);
                statement.require(answer(statement).rows());
            }
        } finally {
            strictAgain();
        }
    }

    private void strictAgain() {
        try {
            connection.update("be strict again", MySqlSession.strict());
        } catch (ProblemException lost) {
            connection.abort(); // so that nothing is ever written loosely
        }
    }

    private void requireFits(RowStatement statement) {
        var bytes = statement.sql().length();
        if (bytes > packetBytes) {
            throw statement.concerned(
                    ProblemException.of(
                            ProblemCode.ROW_TOO_LARGE,
                            "Could not " + statement.deed(),
                            "a statement of "
                                    + bytes
                                    + " bytes is longer than the server's max_allowed_packet allows ("
                                    + packetBytes
                                    + ")",
                            "Raise the target's max_allowed_packet (at most 1GiB) or exclude the table"));
        }
    }

    private void requireNoWarning(RowStatement statement, Answer told) {
        if (told.warnings() == 0) {
            return;
        }
        for (var code : warnings()) {
            if (!isHarmless(code)) {
                throw statement.concerned(changed(statement.deed(), code));
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
