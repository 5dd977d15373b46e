package ferry.engine.verify;

import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.List;

/// Makes rows of the target what they must be at the place where apply stands meanwhile, in one
/// fenced transaction: the replay of later changes then meets exactly the rows it must.
final class CorrectCheck extends Check {
    private final Lane lane;
    private final List<Row> keys;
    private final RowsAtPlace rows;

    CorrectCheck(TableMark mark, TableReport report, Lane lane, List<Row> keys, boolean holds) {
        super(mark, report);
        this.lane = lane;
        this.keys = keys;
        this.rows = new RowsAtPlace(mark, keys, holds);
    }

    @Override
    Check again() {
        return new CorrectCheck(mark(), report(), lane, keys, rows.keepsHolding());
    }

    @Override
    Result step(Sight sight) {
        var result = rows.step(sight);
        if (!(result instanceof Result.Ended)) {
            return result;
        }
        // Deletes first: a wrong row may stand in the way of a right one by a unique key.
        var changes = new ArrayList<Change>();
        var inserts = new ArrayList<Change>();
        for (var key : rows.keys()) {
            var expected = rows.expected(key);
            var actual = rows.actual(key);
            if (!expected.equals(actual)) {
                actual.ifPresent(row -> changes.add(new Change.Delete(row)));
                expected.ifPresent(row -> inserts.add(new Change.Insert(row)));
            }
        }
        changes.addAll(inserts);
        if (!changes.isEmpty()) {
            lane.transaction(
                    lane.checkpoint(), writer -> writer.apply(target(), Mode.STRICT, changes));
        }
        drop();
        return ended();
    }

    @Override
    void drop() {
        rows.release();
    }
}
