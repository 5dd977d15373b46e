package ferry.engine.schema;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// What the target is busy with on our behalf and may take long over, be it hours: making and
/// changing tables, building keys, gathering statistics. For any thread.
public final class TargetWork {
    private final Set<String> running = new ConcurrentSkipListSet<>();

    /// Each completes "waits for …", as in "key ka of shop.t to be built".
    public List<String> running() {
        return List.copyOf(running);
    }

    /// Tells of a piece of work while it is done.
    void during(String told, Runnable piece) {
        running.add(told);
        try {
            piece.run();
        } finally {
            running.remove(told);
        }
    }
}
