package ferry.engine.dialect;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Optional;
import java.util.function.Function;

/// The server that a run accepted as its source. A list of hosts, a virtual address or a name may
/// lead a later connection to another one, whose places of the log mean something else; it is
/// judged when the next run begins, never in the middle of one. Safe for several threads.
public final class SameServer {
    private volatile Optional<String> accepted = Optional.empty();

    /// From now on every connection to the source must lead to this server.
    public void accept(String identity) {
        accepted = Optional.of(identity);
    }

    /// Any server will do again.
    public void forget() {
        accepted = Optional.empty();
    }

    /// Closes and refuses what was opened at another server; `identity` is empty where it cannot
    /// tell.
    <T extends AutoCloseable> T require(T opened, Function<T, Optional<String>> identity) {
        try {
            var expected = accepted;
            var met = expected.isEmpty() ? expected : identity.apply(opened);
            if (met.isPresent() && !met.equals(expected)) {
                throw another(expected.orElseThrow(), met.orElseThrow());
            }
            return opened;
        } catch (RuntimeException refused) {
            try {
                opened.close();
            } catch (Exception e) {
                refused.addSuppressed(e);
            }
            throw refused;
        }
    }

    private static ProblemException another(String expected, String met) {
        return ProblemException.of(
                ProblemCode.LOG_FOREIGN,
                "the source's address leads to another server than before",
                "this run began with the server "
                        + expected
                        + ", and a new connection met "
                        + met
                        + ": places in the log of the one are not places in the log of the other",
                "run 'ferry migrate' again: it proves whether the new server has everything that was captured, and goes on with it or says what is missing; if the address leads to several servers in turns, give the address of one");
    }
}
