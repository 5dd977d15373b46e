package ferry.engine.verify;

import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.model.Row;
import java.util.List;

/// Makes rows of the target what they must be at the place where apply stands meanwhile, in one
/// fenced transaction: the replay of later changes then meets exactly the rows it must.
final class CorrectCheck extends AtPlaceCheck {
    private final Lane lane;
    private final List<Row> keys;

    CorrectCheck(TableMark mark, TableReport report, Lane lane, List<Row> keys, boolean holds) {
        super(mark, report, new RowsAtPlace(mark, keys, holds));
        this.lane = lane;
        this.keys = keys;
    }

    @Override
    Check again() {
        return new CorrectCheck(mark(), report(), lane, keys, rows().keepsHolding());
    }

    @Override
    void settle() {
        var changes = rows().corrections(rows().keys());
        if (!changes.isEmpty()) {
            lane.transaction(
                    lane.checkpoint(), writer -> writer.apply(List.of(corrections(changes))));
        }
    }
}
