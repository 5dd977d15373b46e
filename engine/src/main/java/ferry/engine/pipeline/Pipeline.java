package ferry.engine.pipeline;

import ferry.engine.apply.Apply;
import ferry.engine.apply.LogStop;
import ferry.engine.changelog.LogStore;
import ferry.engine.checkpoint.Applied;
import ferry.engine.checkpoint.Asides;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Bookkeeping.Owner;
import ferry.engine.dialect.Ends;
import ferry.engine.governor.Governor;
import ferry.engine.governor.GovernorLoop;
import ferry.engine.governor.Work;
import ferry.engine.load.LoadBoard;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.engine.schema.SchemaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The picture as code: capture → change log → apply beside load, then verify and correct.
///
/// ```
///   source ──capture──► change log ──apply──► target
///   source ──────────────load───────────────► target
///                       verify
/// ```
///
/// Its own loop is the conductor: each step looks at what is durable (the marks in the target, the
/// change log), decides which loops must run, and does at most one thing itself. First start,
/// resume, take-over and the way back after a lost connection are the same code.
public final class Pipeline implements Loop {
    private static final Duration CLOCK_EVERY = Duration.ofSeconds(1);
    private static final Duration TRIM_EVERY = Duration.ofSeconds(10);

    private final Ends ends;
    private final ProjectPlan plan;
    private final LogStore store;
    private final boolean force;
    private final Marks marks;
    private final LoadBoard board;
    private final SchemaBuilder builder;
    private final Governor governor;
    private final GovernorLoop governorLoop;
    private final Pulse pulse;
    private final LagView lagView;
    private final Asides asides;
    private final LinkOpener opener;
    private volatile Stage stage = Stage.OPENING;
    private volatile String waitsFor = "";
    private Instant lastTrim = Instant.EPOCH;
    private Lane lane;
    private long epoch;
    private volatile Optional<Link> link = Optional.empty();
    private volatile Loading loading;
    private Optional<Position> goal = Optional.empty();
    private final LogBounds bounds;
    private final Lineage lineage;
    private Optional<Set<TableName>> afterGap = Optional.empty();
    private Optional<LogStop> stop = Optional.empty();
    private Instant lastClock = Instant.EPOCH; // that the source's clock was looked at
    private volatile Optional<Verification> verification = Optional.empty();
    private volatile Optional<Certificate> certificate = Optional.empty();

    /// `store` holds the change log; `force` takes the project over although another process seems
    /// to work on it.
    public Pipeline(Ends ends, ProjectPlan plan, LogStore store, boolean force) {
        this.ends = ends;
        this.pulse = new Pulse(ends);
        this.plan = plan.without(pulse::writes);
        this.store = store;
        this.force = force;
        this.marks = new Marks(ends::position);
        this.board = new LoadBoard(marks);
        this.builder =
                new SchemaBuilder(
                        ends,
                        marks,
                        plan.has(Part.SCHEMA),
                        plan.has(Part.FULL),
                        plan.bounds().start().isPresent());
        this.lineage = new Lineage(ends);
        this.bounds = new LogBounds(ends, plan.bounds());
        this.governor = new Governor(ends.settings(), ends.clock());
        this.lagView = new LagView(ends, pulse);
        this.asides = new Asides(ends.settings(), marks);
        this.opener =
                new LinkOpener(ends, this.plan, store, marks, bounds, builder, governor, asides);
        this.governorLoop = new GovernorLoop(ends, governor, this::captureLag);
    }

    /// The source dropped log that was not read: its operator wants every table loaded again that
    /// may have been changed in the gap, which are all but these. Must be told before the first
    /// step.
    public void reloadAfterGap(Set<TableName> unaffected) {
        afterGap = Optional.of(Set.copyOf(unaffected));
    }

    @Override
    public String name() {
        return "conductor";
    }

    /// The loops that must run now, besides this one.
    public List<Loop> loops() {
        var loops = new ArrayList<Loop>();
        switch (stage) {
            case OPENING, FINISHED -> {}
            case SCHEMA, LOADING -> {
                link.ifPresent(open ->
                        loops.addAll(
                                othersGoOn()
                                        ? open.loops()
                                        : List.of(open.capture(), open.watch())));
                loops.addAll(loading.workers());
            }
            case CATCHING_UP, FOLLOWING -> link.ifPresent(open -> loops.addAll(open.loops()));
            case VERIFYING, CORRECTING -> {
                link.ifPresent(open -> loops.addAll(open.loops()));
                verification.ifPresent(open -> loops.addAll(open.loops()));
            }
        }
        if (governorLoop.hasWork() && !loops.isEmpty()) {
            loops.add(governorLoop);
        }
        if (pulse.hasWork() && link.isPresent() && !loops.isEmpty()) {
            loops.add(pulse);
        }
        return loops;
    }

    /// True behind the first load, while no table is loaded but such as stand apart from the
    /// others.
    private boolean othersGoOn() {
        var tables = marks.tables();
        return tables.stream().noneMatch(mark -> mark.isLoading() && !mark.isApart())
                && tables.stream().anyMatch(mark -> mark.isApart() || mark.phase() == Phase.EXACT);
    }

    @Override
    public Outcome step() {
        if (lane == null) {
            open();
            return Outcome.WORKED;
        }
        if (!lane.isOpen()) {
            lane.open();
            readMarks();
        }
        trim();
        return switch (derive()) {
            case OPENING -> Outcome.WORKED;
            case SCHEMA, LOADING -> loading.step(lane);
            case CATCHING_UP -> catchUp();
            case VERIFYING, CORRECTING -> verify();
            case FOLLOWING -> follow();
            case FINISHED -> Outcome.DONE;
        };
    }

    @Override
    public void reset() {
        if (lane != null) {
            lane.close();
        }
        if (loading != null) {
            loading.reset();
        }
        verification.ifPresent(Verification::reset);
    }

    /// Closes what outlives the loops. All loops must have ended.
    public void close() {
        reset();
        verification.ifPresent(Verification::close);
        link.ifPresent(open -> {
            open.capture().reset();
            open.apply().close();
            open.log().close();
        });
    }

    public Stage stage() {
        return stage;
    }

    /// What the last finished verification proved.
    public Optional<Certificate> certificate() {
        return certificate;
    }

    /// What an operator is warned of; nothing of it stops the run.
    public List<Problem> warnings() {
        return link.map(open -> open.watch().warnings()).orElse(List.of());
    }

    /// What was decided about places of the source's log, for the project's history.
    public List<String> decisions() {
        var decisions = new ArrayList<>(lineage.notices());
        if (loading != null) {
            decisions.addAll(loading.notices());
        }
        return decisions;
    }

    /// Keys and foreign keys that the target refused, in this run or an earlier one, and that it
    /// still lacks.
    public List<RefusedKey> refusedKeys() {
        return marks.refusedKeys();
    }

    /// What an operator must know of tables and rows that stand apart, each as a sentence that
    /// stays the same while nothing changes.
    public List<String> notices() {
        return Notices.of(marks, plan.has(Part.FULL));
    }

    /// True while a table is set aside.
    public boolean tablesAside() {
        return !marks.tables(Phase.ASIDE).isEmpty();
    }

    /// The row changes that were left out and not yet settled.
    public List<RowError> rowErrors() {
        return marks.rowErrors();
    }

    public Progress progress() {
        var lag = link.map(lagView::lag).orElse(Lag.UNKNOWN);
        return ProgressView.of(
                lag, stage, waitsFor(), marks, notices(), board, link, verification, estimates());
    }

    /// Remembers how the lag is at this moment; asked again and again while the pipeline runs.
    public void look() {
        link.ifPresent(lagView::look);
    }

    private String waitsFor() {
        var all = new LinkedHashSet<String>();
        var target = builder.work().running();
        all.add(target.isEmpty() ? waitsFor : String.join(", ", target));
        link.flatMap(open -> open.apply().largeTransaction()).ifPresent(all::add);
        var loads = stage == Stage.SCHEMA || stage == Stage.LOADING;
        governor.waited(loads ? Work.LOAD : Work.APPLY).ifPresent(all::add);
        all.remove("");
        return String.join("; ", all);
    }

    private Optional<Duration> captureLag() {
        return link.flatMap(lagView::captureLag);
    }

    private Map<TableName, Long> estimates() {
        return loading == null ? Map.of() : loading.estimates();
    }

    private void trim() {
        var now = ends.clock().instant();
        if (Duration.between(lastTrim, now).compareTo(TRIM_EVERY) >= 0) {
            lastTrim = now;
            link.ifPresent(open ->
                    open.apply().stored().ifPresent(lowWater -> open.log().trim(lowWater, now)));
        }
    }

    private Stage derive() {
        var tables = marks.tables();
        var before = stage;
        if (!loading.selected() || tables.stream().anyMatch(mark -> mark.phase() == Phase.NEW)) {
            stage = Stage.SCHEMA;
        } else if (tables.stream().anyMatch(mark -> mark.phase() == Phase.CREATED)) {
            stage = Stage.LOADING;
        } else if (before == Stage.OPENING || before == Stage.SCHEMA || before == Stage.LOADING) {
            verification.ifPresent(Verification::close);
            verification = Optional.empty();
            goal = Optional.empty();
            stage = plan.until() == Until.LOADED ? Stage.FINISHED : Stage.CATCHING_UP;
        }
        return stage;
    }

    private void open() {
        ends.sameServer().forget();
        try (var catalog = ends.sourceCatalog();
                var bookkeeping = ends.bookkeeping()) {
            bookkeeping.create();
            var server = catalog.serverIdentity();
            var judged = ends.rules().keeps(Rule.SOURCE_IDENTITY);
            var identity = "source " + (judged ? server : "any");
            var owner = bookkeeping.owner(ends.project());
            lineage.meet(owner, identity, store);
            if (judged) {
                ends.sameServer().accept(server);
            }
            epoch =
                    bookkeeping
                            .takeOver(
                                    ends.project(),
                                    owner.map(Owner::identity).orElse(identity),
                                    force)
                            .epoch();
        }
        var opening = new Lane(ends, "conductor", epoch);
        try {
            opening.open();
            readMarks();
            lineage.settle(opening, marks);
            if (plan.has(Part.INCREMENTAL)) {
                if (afterGap.isPresent()) {
                    requireLoads(afterGap.orElseThrow());
                    lineage.passGap(opening, marks, store, afterGap.orElseThrow());
                }
                lineage.finishGap(opening, epoch, store);
                var checkpoint = Apply.checkpoint(ends).orElseGet(() -> opener.start(epoch));
                var start = bounds.begunAt(checkpoint);
                stop = bounds.stop(opening, checkpoint);
                var loads = loading(Optional.empty());
                start.ifPresent(place -> loads.createAt(opening, place));
                loads.reset();
                link = Optional.of(opener.open(opening, epoch, checkpoint, stop, this::captureLag));
            }
            loading = loading(link);
            lane = opening;
        } finally {
            if (lane == null) {
                opening.close(); // or the next try would meet it as another owner
            }
        }
    }

    /// Behind a gap nothing can be loaded again where nothing is loaded.
    private void requireLoads(Set<TableName> unaffected) {
        if (!plan.has(Part.FULL)
                && !marks.tables().stream().map(TableMark::name).allMatch(unaffected::contains)) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "--reload-after-gap cannot load tables again",
                    "the step full is not chosen, so their rows would not be copied",
                    "add full to steps, or name every table that nothing changed in the gap with --unaffected");
        }
    }

    private Loading loading(Optional<Link> opened) {
        return new Loading(ends, plan, epoch, marks, board, builder, opened, governor, asides);
    }

    private void readMarks() {
        try (var bookkeeping = ends.bookkeeping()) {
            marks.read(bookkeeping, ends.project());
        }
    }

    /// Waits until all that the source had committed when this began is applied and every window is
    /// over.
    private Outcome catchUp() {
        if (link.isEmpty()) {
            builder.finish(lane, marks.tables(Phase.LOADED));
            return caughtUp();
        }
        if (stop.isPresent()) {
            return catchUpTo(stop.orElseThrow());
        }
        if (goal.isEmpty()) {
            try (var snapshot = ends.sourceSnapshot()) {
                goal = Optional.of(snapshot.logEnd());
            }
        }
        var apply = link.orElseThrow().apply();
        var applied = apply.applied();
        var done =
                applied.isPresent()
                        && applied.orElseThrow().covers(goal.orElseThrow())
                        && apply.keysInPlace();
        waitsFor = done ? "" : waiting(goal.orElseThrow().text());
        if (!done) {
            return Outcome.IDLE;
        }
        return caughtUp();
    }

    /// Waits until everything before the stop is in the target; nothing is compared then, because
    /// the source is further on.
    private Outcome catchUpTo(LogStop place) {
        if (link.orElseThrow().apply().stoppedAt().isPresent()) {
            waitsFor = "";
            builder.finish(lane, List.of()); // as behind any other end
            stage = Stage.FINISHED;
            return Outcome.WORKED;
        }
        waitsFor = waiting(place.name());
        var now = ends.clock().instant();
        if (Duration.between(lastClock, now).compareTo(CLOCK_EVERY) >= 0) {
            lastClock = now;
            bounds.lookAtClock(place);
        }
        return Outcome.IDLE;
    }

    /// Where the run stopped: as the operator calls the place, and what is applied.
    public Optional<String> stoppedAt() {
        return link.flatMap(open -> open.apply().stoppedAt())
                .map(position ->
                        "everything up to %s is in the target, and nothing behind it: the source's log was read to %s"
                                .formatted(stop.orElseThrow().name(), position.text()));
    }

    private String waiting(String end) {
        return link.flatMap(open -> open.apply().waitsForXa())
                .map(xid -> "the end of XA transaction " + xid + ", prepared at the source")
                .orElse("apply to reach " + end);
    }

    private Outcome caughtUp() {
        if (plan.has(Part.VERIFICATION)) {
            verification =
                    Optional.of(
                            new Verification(
                                    ends,
                                    epoch,
                                    marks,
                                    link,
                                    plan.corrects(),
                                    plan.retries(),
                                    this::proveOwnership));
            stage = Stage.VERIFYING;
        } else {
            stage = plan.until() == Until.FOREVER ? Stage.FOLLOWING : Stage.FINISHED;
        }
        return Outcome.WORKED;
    }

    private void proveOwnership() {
        if (ends.rules().keeps(Rule.OWNER_CERTIFIES)) {
            lane.transaction(lane.checkpoint(), _ -> {});
        }
    }

    private Outcome verify() {
        var running = verification.orElseThrow();
        var outcome = running.step();
        waitsFor = running.waitsFor();
        stage = running.correcting() ? Stage.CORRECTING : Stage.VERIFYING;
        if (outcome == Outcome.DONE) {
            certificate = running.certificate();
            stage = plan.until() == Until.FOREVER ? Stage.FOLLOWING : Stage.FINISHED;
            return Outcome.WORKED;
        }
        return outcome;
    }

    private Outcome follow() {
        waitsFor = "";
        return Outcome.IDLE;
    }

    /// The position up to which everything is in the target; empty before the first look.
    public Optional<Position> applied() {
        return link.map(Link::apply).flatMap(Applied::applied);
    }
}
