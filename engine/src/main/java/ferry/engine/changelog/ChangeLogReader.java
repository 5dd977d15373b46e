package ferry.engine.changelog;

import ferry.engine.model.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads a [ChangeLog] from a low-water mark on, one record after the other, in log order. Used by
/// one thread at a time.
public final class ChangeLogReader implements AutoCloseable {
    ChangeLogReader() {}

    /// The next durable record; empty at the end of what is durable, and later there may be more.
    /// Transactions that the low-water mark includes are left out, each by itself; one that has
    /// begun to come is complete in the log. Throws LOG_DAMAGED rather than deliver a wrong record.
    public Optional<LogRecord> next() {
        throw new UnsupportedOperationException("not built");
    }

    /// Waits until [#next] has something, at the most this long; returns whether it has.
    public boolean await(Duration atMost) throws InterruptedException {
        throw new UnsupportedOperationException("not built");
    }

    /// The groups that are prepared and undecided at the reader's place. The low-water mark must
    /// never include one of their ids.
    public List<LogRecord.Prepare> openPrepares() {
        throw new UnsupportedOperationException("not built");
    }

    /// Everything that lies before the reader's place in the log: what was delivered completely,
    /// what was left out, prepared groups too.
    public Position position() {
        throw new UnsupportedOperationException("not built");
    }

    /// The sequence of the last transaction or schema change before the reader's place.
    public long sequence() {
        throw new UnsupportedOperationException("not built");
    }

    /// Durable bytes of the log that the reader has not yet read.
    public long bytesAhead() {
        throw new UnsupportedOperationException("not built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("not built");
    }
}
