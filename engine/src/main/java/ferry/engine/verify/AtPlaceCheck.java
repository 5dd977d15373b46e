package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;

/// Reads some rows of both ends at one place of the log ([RowsAtPlace]), and settles them.
abstract class AtPlaceCheck extends Check {
    private final RowsAtPlace rows;

    AtPlaceCheck(TableMark mark, TableReport report, RowsAtPlace rows) {
        super(mark, report);
        this.rows = rows;
    }

    RowsAtPlace rows() {
        return rows;
    }

    /// Both ends were read.
    abstract void settle();

    @Override
    final Result step(Sight sight) {
        var result = rows.step(sight);
        if (!(result instanceof Result.Ended)) {
            return result;
        }
        settle();
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
    void drop() {
        rows.release();
    }
}
