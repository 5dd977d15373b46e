package ferry.engine.apply;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.time.Instant;
import java.util.Optional;

/// Where in the source's log a run ends, always between two transactions: what lies before it is
/// applied, what lies behind it is not.
///
/// * A set of transactions is reached when the log was read up to all of them; others that stand
///   between them in the log are applied too.
/// * A place in a file is reached before the first transaction that begins there or behind.
/// * A time is reached before the first transaction that was committed after it, or when the
///   source's clock has passed it and the log was read to where it ended then ([#timePassed]).
///
/// Which transactions are applied depends on the log alone, so a run that was killed and resumed
/// ends at the same one.
public final class LogStop {
    private final String name;
    private final Optional<Position> place;
    private final long lastMicros;
    private volatile Optional<Position> end = Optional.empty();

    private LogStop(String name, Optional<Position> place, long lastMicros) {
        this.name = name;
        this.place = place;
        this.lastMicros = lastMicros;
    }

    /// `name` is what the operator calls it.
    public static LogStop at(String name, Position place) {
        return new LogStop(name, Optional.of(place), Long.MAX_VALUE);
    }

    /// Behind the last transaction that was committed at this time or before.
    public static LogStop at(String name, Instant time) {
        return new LogStop(
                name,
                Optional.empty(),
                Math.addExact(
                        Math.multiplyExact(time.getEpochSecond(), 1_000_000L),
                        time.getNano() / 1_000));
    }

    public String name() {
        return name;
    }

    /// The source's clock has passed the time, and its log ended here then.
    public void timePassed(Position logEnd) {
        end = Optional.of(logEnd);
    }

    /// True while it is not known where the log ends that belongs to the time.
    public boolean waitsForTime() {
        return place.isEmpty() && end.isEmpty();
    }

    /// True when this transaction, the next one of the log, lies behind it. `read` is everything
    /// before the transaction.
    boolean isBefore(TransactionId id, long micros, Position read) {
        return micros > lastMicros
                || place.filter(stop -> read.covers(stop) || stop.liesBefore(id)).isPresent();
    }

    /// True when nothing that is still to be read lies before it.
    boolean isReachedAt(Position read) {
        return place.or(() -> end).filter(read::covers).isPresent();
    }
}
