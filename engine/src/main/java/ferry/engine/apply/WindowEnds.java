package ferry.engine.apply;

import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Follows barriers: ends windows, and sees that the foreign keys behind the last one are built,
/// also where an earlier process owes them. For the thread that reads the log; [#allOver] for
/// others too.
final class WindowEnds {
    private final Marks marks;
    private final Asides asides;
    private final Barriers barriers;
    private final Lane own;
    private final LowWater lowWater;

    // At first because an earlier process may have ended between the last window and them.
    private volatile boolean keysOwed = true;

    /// `own` is the lane through which barriers are followed.
    WindowEnds(Marks marks, Asides asides, Barriers barriers, Lane own, LowWater lowWater) {
        this.marks = marks;
        this.asides = asides;
        this.barriers = barriers;
        this.own = own;
        this.lowWater = lowWater;
    }

    /// True when foreign keys may be missing although nothing stands in their way any more.
    boolean oweKeys() {
        return keysOwed && marks.areExact();
    }

    /// True when every window is over, and no foreign key is owed behind them.
    boolean allOver() {
        return areOver() && !oweKeys();
    }

    /// Builds what is owed; nothing that is still to be read is in the target.
    void buildKeys() {
        build(List.of());
    }

    /// The windows of these tables are over, and the lanes stand: none of them is set aside any
    /// more.
    void end(List<TableMark> read) {
        var ended = read.stream().filter(mark -> !asides.isAside(mark.name())).toList();
        if (!ended.isEmpty()) {
            // Changes that every chunk had seen were not written: without this, a crash would
            // replay them strictly.
            own.store(lowWater.checkpoint().orElseThrow().text());
            build(ended);
        }
    }

    private void build(List<TableMark> ended) {
        keysOwed = true; // also when it fails half-way
        barriers.windowsEnd(own, ended);
        keysOwed = !marks.areExact();
    }

    /// A table that is gone now, or has another name, may have been the one that foreign keys
    /// waited for.
    void schemaChange(LogRecord.SchemaChange change, Set<TableName> seen, Checkpoint after) {
        var names = names();
        var owed = keysOwed;
        keysOwed = true;
        barriers.schemaChange(own, change, seen, after);
        keysOwed = owed || !names.equals(names());
    }

    private Set<TableName> names() {
        return marks.tables().stream().map(TableMark::name).collect(Collectors.toSet());
    }

    private static boolean isOpen(TableMark mark) {
        return mark.phase() != Phase.EXACT && !mark.isAside();
    }

    /// True when no window goes on: a table with one holds rows that are newer than a stop here.
    boolean areOver() {
        return marks.tables().stream().noneMatch(WindowEnds::isOpen);
    }

    /// The same, where nothing more is read before the stop.
    void requireOver(LogStop stop) {
        var open =
                marks.tables().stream()
                        .filter(WindowEnds::isOpen)
                        .map(mark -> mark.name().toString())
                        .sorted()
                        .toList();
        if (!open.isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "the run cannot stop at " + stop.name(),
                    "rows of "
                            + String.join(", ", open)
                            + " were read at the source behind it, and are in the target already",
                    "choose a stop behind the end of the load, or begin anew with 'ferry reset' and stop later");
        }
    }
}
