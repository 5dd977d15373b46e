package ferry.engine.dialect;

import java.time.Instant;
import java.util.Optional;

/// When a source is going to drop the part of its log that begins at some place, as far as its
/// settings tell; `at` is empty if they keep it for ever. `rule` says by which of them. `closed` is
/// false while the source still writes the file of that place, which it drops only after another.
/// `doubt` says what could not be learned, so that the source may drop its log earlier.
public record LogExpiry(Optional<Instant> at, String rule, boolean closed, Optional<String> doubt) {

    public LogExpiry(Optional<Instant> at, String rule, boolean closed) {
        this(at, rule, closed, Optional.empty());
    }

    public LogExpiry doubted(Optional<String> newDoubt) {
        return new LogExpiry(at, rule, closed, newDoubt);
    }
}
