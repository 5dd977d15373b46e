package ferry.engine.checkpoint;

import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.ErrorSettings;
import ferry.engine.config.ErrorSettings.TableErrors;
import ferry.engine.config.Settings;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;

/// Sets tables aside that fail for good, where `table.errors` wants that. The mark is in the target
/// before anything is committed that leaves changes of the table out: whoever comes later knows
/// that its rows mean nothing.
public final class Asides {
    private final Settings settings;
    private final Marks marks;

    public Asides(Settings settings, Marks marks) {
        this.settings = settings;
        this.marks = marks;
    }

    /// True if one table can be set aside for this problem. The limit is kept about: tables that
    /// fail in several lanes at once are not counted among themselves.
    public boolean takes(ProblemException problem) {
        if (settings.get(ErrorSettings.TABLE_ERRORS) == TableErrors.STOP
                || !isOfOneTable(problem.code())) {
            return false;
        }
        // Another lane may have met it first.
        var known = problem.table().filter(this::isAside).isPresent();
        return known
                || marks.tables(Phase.ASIDE).size()
                        < settings.get(ErrorSettings.TABLE_ERRORS_LIMIT);
    }

    private static boolean isOfOneTable(ProblemCode code) {
        return switch (code) {
            case ROW_CONDITION,
                    COLUMN_CHOICE,
                    SOURCE_STATEMENT,
                    TYPE_NOT_SUPPORTED,
                    TARGET_STATEMENT,
                    TARGET_HOLDS_ROWS,
                    SCHEMA_OBJECT,
                    RELOADS_EXHAUSTED ->
                    true;
            default -> code.isOfRow();
        };
    }

    /// Sets a table aside in a transaction of its own; nothing if that was done before. The lane's
    /// checkpoint stays.
    public void setAside(Lane lane, TableName table, ProblemException problem) {
        var mark = marks.table(table).filter(known -> !known.isAside());
        if (mark.isPresent()) {
            var aside = mark.get().setAside(problem.problem().toString());
            lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(aside.entry())));
            marks.record(aside);
        }
    }

    public boolean isAside(TableName table) {
        return marks.table(table).filter(TableMark::isAside).isPresent();
    }
}
