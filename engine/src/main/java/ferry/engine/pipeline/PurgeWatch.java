package ferry.engine.pipeline;

import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.model.Position;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Looks now and then when the source will drop the log that capture has still to read, and warns
/// in time. It only advises: whatever the source answers, the run goes on. A source that does not
/// answer is tried again by others; what it refuses is told as unknown.
final class PurgeWatch implements Loop {
    private final Ends ends;
    private final Supplier<Position> needed;
    private final Supplier<Optional<Duration>> captureLag;
    private final List<Problem> warnings = new CopyOnWriteArrayList<>();
    private Instant next = Instant.MIN;
    private volatile Optional<LogExpiry> expiry = Optional.empty();
    private volatile Optional<String> unknown = Optional.empty(); // why
    private boolean near;

    PurgeWatch(Ends ends, Supplier<Position> needed, Supplier<Optional<Duration>> captureLag) {
        this.ends = ends;
        this.needed = needed;
        this.captureLag = captureLag;
    }

    @Override
    public String name() {
        return "log-watch";
    }

    @Override
    public Outcome step() {
        var now = ends.clock().instant();
        if (now.isBefore(next)) {
            return Outcome.IDLE;
        }
        next = now.plus(ends.settings().get(Settings.CAPTURE_PURGE_LOOK));
        try {
            expiry = ends.sourceDialect().logExpiry(ends.source(), needed.get(), ends.settings());
        } catch (ProblemException e) {
            if (!e.code().retryable()) { // else what was known stays the best that is known
                expiry = Optional.empty();
                unknown = Optional.of(e.problem().what() + ": " + e.problem().why());
            }
            return Outcome.IDLE;
        }
        unknown = Optional.empty();
        judge(now);
        return Outcome.IDLE;
    }

    @Override
    public void reset() {
        next = Instant.MIN;
    }

    private void judge(Instant now) {
        var known = expiry.filter(LogExpiry::closed).flatMap(LogExpiry::at);
        var left = known.map(at -> Duration.between(now, at));
        var limit = ends.settings().get(Settings.CAPTURE_PURGE_WARNING);
        var lag = captureLag.get().orElse(Duration.ZERO);
        var isNear =
                left.filter(time -> time.compareTo(limit) < 0 || time.compareTo(lag) < 0)
                        .isPresent();
        if (isNear && !near) {
            warnings.add(warning(known.orElseThrow(), left.orElseThrow(), lag));
        }
        near = isNear;
    }

    private Problem warning(Instant at, Duration left, Duration lag) {
        return new Problem(
                ProblemCode.LOG_EXPIRES,
                left.isNegative()
                        ? "the source may drop the log that is still needed at any moment"
                        : "the source drops the log that is still needed in "
                                + left.truncatedTo(ChronoUnit.SECONDS)
                                        .toString()
                                        .substring(2)
                                        .toLowerCase(Locale.ROOT)
                                + ", at "
                                + at.truncatedTo(ChronoUnit.SECONDS),
                expiry.orElseThrow().rule()
                        + "; capture stands at "
                        + needed.get().text()
                        + " and is "
                        + lag.toSeconds()
                        + " s behind",
                "keep the log longer at the source, or let capture go on: 'ferry status' says what it waits for");
    }

    /// What an operator is to be told, each once.
    List<Problem> warnings() {
        return new ArrayList<>(warnings);
    }

    /// In a sentence, for people; empty while it is not known.
    Optional<String> text() {
        return expiry.map(PurgeWatch::told).or(() -> unknown.map(why -> "unknown (" + why + ")"));
    }

    private static String told(LogExpiry known) {
        var time =
                known.at()
                        .map(at ->
                                (known.closed() ? "until " : "at least until ")
                                        + at.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("for ever");
        var text = time + " (" + known.rule() + ")";
        return known.doubt()
                .map(doubt -> "unknown (" + doubt + "); without that, " + text)
                .orElse(text);
    }
}
