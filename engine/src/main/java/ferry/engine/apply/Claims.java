package ferry.engine.apply;

import java.util.Arrays;
import java.util.function.LongConsumer;

/// What a transaction lays hands on, as hashes: things that it claims for itself, and things that
/// it shares with others that only share them. Two transactions whose claims meet keep their order.
/// Hashes that meet by chance cost time and nothing else.
final class Claims {
    private final Longs own = new Longs();
    private final Longs shared = new Longs();

    private static final class Longs {
        private long[] values = new long[8];
        private int size;

        void add(long value) {
            if (size > 0 && values[size - 1] == value) {
                return; // neighbours often repeat each other
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        boolean holds(long value) {
            for (var i = 0; i < size; i++) {
                if (values[i] == value) {
                    return true;
                }
            }
            return false;
        }

        void forEach(LongConsumer action) {
            for (var i = 0; i < size; i++) {
                action.accept(values[i]);
            }
        }
    }

    void own(long hash) {
        own.add(hash);
    }

    void share(long hash) {
        shared.add(hash);
    }

    boolean owns(long hash) {
        return own.holds(hash);
    }

    void forEachOwn(LongConsumer action) {
        own.forEach(action);
    }

    void forEachShared(LongConsumer action) {
        shared.forEach(action);
    }
}
