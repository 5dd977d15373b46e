package ferry.engine.capture;

import ferry.engine.model.Position;
import ferry.engine.model.Table;
import java.util.Optional;

/// A request that the rows of a table be captured from some place on, under a layout that was read
/// between two positions. It is granted only with proof: no schema change touched the table between
/// `before` (a committed position taken before the layout was read) and the place of admission,
/// which lies at or behind `after` (the log's end after it was read).
public final class Admission {
    /// How a request stands.
    public enum State {
        WAITING,
        ADMITTED,
        /// The layout may be wrong: read it and ask again.
        VOID
    }

    private final Table layout;
    private final Position before;
    private final Position after;
    private final boolean exact;
    private volatile State state = State.WAITING;
    private volatile Position admittedAt;

    /// `exact`: nothing behind `after` may be read before the table is admitted, because another
    /// process found it admitted there.
    Admission(Table layout, Position before, Position after, boolean exact) {
        this.layout = layout;
        this.exact = exact;
        this.before = before;
        this.after = after;
    }

    public State state() {
        return state;
    }

    /// The place from which the table's rows are in the change log; present once ADMITTED. A chunk
    /// of the table must be read after everything up to here was committed.
    public Optional<Position> admittedAt() {
        return Optional.ofNullable(admittedAt);
    }

    public Table layout() {
        return layout;
    }

    Position before() {
        return before;
    }

    Position after() {
        return after;
    }

    boolean exact() {
        return exact;
    }

    void admit(Position place) {
        admittedAt = place;
        state = State.ADMITTED;
    }

    void refuse() {
        state = State.VOID;
    }
}
