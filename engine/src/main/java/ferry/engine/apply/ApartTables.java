package ferry.engine.apply;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.ChangeLogReader;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Ends;
import ferry.engine.governor.Governor;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemException;
import java.util.Optional;

/// The tables that are loaded again while the others go on: their changes are left out meanwhile,
/// and the log is kept. Once such a table is loaded the log is read again, for this table alone, up
/// to where the others stand ([TableReplay]); behind that it is one of them. For the thread that
/// reads the log.
final class ApartTables {
    private final Ends ends;
    private final ChangeLog log;
    private final Marks marks;
    private final Lane own;
    private final Windows windows;
    private final Skips skips;
    private final RowPolicy policy;
    private final Asides asides;
    private final Governor governor;
    private final Heat heat;
    private Optional<String> pinnedAt = Optional.empty();
    private Optional<ChangeLogReader> pin = Optional.empty();

    ApartTables(
            Ends ends,
            ChangeLog log,
            Marks marks,
            Lane own,
            Windows windows,
            Skips skips,
            RowPolicy policy,
            Asides asides,
            Governor governor,
            Heat heat) {
        this.ends = ends;
        this.log = log;
        this.marks = marks;
        this.own = own;
        this.windows = windows;
        this.skips = skips;
        this.policy = policy;
        this.asides = asides;
        this.governor = governor;
        this.heat = heat;
    }

    /// True while any table is apart.
    boolean any() {
        return marks.tables().stream().anyMatch(TableMark::isApart);
    }

    /// True if a table of this schema change is apart: what the change does to it is only known
    /// when the table is where the log is.
    boolean mustWaitFor(LogRecord.SchemaChange change) {
        return marks.tables().stream()
                .anyMatch(mark -> mark.isApart() && change.touches(mark.name()));
    }

    /// Keeps the log from the first place that one of them needs. Must be told before anything
    /// behind it is let go of.
    void pinLog() {
        var from =
                marks.tables().stream()
                        .flatMap(mark -> mark.neededFrom().stream())
                        .map(ends::position)
                        .min(Marks.chain());
        if (!from.map(Position::text).equals(pinnedAt)) {
            var before = pin;
            pin = from.map(log::reader);
            pinnedAt = from.map(Position::text);
            before.ifPresent(ChangeLogReader::close);
        }
    }

    void close() {
        pin.ifPresent(ChangeLogReader::close);
        pin = Optional.empty();
        pinnedAt = Optional.empty();
    }

    /// One that is loaded.
    Optional<TableMark> readyToJoin() {
        return marks.tables().stream()
                .filter(mark -> mark.isApart() && !mark.isLoading())
                .findFirst();
    }

    /// Writes what a loaded table lacks of everything that was read and written of the others, as
    /// `reached` tells, up to this place of the log. That is stored with it: what was left out
    /// until now must not come again.
    void join(TableMark mark, long sequence, Checkpoint reached) {
        try {
            try {
                join(mark, sequence, reached, false);
            } catch (ProblemException e) {
                if (!RowPolicy.isOfRow(e)) {
                    throw e;
                }
                takeBack();
                join(mark, sequence, reached, true);
            }
        } catch (ProblemException e) {
            if (e.code().retryable()
                    || e.table().filter(mark.name()::equals).isEmpty()
                    || !asides.takes(e)) {
                throw e;
            }
            takeBack();
            asides.setAside(own, mark.name(), e);
        }
    }

    private void takeBack() {
        if (own.inTransaction()) {
            own.rollback();
        }
    }

    private void join(TableMark mark, long sequence, Checkpoint reached, boolean carefully) {
        var joined = mark.withTheOthers();
        var from = TableReplay.from(ends, mark, reached.all());
        var window = windows.begin(joined, from);
        var replay =
                new TableReplay(
                        ends, own, governor, skips, heat, policy, carefully, joined, window);
        if (replay.run(log, from, sequence, reached)) {
            marks.record(joined);
            windows.adopt(window); // it has followed the log, which a new one would not have
            replay.orders().forEach(marks::record);
        }
    }
}
