package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The keys of a table that the log changed since a place: exactly the rows that two reads at
/// different moments may rightly show differently.
///
/// They are those of transactions that `readAt` does not include, up to `sequence`, the log's end
/// when the target had been read: apply was nowhere farther. Inside `range` if the key order can be
/// decided here.
record ChangedKeys(Position readAt, long sequence, Optional<KeyRange> range) {
    /// Those that must be settled, now that the target has been read; empty without a log.
    static Optional<ChangedKeys> since(
            Sight sight, Optional<Position> readAt, Optional<KeyRange> range) {
        return readAt.filter(_ -> sight.ends().rules().keeps(Rule.VERIFY_SETTLES_KEYS))
                .map(at -> new ChangedKeys(at, sight.log().orElseThrow().lastSequence(), range));
    }

    /// The check that settles them.
    static List<Check> check(
            Sight sight, Check check, Optional<Position> readAt, Optional<KeyRange> range) {
        return since(sight, readAt, range)
                .<Check>map(keys -> new ChangedCheck(check.mark(), check.report(), keys, Share.ALL))
                .stream()
                .toList();
    }

    /// Each key in the target's form; a key may come more than once.
    void read(Sight sight, Check check, Consumer<Row> keys) {
        var source = check.source();
        var target = check.target();
        var translation = check.translation(sight);
        var order = sight.ends().sourceDialect().keyOrder(source);
        sight.log()
                .orElseThrow()
                .changedKeys(
                        source.name(),
                        readAt,
                        sequence,
                        key -> {
                            if (isInside(order, key)) {
                                keys.accept(Keys.translate(key, source, target, translation));
                            }
                        });
    }

    private boolean isInside(Optional<Comparator<Row>> order, Row key) {
        if (range.isEmpty() || order.isEmpty()) {
            return true;
        }
        var compare = order.orElseThrow();
        var bounds = range.orElseThrow();
        return bounds.after().map(after -> compare.compare(key, after) > 0).orElse(true)
                && bounds.upTo().map(upTo -> compare.compare(key, upTo) <= 0).orElse(true);
    }

    /// Settles those of a share, and leaves what cannot be held to further checks.
    private static final class ChangedCheck extends Check {
        private final ChangedKeys keys;
        private final Share share;

        ChangedCheck(TableMark mark, TableReport report, ChangedKeys keys, Share share) {
            super(mark, report);
            this.keys = keys;
            this.share = share;
        }

        @Override
        Check again() {
            return new ChangedCheck(mark(), report(), keys, share);
        }

        @Override
        boolean isBrief() {
            return true;
        }

        @Override
        Result step(Sight sight) {
            var held =
                    new HeldRows<Boolean>(
                            share,
                            sight.ends().settings().get(Settings.VERIFY_MEMORY_BYTES),
                            _ -> 0);
            keys.read(sight, this, key -> held.compute(key, (_, _) -> true));
            var next = SettleCheck.of(mark(), report(), held.rows());
            held.letGo().forEach(part -> next.add(new ChangedCheck(mark(), report(), keys, part)));
            return new Result.Ended(next);
        }
    }
}
