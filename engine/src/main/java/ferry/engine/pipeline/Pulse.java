package ferry.engine.pipeline;

import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Heartbeat;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes heartbeats into the source, and tells how long each is on its way: by Ferry's clock
/// alone, so neither the source's clock nor an idle source blurs it. A source that takes none stops
/// nothing; it is asked again at the next beat. Safe for several threads.
final class Pulse implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    /// Beats that may be on their way; behind so many no further one is followed for a while.
    private static final int BEATS_MAX = 10_000;

    private final Ends ends;
    private final boolean wanted;
    private final Duration every;
    private final Way captured = new Way();
    private final Way read = new Way();
    private final Way applied = new Way();
    private Optional<Heartbeat> open = Optional.empty();
    private Instant next = Instant.MIN;
    private volatile Optional<String> refused = Optional.empty();

    /// A heartbeat that lies at or before a place of the source's log.
    private record Beat(Position place, Instant sent) {}

    /// The beats that have not come so far yet, and how long the last one took that has.
    private static final class Way {
        private final Deque<Beat> coming = new ArrayDeque<>();
        private Optional<Duration> last = Optional.empty();

        synchronized void sent(Beat beat) {
            if (coming.size() < BEATS_MAX) {
                coming.add(beat);
            }
        }

        synchronized Optional<Duration> lag(Instant now, Optional<Position> reached) {
            while (!coming.isEmpty()
                    && reached.filter(place -> place.covers(coming.getFirst().place)).isPresent()) {
                last = Optional.of(between(coming.removeFirst().sent, now));
            }
            if (coming.isEmpty()) {
                return last;
            }
            var waiting = between(coming.getFirst().sent, now);
            return Optional.of(last.filter(lag -> lag.compareTo(waiting) > 0).orElse(waiting));
        }

        private static Duration between(Instant sent, Instant now) {
            return sent.isBefore(now) ? Duration.between(sent, now) : Duration.ZERO;
        }
    }

    /// What beats tell at a moment: how long they need until they are captured, read by apply, and
    /// applied.
    record Seen(Optional<Duration> captured, Optional<Duration> read, Optional<Duration> applied) {}

    Pulse(Ends ends) {
        this.ends = ends;
        wanted = ends.settings().get(Settings.SOURCE_HEARTBEAT);
        every = ends.settings().get(Settings.SOURCE_HEARTBEAT_TIME);
    }

    boolean hasWork() {
        return wanted;
    }

    /// True of the table that holds the heartbeats.
    boolean writes(TableName table) {
        return wanted
                && table.toString()
                        .equalsIgnoreCase(ends.settings().get(Settings.SOURCE_HEARTBEAT_TABLE));
    }

    @Override
    public String name() {
        return "heartbeat";
    }

    @Override
    public Outcome step() {
        var now = ends.clock().instant();
        if (now.isBefore(next)) {
            return Outcome.IDLE;
        }
        next = now.plus(every);
        try {
            if (open.isEmpty()) {
                open = Optional.of(ends.heartbeat());
            }
            var beat = new Beat(open.orElseThrow().beat(now.getEpochSecond()), now);
            captured.sent(beat);
            read.sent(beat);
            applied.sent(beat);
            refused = Optional.empty();
        } catch (ProblemException e) {
            reset();
            if (Thread.currentThread().isInterrupted()) {
                throw e; // the project stops, which says nothing about the source
            }
            refuse(e);
        }
        return Outcome.IDLE;
    }

    private void refuse(ProblemException e) {
        var why = e.problem().what() + ": " + e.problem().why();
        if (!refused.equals(Optional.of(why))) {
            LOG.warn("no heartbeat in the source: {}", why);
        }
        refused = Optional.of(why);
    }

    @Override
    public void reset() {
        open.ifPresent(Heartbeat::close);
        open = Optional.empty();
    }

    /// Why the source takes no heartbeats, if it does not.
    Optional<String> refused() {
        return refused;
    }

    /// Empty while no beat tells anything.
    Optional<Seen> look(Instant now, Link link) {
        if (!wanted) {
            return Optional.empty(); // and no place is put together for it
        }
        var seen =
                new Seen(
                        captured.lag(now, Optional.of(link.log().durablePosition())),
                        read.lag(now, link.apply().read()),
                        applied.lag(now, link.apply().applied()));
        return Optional.of(seen).filter(_ -> refused.isEmpty() && seen.captured().isPresent());
    }
}
