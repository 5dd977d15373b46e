package ferry.engine.dialect;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the target knows about projects: owner epoch, lanes, and facts ([Entry]). Reads see
/// committed state.
public interface Bookkeeping extends AutoCloseable {
    /// Makes the database and tables for bookkeeping if they are missing.
    void create();

    /// True when the tables are there.
    boolean exists();

    /// The project's row: empty if this target never saw it.
    Optional<Owner> owner(String project);

    /// Makes the caller the owner: creates the project's row with this identity if there is none,
    /// ends the recorded connections of all its lanes and waits until they are gone, then raises
    /// the epoch on the project's and all lanes' rows in one transaction. If a recorded connection
    /// is alive and `force` is false, throws OTHER_OWNER. Throws TARGET_FOREIGN if the project's
    /// row has another identity.
    Owner takeOver(String project, String identity, boolean force);

    /// The lane's fence and checkpoint; creates the lane's row with an empty checkpoint if there is
    /// none. Throws FENCED if the project's epoch is not `epoch`, and otherwise ends the recorded
    /// connection first, which can only be an earlier one of the caller: no row fences a DDL
    /// statement that was sent on it and is still to be executed. Reads locking, so that an unknown
    /// COMMIT has ended.
    LaneState lane(String project, String lane, long epoch);

    /// The checkpoints of a project's lanes whose names begin so, by lane, as they are committed. A
    /// lane that has none yet is missing.
    Map<String, String> checkpoints(String project, String lanes);

    /// All facts of one kind, sorted by name.
    List<Entry> entries(String project, String kind);

    /// Forgets the project: its rows in all bookkeeping tables.
    void forget(String project);

    record Owner(String identity, long epoch) {}

    record LaneState(Fence fence, String checkpoint) {}

    @Override
    void close();
}
