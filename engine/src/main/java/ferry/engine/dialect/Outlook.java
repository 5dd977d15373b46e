package ferry.engine.dialect;

import java.time.Duration;
import java.util.Optional;

/// What the precheck expects of a project: the bytes that are still to be loaded, by the source's
/// statistics, how long that takes at `precheck.load.speed`, and what the source's log held so far;
/// empty if the log is not read or did not answer.
public record Outlook(long loadBytes, Duration loadTime, Optional<LogHistory> log) {
    public static final Outlook NOTHING = new Outlook(0, Duration.ZERO, Optional.empty());
}
