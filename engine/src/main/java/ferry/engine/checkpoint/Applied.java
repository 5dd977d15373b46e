package ferry.engine.checkpoint;

import ferry.engine.model.Position;
import java.util.Optional;

/// How far the target is, and a way to make it stand still there; what verification needs to know
/// of apply.
public interface Applied {
    /// Everything up to here is committed in the target, as far as it concerns selected tables;
    /// empty before the first look at the target. While apply is held it is exactly what the target
    /// holds.
    Optional<Position> applied();

    Hold hold();
}
