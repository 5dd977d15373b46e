package ferry.engine.verify;

import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Table;
import java.util.List;

/// A part of a table's verification that one worker carries through in small steps, waiting for
/// apply or capture in between. If it is dropped before it ended it can be begun again from
/// nothing.
abstract class Check {
    /// What a step came to.
    sealed interface Result {
        /// Call again at once.
        record Worked() implements Result {}

        /// Waits for apply or capture.
        record Waiting(String forWhat) implements Result {}

        /// Ended; these follow.
        record Ended(List<Check> next) implements Result {}
    }

    static final Result WORKED = new Result.Worked();

    private final TableMark mark;
    private final TableReport report;

    Check(TableMark mark, TableReport report) {
        this.mark = mark;
        this.report = report;
    }

    static Result ended(Check... next) {
        return new Result.Ended(List.of(next));
    }

    abstract Result step(Sight sight);

    /// The same check from its beginning, for after a lost connection.
    abstract Check again();

    TableMark mark() {
        return mark;
    }

    TableReport report() {
        return report;
    }

    Table source() {
        return mark.sourceLayout();
    }

    Table target() {
        return mark.targetTable();
    }

    /// Corrections, as a writer takes them.
    TableChanges corrections(List<Change> changes) {
        return new TableChanges(mark.name(), target(), Mode.STRICT, changes);
    }

    RowTranslation translation(Sight sight) {
        return sight.ends().targetDialect().translation(source(), target());
    }

    /// True if each of its steps takes no more than a moment, so that apply may stand meanwhile.
    boolean isBrief() {
        return false;
    }

    /// True while apply stands, or is to stand, for it.
    boolean asks() {
        return false;
    }

    /// Bytes that it has to hold until it ends, about.
    long held() {
        return 0;
    }

    /// Lets go of what others wait for. It will not be stepped again, unless it held nothing.
    void drop() {}
}
