package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Compares rows by key, both ends read again, however often they change: the target at one place
/// of the log, and the source *as it was at that place* ([RowsAtPlace]).
final class SettleCheck extends AtPlaceCheck {
    private static final int KEYS = 500;

    private final List<Row> keys;

    private SettleCheck(TableMark mark, TableReport report, List<Row> keys) {
        super(mark, report, new RowsAtPlace(mark, keys, false));
        this.keys = keys;
    }

    /// `keys` in the target's form, in portions.
    static List<Check> of(TableMark mark, TableReport report, Collection<Row> keys) {
        var checks = new ArrayList<Check>();
        var all = List.copyOf(keys);
        for (var i = 0; i < all.size(); i += KEYS) {
            checks.add(
                    new SettleCheck(mark, report, all.subList(i, Math.min(all.size(), i + KEYS))));
        }
        return checks;
    }

    @Override
    Check again() {
        return new SettleCheck(mark(), report(), keys);
    }

    @Override
    void settle() {
        report().settled(keys.size());
        for (var key : rows().keys()) {
            var expected = rows().expected(key);
            var actual = rows().actual(key);
            if (!expected.equals(actual)) {
                report().add(new Difference(mark().name(), key, expected, actual, 1));
            }
        }
    }
}
