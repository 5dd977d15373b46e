package ferry.engine.checkpoint;

import java.util.LinkedHashSet;
import java.util.Set;

/// Makes apply stand still between two transactions for a moment, so that somebody can look at the
/// target as it is exactly there. To stand still costs apply what its lanes still have to write, so
/// all who have asked by then look together; who asks later waits for the next time, or the first
/// would be held as long as others come. It outlasts a reset of apply: with nothing uncommitted,
/// the target stays as it was. Safe for several threads.
public final class Hold {
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private final Set<Ticket> looking = new LinkedHashSet<>();

    /// A wish to hold, from [#ask] to [#release].
    public final class Ticket {
        private Ticket() {}

        /// True while apply stands still.
        public boolean held() {
            synchronized (Hold.this) {
                return looking.contains(this);
            }
        }

        public void release() {
            synchronized (Hold.this) {
                waiting.remove(this);
                looking.remove(this);
            }
        }
    }

    /// Asks apply to stand still at the next possible place.
    public synchronized Ticket ask() {
        var ticket = new Ticket();
        waiting.add(ticket);
        return ticket;
    }

    /// For apply, between transactions: true when somebody wants it to stand still.
    public synchronized boolean wanted() {
        return !looking.isEmpty() || !waiting.isEmpty();
    }

    /// For apply: it stands still, with nothing uncommitted.
    public synchronized void stand() {
        if (looking.isEmpty()) {
            looking.addAll(waiting);
            waiting.clear();
        }
    }
}
