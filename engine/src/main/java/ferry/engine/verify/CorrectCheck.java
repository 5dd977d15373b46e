package ferry.engine.verify;

import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.model.Row;
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
        var changes = rows.corrections(rows.keys());
        if (!changes.isEmpty()) {
            lane.transaction(
                    lane.checkpoint(), writer -> writer.apply(List.of(corrections(changes))));
        }
        drop();
        return ended();
    }

    @Override
    boolean isBrief() {
        return true;
    }

    @Override
    boolean asks() {
        return rows.asks();
    }

    @Override
    long held() {
        return rows.held();
    }

    @Override
    void rest() {
        rows.rest();
    }

    @Override
    void drop() {
        rows.release();
    }
}
