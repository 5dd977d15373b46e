package ferry.engine.verify;

import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Settles recorded row errors of a table: makes the rows what they must be at the place where
/// apply stands meanwhile, and forgets what was recorded of them, in one fenced transaction. What
/// the target refuses again stays recorded.
final class SettleErrorsCheck extends AtPlaceCheck {
    private final Lane lane;
    private final Marks marks;
    private final List<RowError> errors;

    SettleErrorsCheck(
            TableMark mark,
            TableReport report,
            Lane lane,
            Marks marks,
            List<RowError> errors,
            boolean holds) {
        super(
                mark,
                report,
                new RowsAtPlace(mark, errors.stream().map(RowError::key).toList(), holds));
        this.lane = lane;
        this.marks = marks;
        this.errors = List.copyOf(errors);
    }

    @Override
    Check again() {
        return new SettleErrorsCheck(mark(), report(), lane, marks, errors, rows().keepsHolding());
    }

    @Override
    void settle() {
        if (!marks.table(mark().name()).equals(Optional.of(mark()))) {
            // Apply, which is held, has followed a schema change since these rows were chosen: by
            // the layout of before they would be written wrong. They are settled anew.
            return;
        }
        var settled = new ArrayList<RowError>();
        lane.transaction(
                lane.checkpoint(),
                writer -> {
                    settled.clear();
                    settled.addAll(settled(writer));
                    writer.put(settled.stream().map(RowError::removal).toList());
                });
        settled.forEach(marks::remove);
    }

    /// All together first, because one row may stand in another's way; where that fails each by
    /// itself.
    private List<RowError> settled(Writer writer) {
        if (written(writer, errors)) {
            return errors;
        }
        return errors.stream().filter(error -> written(writer, List.of(error))).toList();
    }

    private boolean written(Writer writer, List<RowError> some) {
        var changes = rows().corrections(some.stream().map(RowError::key).toList());
        return changes.isEmpty() || writer.attempt(corrections(changes)).isEmpty();
    }
}
