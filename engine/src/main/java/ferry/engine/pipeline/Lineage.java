package ferry.engine.pipeline;

import ferry.engine.apply.Apply;
import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.LogStore;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Bookkeeping.Owner;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// Whether the log that the source has now continues the one that was read, and what to do where it
/// does not.
///
/// * Another server may take the first one's place if it has everything that was captured. Tables
///   inside a window are then loaded again: what their chunks saw may be lost with the first
///   server.
/// * Over a gap nothing is passed but at the operator's word. Every table that may have been
///   changed in it is loaded again. What is going to be done is stored with the tables' marks
///   before it is done, so that a process that is killed in the middle is followed by one that ends
///   it.
final class Lineage {
    private static final String SOURCE = "source";
    private static final String GAP = "gap";

    private final Ends ends;
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private Optional<String> successor = Optional.empty();

    Lineage(Ends ends) {
        this.ends = ends;
    }

    /// What was done, for the project's history.
    List<String> notices() {
        return List.copyOf(notices);
    }

    // ---- another server

    /// Refuses a source that is another server than before and does not continue its log.
    void meet(Optional<Owner> owner, String identity, LogStore store) {
        var before = remembered(SOURCE).or(() -> owner.map(Owner::identity));
        if (before.isEmpty() || before.get().equals(identity)) {
            return;
        }
        var applied = Apply.checkpoint(ends).map(Checkpoint::all);
        var why =
                applied.isEmpty()
                        ? Optional.of("nothing of its log was read yet")
                        : ends.sourceDialect()
                                .continuesNot(
                                        ends.source(),
                                        captured(store, applied.get()),
                                        ends.settings());
        if (why.isPresent()) {
            throw ProblemException.of(
                    ProblemCode.LOG_FOREIGN,
                    "the source is another server than the one that project "
                            + ends.project()
                            + " began with",
                    "it began with "
                            + before.get()
                            + ", and now meets "
                            + identity
                            + ": "
                            + why.get(),
                    "give the address of the first server, or of one that has all that was captured; or begin again: 'ferry reset' forgets the project and its bookkeeping in the target");
        }
        successor = Optional.of(identity);
    }

    /// What is in the change log will be applied, so it counts as well.
    private Position captured(LogStore store, Position applied) {
        try (var log =
                ChangeLog.open(
                        store, ends.settings(), new FormsOfSource(ends), applied, ends.clock())) {
            return log.position().covers(applied) ? log.position() : applied;
        }
    }

    /// Records the successor; tables whose chunks the first server showed begin anew.
    void settle(Lane lane, Marks marks) {
        if (successor.isEmpty()) {
            return;
        }
        var open =
                marks.tables().stream()
                        .filter(mark ->
                                mark.phase() != Phase.EXACT
                                        && mark.phase() != Phase.NEW
                                        && !mark.isAside())
                        .map(TableMark::again)
                        .toList();
        if (!open.isEmpty() && Apply.checkpoint(ends).flatMap(Checkpoint::begun).isPresent()) {
            throw ProblemException.of(
                    ProblemCode.LOG_FOREIGN,
                    "the source is another server now, in the middle of a large transaction",
                    "a part of it is in the target, counted with changes of tables that would have to be loaded again: "
                            + names(open),
                    "give the address of the first server until the transaction is applied; or begin again: 'ferry reset' forgets the project and its bookkeeping in the target");
        }
        var entries = new ArrayList<Entry>();
        entries.add(new Entry(Loading.PROJECT, SOURCE, successor.get()));
        open.forEach(mark -> entries.add(mark.entry()));
        lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
        open.forEach(marks::record);
        notices.add(
                "the source is another server now, "
                        + successor.get()
                        + ", which has everything that was captured"
                        + (open.isEmpty()
                                ? ""
                                : "; loaded again, because what was copied of them may be lost: "
                                        + names(open)));
        successor = Optional.empty();
    }

    // ---- a gap

    /// Decides what is loaded again behind a gap, and stores it.
    void passGap(Lane lane, Marks marks, LogStore store, Set<TableName> unaffected) {
        if (remembered(GAP).isPresent()) {
            return; // it was begun by a process that was killed
        }
        var checkpoint =
                Apply.checkpoint(ends)
                        .orElseThrow(() ->
                                refused(
                                        "nothing of the source's log was read yet",
                                        "run without it"));
        var applied = checkpoint.all();
        var captured = captured(store, applied);
        var gap = gapBehind(captured);
        if (!unaffected.isEmpty() && !checkpoint.isWholeAt(captured)) {
            throw refused(
                    "the change log holds changes up to "
                            + captured.text()
                            + ", of which the target surely has those up to "
                            + checkpoint.lowWater().text(),
                    "leave --unaffected out: all tables are loaded again");
        }
        var place = behindGap(captured, unaffected);
        var again = affected(marks, unaffected);
        var entries = new ArrayList<Entry>();
        entries.add(new Entry(Loading.PROJECT, GAP, place.text()));
        again.forEach(mark -> entries.add(mark.entry()));
        lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
        again.forEach(marks::record);
        notices.add(
                "behind the gap in the source's log (%s) the log is read from %s on; loaded again: %s; left as they are, because the operator says that nothing changed them: %s"
                        .formatted(
                                gap,
                                place.text(),
                                names(again),
                                unaffected.isEmpty() ? "none" : unaffected));
    }

    /// Where the log is read from. What tables that stay as they are lack begins right behind the
    /// gap; those that are loaded again are admitted later by themselves.
    private Position behindGap(Position captured, Set<TableName> unaffected) {
        if (!unaffected.isEmpty()) {
            return ends.sourceDialect().behindGap(ends.source(), captured, ends.settings());
        }
        try (var snapshot = ends.sourceSnapshot()) {
            return snapshot.committed();
        }
    }

    /// The source's own words for the gap.
    private String gapBehind(Position captured) {
        try {
            ends.sourceLog(captured).close();
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.LOG_PURGED) {
                return e.problem().why();
            }
            throw e;
        }
        throw refused(
                "there is no gap: the source still has its log behind " + captured.text(),
                "run without --reload-after-gap");
    }

    private List<TableMark> affected(Marks marks, Set<TableName> unaffected) {
        var again = new ArrayList<TableMark>();
        var unknown =
                unaffected.stream().filter(name -> marks.table(name).isEmpty()).sorted().toList();
        if (!unknown.isEmpty()) {
            throw refused("the project has no such tables: " + unknown, "correct --unaffected");
        }
        try (var catalog = ends.sourceCatalog()) {
            for (var mark : marks.tables()) {
                if (!unaffected.contains(mark.name())) {
                    if (mark.phase() != Phase.NEW) {
                        again.add(mark.again().withTheOthers()); // apply begins behind the gap
                    }
                    continue;
                }
                var now = catalog.table(mark.name()).map(Table::withoutCounter);
                if (mark.phase() != Phase.EXACT
                        || !now.equals(
                                mark.source().map(Table::allRows).map(Table::withoutCounter))) {
                    throw refused(
                            mark.phase() != Phase.EXACT
                                    ? "table " + mark.name() + " was not loaded to its end"
                                    : "the definition of table "
                                            + mark.name()
                                            + " is another one now",
                            "leave it out of --unaffected");
                }
            }
        }
        return again;
    }

    /// Goes on behind a gap whose tables are marked: every lane of apply begins at the new place,
    /// with an empty change log.
    void finishGap(Lane lane, long epoch, LogStore store) {
        var place = remembered(GAP);
        if (place.isEmpty()) {
            return;
        }
        var begins = Checkpoint.at(ends.position(place.get())).text();
        ChangeLog.erase(store);
        List<String> lanes;
        try (var bookkeeping = ends.bookkeeping()) {
            lanes = List.copyOf(bookkeeping.checkpoints(ends.project(), Apply.LANES).keySet());
        }
        for (var name : lanes) {
            try (var applies = new Lane(ends, name, epoch)) {
                applies.open();
                applies.transaction(begins, _ -> {});
            }
        }
        lane.transaction(
                lane.checkpoint(),
                writer ->
                        writer.put(
                                List.of(
                                        new Entry(Loading.PROJECT, GAP, ""),
                                        // what is behind the gap may lie behind it
                                        new Entry(Loading.PROJECT, LogBounds.STOP, ""))));
    }

    private static ProblemException refused(String why, String remedy) {
        return ProblemException.of(
                ProblemCode.CONFIGURATION, "--reload-after-gap is of no use here", why, remedy);
    }

    private static String names(List<TableMark> marks) {
        return marks.stream()
                .map(mark -> mark.name().toString())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private Optional<String> remembered(String name) {
        try (var bookkeeping = ends.bookkeeping()) {
            return remembered(bookkeeping, ends.project(), name);
        }
    }

    /// A fact about the project as a whole.
    static Optional<String> remembered(Bookkeeping bookkeeping, String project, String name) {
        return bookkeeping.entries(project, Loading.PROJECT).stream()
                .filter(entry -> entry.name().equals(name))
                .map(Entry::value)
                .findFirst();
    }
}
