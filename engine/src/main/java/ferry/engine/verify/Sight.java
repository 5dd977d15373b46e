package ferry.engine.verify;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.checkpoint.Applied;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.Position;
import java.util.Optional;

/// What one verify worker sees of both ends: its two connections, the change log between them, and
/// apply. `log` and `applied` are empty in a project without incremental synchronization, where
/// nothing may change meanwhile.
record Sight(
        Ends ends,
        Snapshot source,
        Snapshot target,
        Optional<ChangeLog> log,
        Optional<Applied> applied) {
    /// A committed position before a read of the source, if there is a log.
    Optional<Position> readAt() {
        return log.map(_ -> source.committed());
    }

    /// The log's end after it.
    Optional<Position> readBy() {
        return log.map(_ -> source.logEnd());
    }

    /// True when everything up to here is in the target.
    boolean isApplied(Optional<Position> position) {
        return position.isEmpty()
                || applied.orElseThrow()
                        .applied()
                        .map(at -> at.covers(position.orElseThrow()))
                        .orElse(false);
    }

    /// True when everything up to here is in the change log.
    boolean isCaptured(Optional<Position> position) {
        return position.isEmpty()
                || log.orElseThrow().durablePosition().covers(position.orElseThrow());
    }
}
