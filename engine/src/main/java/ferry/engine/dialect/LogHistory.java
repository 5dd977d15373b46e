package ferry.engine.dialect;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a source's log holds at one moment: its oldest file, since when that is written, and the
/// bytes of all files. `sinceEver` says that the oldest file is the server's first, so that nothing
/// was ever dropped before it.
public record LogHistory(String oldestFile, boolean sinceEver, Instant begun, long bytes) {
    /// A shorter time says nothing about the hours to come.
    private static final Duration TELLING_TIME = Duration.ofHours(1);

    public Duration age(Instant now) {
        var age = Duration.between(begun, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /// How fast the log grew on the average; empty if it is too young to tell.
    public Optional<Double> bytesPerSecond(Instant now) {
        var age = age(now);
        return age.compareTo(TELLING_TIME) < 0
                ? Optional.empty()
                : Optional.of(bytes / (double) age.toSeconds());
    }
}
