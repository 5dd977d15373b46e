package ferry.engine.checkpoint;

import java.util.Optional;

/// Makes apply stand still between two transactions for a moment, so that somebody can look at the
/// target as it is exactly there. One at a time; others wait their turn. It outlasts a reset of
/// apply: with nothing uncommitted, the target stays as it was. Safe for several threads.
public final class Hold {
    private Optional<Ticket> present = Optional.empty();

    /// A wish to hold, from [#ask] to [#release].
    public final class Ticket {
        private boolean reached;

        private Ticket() {}

        /// True while apply stands still.
        public boolean held() {
            synchronized (Hold.this) {
                return reached;
            }
        }

        public void release() {
            synchronized (Hold.this) {
                if (present.isPresent() && present.orElseThrow() == this) {
                    present = Optional.empty();
                }
            }
        }
    }

    /// Asks apply to stand still at the next possible place. Empty when somebody else holds it: ask
    /// again later.
    public synchronized Optional<Ticket> ask() {
        if (present.isPresent()) {
            return Optional.empty();
        }
        present = Optional.of(new Ticket());
        return present;
    }

    /// For apply, between transactions: true when somebody wants it to stand still.
    public synchronized boolean wanted() {
        return present.isPresent();
    }

    /// For apply: it stands still, with nothing uncommitted.
    public synchronized void stand() {
        present.ifPresent(ticket -> ticket.reached = true);
    }
}
