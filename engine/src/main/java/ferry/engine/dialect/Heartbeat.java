package ferry.engine.dialect;

import ferry.engine.model.Position;

/// Writes the time into one row of the source, over one connection.
public interface Heartbeat extends AutoCloseable {
    /// Makes the row's table if it is missing, stores this time in the row and commits. Returns a
    /// place of the source's log at or behind that commit.
    Position beat(long epochSecond);

    @Override
    void close();
}
