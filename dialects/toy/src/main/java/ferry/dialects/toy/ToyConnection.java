package ferry.dialects.toy;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;
import java.util.function.Supplier;

/// One client's session on a server. Every call goes over the [Line], where it may be lost or
/// executed after the client gave up.
final class ToyConnection {
    private final ToyServer server;
    private final long id;
    private final Line line;
    private Optional<ToyTransaction> transaction = Optional.empty();
    private boolean lost;

    ToyConnection(ToyServer server, long id, Line line) {
        this.server = server;
        this.id = id;
        this.line = line;
    }

    long id() {
        return id;
    }

    ToyServer server() {
        return server;
    }

    Line line() {
        return line;
    }

    Optional<ToyTransaction> transaction() {
        return transaction.filter(ToyTransaction::isOpen);
    }

    ToyTransaction begin() {
        if (transaction().isPresent()) {
            throw new IllegalStateException("connection " + id + " is already in a transaction");
        }
        transaction = Optional.of(server.begin(false));
        return transaction.get();
    }

    void end() {
        transaction = Optional.empty();
    }

    void call(String name, ProblemCode lostCode, Runnable work) {
        call(
                name,
                lostCode,
                () -> {
                    work.run();
                    return null;
                });
    }

    <T> T call(String name, ProblemCode lostCode, Supplier<T> work) {
        server.alone(() -> requireAlive(lostCode));
        var fate = line.before(name);
        var result = server.alone(() -> execute(fate, lostCode, work));
        line.after(name);
        return result;
    }

    private <T> T execute(Line.Fate fate, ProblemCode lostCode, Supplier<T> work) {
        requireAlive(lostCode); // somebody may have ended the connection meanwhile
        switch (fate) {
            case DELIVERED, REPLY_LOST -> {}
            case REQUEST_LOST -> throw lose(lostCode);
            case LATE -> {
                lost = true;
                server.later(
                        this,
                        () -> {
                            var _ = work.get(); // nobody waits for the answer
                        });
                throw problem(lostCode);
            }
        }
        var result = work.get();
        if (fate == Line.Fate.REPLY_LOST) {
            throw lose(lostCode);
        }
        return result;
    }

    boolean isGone() {
        return server.alone(() -> !server.isAlive(id));
    }

    /// The client leaves: an open transaction is rolled back, unless the server still has a call of
    /// it to execute.
    void close() {
        server.alone(() -> {
            if (!lost) {
                lost = true;
                server.disconnect(this);
            }
        });
    }

    /// The client vanishes without a word: the server holds its transaction and locks until it
    /// notices.
    void vanish() {
        server.alone(() -> {
            if (!lost) {
                lost = true;
                server.later(this, () -> {});
            }
        });
    }

    private ProblemException lose(ProblemCode lostCode) {
        lost = true;
        server.disconnect(this);
        return problem(lostCode);
    }

    private void requireAlive(ProblemCode lostCode) {
        if (lost || !server.isAlive(id)) {
            lost = true;
            throw problem(lostCode);
        }
    }

    private ProblemException problem(ProblemCode lostCode) {
        return ProblemException.of(
                lostCode,
                "connection " + id + " to " + server.uuid() + " was lost",
                "the line broke",
                "Nothing: it is tried again.");
    }
}
