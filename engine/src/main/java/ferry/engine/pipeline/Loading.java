package ferry.engine.pipeline;

import ferry.engine.capture.Admission;
import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.crew.Loop.Outcome;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.Snapshot.ReadSpan;
import ferry.engine.governor.Governor;
import ferry.engine.load.ChunkSize;
import ferry.engine.load.LoadBoard;
import ferry.engine.load.LoadWorker;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.engine.schema.SchemaBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Brings every selected table from NEW to LOADED: admitted to capture, made in the target, copied,
/// and its window proved free of schema changes. Does one thing a step.
final class Loading {
    /// The kind of the facts about the project as a whole.
    static final String PROJECT = "project";

    private static final String SELECTED = "selected";

    /// Characters of a statement that a problem shows.
    private static final int STATEMENT_SHOWN = 200;

    /// What is known of the window of a table.
    private enum Window {
        WAITING,
        VOID,
        PROVED
    }

    private final Ends ends;
    private final ProjectPlan plan;
    private final Marks marks;
    private final LoadBoard board;
    private final SchemaBuilder builder;
    private final Optional<Link> link;
    private final Asides asides;
    private final List<Loop> workers = new ArrayList<>();
    private final Admissions admissions = new Admissions();
    private final Map<String, ChunkSize> chunkSizes = new HashMap<>(); // by load
    private final Map<String, Position> disturbedUpTo = new HashMap<>(); // by load
    private final Map<TableName, Long> estimates = new ConcurrentHashMap<>();
    private final StartWindow startWindow;
    private boolean selected;
    private Catalog catalog;
    private Snapshot snapshot;

    Loading(
            Ends ends,
            ProjectPlan plan,
            long epoch,
            Marks marks,
            LoadBoard board,
            SchemaBuilder builder,
            Optional<Link> link,
            Governor governor,
            Asides asides) {
        this.ends = ends;
        this.plan = plan;
        this.marks = marks;
        this.board = board;
        this.builder = builder;
        this.link = link;
        this.asides = asides;
        this.startWindow = new StartWindow(ends, plan, marks, link);
        this.selected = !marks.tables().isEmpty();
        var count = plan.has(Part.FULL) ? ends.settings().number(Settings.LOAD_WORKERS) : 0;
        for (var i = 0; i < count; i++) {
            workers.add(new LoadWorker(ends, epoch, i, board, marks, governor, asides));
        }
        var builders = plan.has(Part.FULL) ? ends.settings().number(Settings.LOAD_KEY_WORKERS) : 0;
        for (var i = 0; i < builders; i++) {
            workers.add(new KeyWorker(ends, epoch, i, board, builder));
        }
    }

    List<Loop> workers() {
        return List.copyOf(workers);
    }

    /// Estimated rows of the tables whose load has begun in this run.
    Map<TableName, Long> estimates() {
        return Map.copyOf(estimates);
    }

    /// What an operator has to know about how changes are applied for a while.
    List<String> notices() {
        return startWindow.notices();
    }

    /// Selects the tables of a project that begins at a place of the log, and has them admitted
    /// there before anything of the log is read: under the layouts that they have now, which are
    /// proved to be those of that place when the log was read up to now.
    void createAt(Lane lane, Position place) {
        catalog = ends.sourceCatalog();
        if (!selected) {
            select(lane);
        }
        for (var mark : marks.tables(Phase.NEW)) {
            catalog.table(mark.name())
                    .ifPresentOrElse(
                            table -> create(lane, mark, table, Optional.of(place)),
                            () -> forget(lane, mark));
        }
    }

    /// True when the tables were chosen, in this run or an earlier one.
    boolean selected() {
        return selected;
    }

    void reset() {
        if (catalog != null) {
            catalog.close();
            catalog = null;
        }
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
        }
    }

    Outcome step(Lane lane) {
        if (catalog == null) {
            catalog = ends.sourceCatalog();
        }
        if (snapshot == null && link.isPresent()) {
            snapshot = ends.sourceSnapshot();
        }
        if (!selected) {
            select(lane);
            return Outcome.WORKED;
        }
        for (var disturbed : board.disturbed().entrySet()) {
            if (look(lane, disturbed.getKey(), disturbed.getValue())) {
                return Outcome.WORKED;
            }
        }
        for (var mark : marks.tables(Phase.CREATED)) {
            if (finish(lane, mark)) {
                return Outcome.WORKED;
            }
        }
        if (link.isPresent()
                && admissions.request(
                        marks.tables(Phase.NEW),
                        snapshot,
                        link.orElseThrow().capture(),
                        mark -> read(lane, mark))) {
            return Outcome.BEGUN;
        }
        for (var mark : marks.tables(Phase.NEW)) {
            try {
                if (begin(lane, mark)) {
                    // Its rows come while other tables are still made.
                    marks.table(mark.name())
                            .filter(begun -> begun.phase() == Phase.CREATED)
                            .ifPresent(this::offer);
                    return Outcome.WORKED;
                }
            } catch (ProblemException e) {
                fail(lane, mark, e);
                return Outcome.WORKED;
            }
        }
        return Outcome.IDLE;
    }

    private void select(Lane lane) {
        if (!marks.tables().isEmpty()) {
            selected = true; // by a commit whose reply was lost
            return;
        }
        var chosen = new ArrayList<TableMark>();
        for (var name : catalog.tables()) {
            plan.selection().apply(name).map(marks::select).ifPresent(chosen::add);
        }
        if (chosen.isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.NO_TABLES,
                    "no table of the source is selected",
                    "the rules under objects match none of the tables that the source's user may see",
                    "correct objects.include and objects.exclude, or grant SELECT on the tables");
        }
        var entries = new ArrayList<Entry>();
        chosen.forEach(mark -> entries.add(mark.entry()));
        entries.add(new Entry(PROJECT, SELECTED, "yes"));
        lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
        chosen.forEach(marks::record);
        selected = true;
    }

    /// Brings a table from NEW to CREATED; false while it waits for capture.
    private boolean begin(Lane lane, TableMark mark) {
        if (link.isEmpty()) {
            var layout = catalog.table(mark.name());
            layout.ifPresentOrElse(
                    table -> create(lane, mark, table, Optional.empty()), () -> forget(lane, mark));
            return true;
        }
        var admission = admissions.of(mark.name());
        if (admission.isEmpty() || admission.get().state() == Admission.State.WAITING) {
            return false;
        }
        if (waitsForItsTarget(lane, mark)) {
            return false;
        }
        admissions.remove(mark.name());
        if (admission.get().state() == Admission.State.ADMITTED) {
            create(lane, mark, admission.get().layout(), admission.get().admittedAt());
        }
        return true; // a void one is asked for again
    }

    private void create(Lane lane, TableMark mark, Table layout, Optional<Position> admittedAt) {
        var size = catalog.size(mark.mapping().view(layout));
        builder.create(lane, mark, layout, admittedAt, size.rows());
        if (plan.has(Part.FULL)) {
            estimate(mark, size);
        }
    }

    /// Gives a table to the workers, unless they have it.
    private void offer(TableMark mark) {
        if (plan.has(Part.FULL)) {
            var admittedAt = link.flatMap(_ -> mark.admittedAt()).map(ends::position);
            board.add(mark, admittedAt, chunkSize(mark));
        }
    }

    /// True while the target's table is that of another one, which is gone at the source: apply
    /// will come to where it went.
    private boolean waitsForItsTarget(Lane lane, TableMark mark) {
        return builder.holder(lane, mark)
                .filter(holder -> catalog.table(holder.name()).isEmpty())
                .isPresent();
    }

    /// A table's definition now; a table that is gone is forgotten, one that cannot be read is set
    /// aside.
    private Optional<Table> read(Lane lane, TableMark mark) {
        try {
            var layout = catalog.table(mark.name());
            if (layout.isEmpty()) {
                forget(lane, mark);
            }
            return layout;
        } catch (ProblemException e) {
            fail(lane, mark, e);
            return Optional.empty();
        }
    }

    /// The table is gone from the source: so it goes from the target.
    private void forget(Lane lane, TableMark mark) {
        if (mark.created()) {
            lane.execute(lane.catalog().drop(mark.targetName()));
        }
        var entries = new ArrayList<Entry>(marks.detailRemovals(mark));
        entries.add(mark.removal());
        lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
        board.remove(mark.name());
        admissions.remove(mark.name());
        marks.remove(mark);
    }

    /// A table could not be read: either it is no longer what its layout says, then it is loaded
    /// again, or the problem is real. False while that is not known.
    private boolean look(Lane lane, TableMark disturbed, ProblemException problem) {
        var mark = marks.table(disturbed.name());
        if (mark.filter(known -> known.generation() == disturbed.generation()).isEmpty()) {
            board.remove(disturbed.name()); // voided or forgotten by a commit whose reply was lost
            return true;
        }
        if (problem.code().blame() != ProblemCode.Blame.SOURCE) {
            fail(lane, disturbed, problem); // the target refused its rows
            return true;
        }
        var now = catalog.table(disturbed.name());
        if (now.isEmpty()) {
            forget(lane, disturbed);
        } else if (!now.map(Table::withoutCounter)
                .equals(disturbed.source().map(Table::whole).map(Table::withoutCounter))) {
            again(lane, disturbed, "a read failed: " + problem.problem());
        } else {
            return lookInLog(lane, disturbed, problem);
        }
        return true;
    }

    /// The definition is what it was: it may have been another one when the read failed, for
    /// instance while two tables had swapped their names. The log tells, once it is captured.
    private boolean lookInLog(Lane lane, TableMark disturbed, ProblemException problem) {
        if (link.isEmpty()) {
            fail(lane, disturbed, problem);
            return true;
        }
        var load = loadName(disturbed);
        var end = disturbedUpTo.computeIfAbsent(load, _ -> snapshot.logEnd());
        var log = link.orElseThrow().log();
        if (!log.durablePosition().covers(end)) {
            return false;
        }
        var admittedAt = disturbed.admittedAt().map(ends::position).orElseThrow();
        if (log.schemaChanges(disturbed.name(), admittedAt, end).isEmpty()) {
            fail(lane, disturbed, problem);
            return true;
        }
        again(lane, disturbed, "a read failed: " + problem.problem());
        disturbedUpTo.remove(load);
        return true;
    }

    /// Brings a table from CREATED to LOADED once every chunk is there, its window is proved and
    /// its plain keys are built; false while it waits.
    private boolean finish(Lane lane, TableMark mark) {
        var admittedAt = mark.admittedAt().map(ends::position);
        if (!plan.has(Part.FULL)) {
            var end = admittedAt.flatMap(at -> startWindow.end(snapshot, at));
            if (end.isPresent() && !link.orElseThrow().log().durablePosition().covers(end.get())) {
                return false;
            }
            end.ifPresent(
                    now -> startWindow.requireSameLayout(mark, admittedAt.orElseThrow(), now));
            var nothing =
                    new ChunkMark(
                            mark.id(),
                            mark.generation(),
                            0,
                            KeyRange.ALL,
                            admittedAt.map(at -> new ReadSpan(at, end.orElse(at))),
                            0,
                            0);
            lane.transaction(
                    lane.checkpoint(),
                    writer ->
                            writer.put(List.of(nothing.entry(), mark.next(Phase.LOADED).entry())));
            marks.record(nothing);
            marks.record(mark.next(Phase.LOADED));
            return true;
        }
        offer(mark);
        if (!board.loaded(mark)) {
            return false;
        }
        if (!board.offered(mark)) {
            // Judged once, before the keys are built, which may take hours.
            return switch (judge(lane, mark, admittedAt)) {
                case WAITING -> false;
                case VOID -> true;
                case PROVED -> {
                    board.offerKeys(mark);
                    yield true;
                }
            };
        }
        if (!board.finished(mark)) {
            return false;
        }
        var loaded = mark.next(Phase.LOADED);
        lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(loaded.entry())));
        board.remove(mark.name());
        marks.record(loaded);
        return true;
    }

    /// Proves that no schema change lies in the window of a table whose chunks are all there, or
    /// voids its load.
    private Window judge(Lane lane, TableMark mark, Optional<Position> admittedAt) {
        if (link.isPresent()) {
            var chunks = marks.chunks(mark);
            var readAts = chunks.stream().map(ChunkMark::readAt).toList();
            var end = Marks.last(chunks.stream().map(ChunkMark::readBy).toList());
            if (end.isEmpty() || Marks.last(readAts).isEmpty()) {
                // No window holds them all: for some nobody could say when it is over.
                again(lane, mark, "its chunks were read at places that cannot be compared");
                return Window.VOID;
            }
            var readBy = end.orElseThrow();
            var log = link.orElseThrow().log();
            if (!log.durablePosition().covers(readBy)) {
                return Window.WAITING;
            }
            // The layout was proved up to the admission; from there to the end of the window no
            // schema change may lie.
            if (ends.rules().keeps(Rule.DDL_VOIDS_WINDOW)) {
                var changes = log.schemaChanges(mark.name(), admittedAt.orElseThrow(), readBy);
                if (!changes.isEmpty()) {
                    again(lane, mark, "by " + shortened(changes.getLast().statement()));
                    return Window.VOID;
                }
            }
        }
        return Window.PROVED;
    }

    /// Voids a load: the definition changed inside its window, or it has none. Only loads that were
    /// voided one after the other count: a table of a long project may be loaded again many times.
    /// Beyond the limit it is voided too before that is told, so that whoever runs again begins
    /// with a fresh load, and is told of the next vain one.
    private void again(Lane lane, TableMark mark, String why) {
        var next = mark.voidedOnce();
        lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(next.entry())));
        board.remove(mark.name());
        marks.record(next);
        if (next.voided() > ends.settings().get(Settings.LOAD_RELOADS)) {
            fail(
                    lane,
                    next,
                    ProblemException.of(
                            ProblemCode.RELOADS_EXHAUSTED,
                            "table "
                                    + mark.name()
                                    + " was loaded "
                                    + next.voided()
                                    + " times in vain",
                            "each load was void, as when the definition changes meanwhile; the last one "
                                    + why,
                            "keep DDL away from the table while it is loaded, or raise load.reloads; then run again"));
        }
    }

    /// A table cannot be loaded: it is set aside, or the problem stops the project. No worker has
    /// anything of it in its hands.
    private void fail(Lane lane, TableMark mark, ProblemException problem) {
        if (!asides.takes(problem)) {
            throw problem;
        }
        asides.setAside(lane, mark.name(), problem);
        board.remove(mark.name());
        admissions.remove(mark.name());
    }

    static String shortened(String statement) {
        return statement.length() <= STATEMENT_SHOWN
                ? statement
                : statement.substring(0, STATEMENT_SHOWN) + "…";
    }

    private ChunkSize chunkSize(TableMark mark) {
        if (!chunkSizes.containsKey(loadName(mark))) {
            estimate(mark, catalog.size(mark.sourceLayout())); // begun by an earlier run
        }
        return chunkSizes.get(loadName(mark));
    }

    private void estimate(TableMark mark, Catalog.Size size) {
        if (mark.mapping().where().isEmpty()) { // how many meet it nobody knows
            estimates.put(mark.name(), size.rows());
        }
        chunkSizes.put(loadName(mark), new ChunkSize(ends.settings(), size.rowBytes()));
    }

    private static String loadName(TableMark mark) {
        return mark.name() + "/" + mark.generation();
    }
}
