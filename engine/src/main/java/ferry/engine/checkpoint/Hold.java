package ferry.engine.checkpoint;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.Optional;

/// Makes apply stand still at a place of the log for a moment, so that somebody can look at the target as it is exactly there. One at a time; others wait their
/// turn. It outlasts a reset of apply: with nothing uncommitted, the target stays as it was. Safe for several threads.
public final class Hold {
    private Optional<Ticket> present = Optional.empty();

    /// A wish to hold, from [#ask] to [Ticket#release].
    public final class Ticket {
        private Optional<Position> at;
        private boolean reached;
        private boolean missed;

        private Ticket(Optional<Position> at) {
            this.at = at;
        }

        /// True while apply stands at the place.
        public boolean held() {
            synchronized (Hold.this) {
                return reached;
            }
        }

        /// True when apply can no longer come to stand at the place: the place includes a transaction behind one that it does not include.
        public boolean missed() {
            synchronized (Hold.this) {
                return missed;
            }
        }

        /// Lets apply go on to another place and stand there.
        public void moveTo(Position place) {
            synchronized (Hold.this) {
                at = Optional.of(place);
                reached = false;
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

    /// Asks apply to stand before the first transaction that `at` does not include, or at the next possible place if `at` is empty. Empty when
    /// somebody else holds it: ask again later.
    public synchronized Optional<Ticket> ask(Optional<Position> at) {
        if (present.isPresent()) {
            return Optional.empty();
        }
        present = Optional.of(new Ticket(at));
        return present;
    }

    /// For apply, between transactions: true when it must stand still now, having applied this much.
    public synchronized boolean holds(Position applied) {
        present.ifPresent(ticket -> {
            if (ticket.at.isEmpty() || applied.covers(ticket.at.orElseThrow())) {
                ticket.reached = true;
            }
        });
        return present.isPresent() && present.orElseThrow().reached;
    }

    /// For apply, having applied so much: true when this transaction may not begin now.
    public synchronized boolean stopsBefore(TransactionId id, Position applied) {
        if (present.isEmpty()) {
            return false;
        }
        var ticket = present.orElseThrow();
        if (ticket.at.isPresent() && ticket.at.orElseThrow().includes(id)) {
            return false;
        }
        if (ticket.at.isPresent() && !applied.covers(ticket.at.orElseThrow())) {
            ticket.missed = true;
            present = Optional.empty();
            return false;
        }
        return true;
    }

    /// For apply: it stands before a transaction that [#stopsBefore] refused, with nothing uncommitted.
    public synchronized void stand() {
        present.ifPresent(ticket -> ticket.reached = true);
    }
}
