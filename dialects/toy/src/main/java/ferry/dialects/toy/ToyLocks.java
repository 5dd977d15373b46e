package ferry.dialects.toy;

import ferry.engine.model.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Row locks, held until the end of a transaction. Nobody waits: who meets another's lock is told
/// TARGET_BUSY and tries again.
final class ToyLocks {
    /// The values of one unique key of one table; an empty key name stands for the whole table.
    record Place(long table, String key, Row normal) {
        private static final Row NOTHING = Row.of();

        static Place whole(long table) {
            return new Place(table, "", NOTHING);
        }
    }

    private static final class Holders {
        ToyTransaction exclusive;
        final Set<ToyTransaction> shared = new HashSet<>();
    }

    private final Map<Place, Holders> held = new HashMap<>();

    void exclusive(ToyTransaction transaction, Place place) {
        var holders = held.computeIfAbsent(place, _ -> new Holders());
        var own = holders.shared.contains(transaction) ? 1 : 0;
        if (holders.shared.size() > own
                || (holders.exclusive != null && holders.exclusive != transaction)) {
            throw Toy.busy("a row lock was not granted");
        }
        holders.exclusive = transaction;
    }

    void shared(ToyTransaction transaction, Place place) {
        var holders = held.computeIfAbsent(place, _ -> new Holders());
        if (holders.exclusive != null && holders.exclusive != transaction) {
            throw Toy.busy("a shared row lock was not granted");
        }
        holders.shared.add(transaction);
    }

    void release(ToyTransaction transaction) {
        held.values()
                .removeIf(holders -> {
                    holders.shared.remove(transaction);
                    holders.exclusive = holders.exclusive == transaction ? null : holders.exclusive;
                    return holders.exclusive == null && holders.shared.isEmpty();
                });
    }
}
