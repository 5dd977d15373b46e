package ferry.engine.verify;

import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import java.util.LinkedHashSet;
import java.util.Optional;

/// The keys of a table that the log changed since a place: exactly the rows that two reads at
/// different moments may rightly show differently.
final class ChangedKeys {
    private ChangedKeys() {}

    /// All keys, in the target's form, changed by transactions that `readAt` does not include, up
    /// to the log's present end: apply is nowhere farther. Inside `range` if the key order can be
    /// decided here.
    static LinkedHashSet<Row> of(
            Sight sight, Check check, Optional<Position> readAt, Optional<KeyRange> range) {
        var keys = new LinkedHashSet<Row>();
        if (readAt.isEmpty()) {
            return keys;
        }
        var translation = check.translation(sight);
        var order = sight.ends().sourceDialect().keyOrder(check.source());
        sight.log()
                .orElseThrow()
                .changedKeys(
                        check.source().name(),
                        readAt.orElseThrow(),
                        key -> {
                            var inside =
                                    range.isEmpty()
                                            || order.isEmpty()
                                            || range.orElseThrow()
                                                            .after()
                                                            .map(after ->
                                                                    order.orElseThrow()
                                                                                    .compare(
                                                                                            key,
                                                                                            after)
                                                                            > 0)
                                                            .orElse(true)
                                                    && range.orElseThrow()
                                                            .upTo()
                                                            .map(upTo ->
                                                                    order.orElseThrow()
                                                                                    .compare(
                                                                                            key,
                                                                                            upTo)
                                                                            <= 0)
                                                            .orElse(true);
                            if (inside) {
                                keys.add(
                                        Keys.translate(
                                                key, check.source(), check.target(), translation));
                            }
                        });
        return keys;
    }
}
