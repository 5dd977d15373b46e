package ferry.dialects.mysql;

/// How long a connection's server takes to answer a packet of statements, so that nobody wakes up
/// for each of the answers: the server sends one behind every statement, and for whom it wakes up
/// each time that costs as much as the statement. Who reads them waits for most of them first.
///
/// A statement is taken to need what it needed in the last packet, but little more than in the one
/// before: one that waited for a lock must not make the next ones slow. Where all answers lay there
/// already, they came sooner than was known, and the next wait is half as long.
final class AnswerPace {
    /// Waiting for so few would gain nothing.
    private static final int STATEMENTS_MIN = 8;

    private static final double PART = 0.8; // of the expected time
    private static final double GROWTH_MAX = 1.2; // from one packet to the next
    private static final double LATE = 1.05; // who needs no longer than he waited came too late
    private static final double FIRST_NANOS = 10_000;
    private static final double WAIT_NANOS_MAX = 100e6;

    private double nanosOfStatement = FIRST_NANOS;

    /// How long to wait before the answers of so many statements are read.
    long waitNanos(int statements) {
        return statements < STATEMENTS_MIN
                ? 0
                : (long) Math.min(WAIT_NANOS_MAX, PART * nanosOfStatement * statements);
    }

    /// So many statements were answered in so long, the wait included.
    void took(int statements, long nanos) {
        if (statements < STATEMENTS_MIN) {
            return;
        }
        nanosOfStatement =
                nanos < LATE * waitNanos(statements)
                        ? nanosOfStatement / 2
                        : Math.min((double) nanos / statements, nanosOfStatement * GROWTH_MAX);
    }
}
