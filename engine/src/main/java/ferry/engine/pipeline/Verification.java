package ferry.engine.pipeline;

import ferry.engine.changelog.ChangeLogReader;
import ferry.engine.checkpoint.Applied;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.crew.Loop.Outcome;
import ferry.engine.crew.RisingPause;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Certificate.Grade;
import ferry.engine.pipeline.Certificate.SetAside;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.engine.verify.TableReport;
import ferry.engine.verify.VerifyBoard;
import ferry.engine.verify.VerifyWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Compares all tables; where it may correct, it corrects what differs and compares those tables
/// again, once.
final class Verification {
    private static final int PIN_ATTEMPTS = 10;

    private final Ends ends;
    private final long epoch;
    private final Marks marks;
    private final Optional<Link> link;
    private final boolean corrects;
    private final Optional<Set<String>> retries;
    private final Runnable provesOwnership;
    private Optional<ChangeLogReader> pin = Optional.empty();
    private Optional<Position> pinnedAt = Optional.empty();
    private Beginning beginning = Beginning.NOT_PINNED;
    private Optional<Snapshot> watch = Optional.empty(); // of the source, until it shows the pin
    private RisingPause pause;
    private Optional<Position> logEnd = Optional.empty(); // that capture has to reach
    private long beganBehind;
    private Optional<Position> disturbedUpTo = Optional.empty();
    private long comparedVersion;
    private long restarts; // because the change log was full
    private VerifyBoard board;
    private List<VerifyWorker> loops = List.of();
    private List<TableReport> reports = List.of();
    private State state = State.COMPARING;
    private volatile String waitsFor = "";
    private Optional<Certificate> certificate = Optional.empty();

    /// How far the beginning of a comparison is.
    private enum Beginning {
        NOT_PINNED,
        /// The change log is kept from a place on.
        PINNED,
        /// Every read sees all that lies before that place.
        REACHED
    }

    private enum State {
        COMPARING,
        /// In place of a comparison: recorded row errors.
        SETTLING,
        CORRECTING,
        COMPARING_AGAIN
    }

    /// `provesOwnership` throws FENCED if another process has taken the project over.
    Verification(
            Ends ends,
            long epoch,
            Marks marks,
            Optional<Link> link,
            boolean corrects,
            Optional<Set<String>> retries,
            Runnable provesOwnership) {
        this.ends = ends;
        this.epoch = epoch;
        this.marks = marks;
        this.link = link;
        this.corrects = corrects;
        this.retries = retries;
        this.provesOwnership = provesOwnership;
    }

    synchronized List<Loop> loops() {
        return List.copyOf(loops);
    }

    /// What everything waits for; empty while anything is done.
    synchronized String waitsFor() {
        // Asked once: a worker may go on at any moment.
        var waits = loops.stream().map(worker -> worker.waitsFor()).toList();
        if (!waitsFor.isEmpty() || waits.stream().anyMatch(Optional::isEmpty)) {
            return waitsFor;
        }
        return waits.stream()
                .flatMap(Optional::stream)
                .filter(wait -> !wait.isEmpty())
                .findFirst()
                .orElse("");
    }

    boolean correcting() {
        return state == State.CORRECTING || state == State.SETTLING;
    }

    /// What was found so far.
    synchronized List<TableReport> reports() {
        return board == null || state != State.COMPARING ? reports : board.reports();
    }

    /// Empty where nothing was compared.
    Optional<Certificate> certificate() {
        return certificate;
    }

    /// Closes its connection; it is opened again when it is needed.
    void reset() {
        watch.ifPresent(Snapshot::close);
        watch = Optional.empty();
    }

    /// Lets the change log go. The workers belong to whoever runs them.
    void close() {
        reset();
        unpin();
    }

    private void unpin() {
        pin.ifPresent(ChangeLogReader::close);
        pin = Optional.empty();
    }

    /// Keeps the change log from here on until the comparison ends: what changed since a read is
    /// looked up in it.
    private void pin() {
        unpin();
        for (var attempt = 1; pin.isEmpty(); attempt++) {
            pinnedAt = link.flatMap(open -> open.apply().stored());
            if (pinnedAt.isEmpty()) {
                break;
            }
            try {
                pin = pinnedAt.map(from -> link.orElseThrow().log().reader(from));
            } catch (ProblemException e) {
                // A full log drops what apply has passed since it was asked.
                if (e.code() != ProblemCode.LOG_LIMIT || attempt == PIN_ATTEMPTS) {
                    throw e;
                }
            }
        }
        pause = new RisingPause(ends.clock(), ends.settings().get(Settings.VERIFY_POLL_TIME));
    }

    /// True when every read from now on sees all that lies before the kept part of the log. Apply
    /// may be ahead of what is visible at the source: a transaction stands in the log first.
    private boolean reachesPin() {
        if (pinnedAt.isEmpty()) {
            return true;
        }
        if (!pause.isOver()) {
            return false;
        }
        if (watch.isEmpty()) {
            watch = Optional.of(ends.sourceSnapshot());
        }
        var reached = watch.orElseThrow().committed().covers(pinnedAt.orElseThrow());
        if (reached) {
            reset();
        }
        return reached;
    }

    Outcome step() {
        if (pin.isPresent()
                && link.orElseThrow().log().isPinnedFull()
                && restarts < ends.settings().get(Settings.VERIFY_RESTARTS)) {
            giveWay();
            return Outcome.WORKED;
        }
        if (board == null) {
            return start();
        }
        waitsFor = "";
        if (!board.disturbed().isEmpty()) {
            return look();
        }
        if (!board.ended()) {
            return Outcome.IDLE;
        }
        if (!captured()) {
            return idle("capture to reach " + logEnd.map(Position::text).orElse("its end"));
        }
        // The target was read while our apply stood still; that another owner's did not is known
        // only now.
        provesOwnership.run();
        if (marks.version() != comparedVersion && state != State.CORRECTING) {
            // A schema change was followed meanwhile: what was compared is not what is there now,
            // or another change undid it and what was compared in between is not.
            begin();
            return Outcome.WORKED;
        }
        switch (state) {
            case COMPARING -> {
                reports = board.reports();
                if (corrects && reports.stream().anyMatch(report -> !report.equal())) {
                    correct();
                    return Outcome.WORKED;
                }
            }
            case SETTLING -> {
                close();
                return Outcome.DONE;
            }
            case CORRECTING -> {
                var differing =
                        reports.stream()
                                .filter(report -> !report.equal())
                                .map(TableReport::table)
                                .toList();
                state = State.COMPARING_AGAIN;
                compare(
                        new VerifyBoard(
                                ends,
                                marks.tables(Phase.EXACT).stream()
                                        .filter(mark -> differing.contains(mark.name()))
                                        .toList()));
                return Outcome.WORKED;
            }
            case COMPARING_AGAIN -> {
                var merged = new ArrayList<>(board.reports());
                reports.stream().filter(TableReport::equal).forEach(merged::add);
                reports = merged.stream().sorted((a, b) -> a.table().compareTo(b.table())).toList();
            }
        }
        certify();
        close();
        return Outcome.DONE;
    }

    private Outcome start() {
        if (beginning == Beginning.NOT_PINNED) {
            if (link.isPresent() && link.orElseThrow().log().isPinnedFull() && pin.isEmpty()) {
                return idle("capture to go on, for which the change log has room again");
            }
            pin();
            beginning = Beginning.PINNED;
        }
        if (beginning == Beginning.PINNED) {
            if (!reachesPin()) {
                return idle(
                        "the source to show what is applied, "
                                + pinnedAt.map(Position::text).orElse(""));
            }
            beginning = Beginning.REACHED;
        }
        if (!captured()) {
            return idle("capture to reach " + logEnd.map(Position::text).orElse("its end"));
        }
        beginning = Beginning.NOT_PINNED;
        waitsFor = "";
        beganBehind = lastSequence();
        disturbedUpTo = Optional.empty();
        comparedVersion = marks.version();
        if (retries.isPresent()) {
            settle(retries.get());
        } else {
            compare(new VerifyBoard(ends, marks.tables(Phase.EXACT)));
        }
        return Outcome.WORKED;
    }

    /// The change log is full of what this comparison keeps: capture goes first, and the comparison
    /// begins anew. Once that was done too often the log stays full, and capture tells why.
    private void giveWay() {
        restarts++;
        if (board != null) {
            board.abandon();
        }
        begin();
        logEnd = Optional.empty();
        beginning = Beginning.NOT_PINNED;
        close();
    }

    private Outcome idle(String forWhat) {
        waitsFor = forWhat;
        return Outcome.IDLE;
    }

    /// A table could not be read. If a schema change of the source explains it, it is compared anew
    /// once apply has followed; otherwise the problem is real.
    private Outcome look() {
        if (marks.version() != comparedVersion) {
            begin();
            return Outcome.WORKED;
        }
        if (disturbedUpTo.isEmpty()) {
            disturbedUpTo = logEnd();
        }
        var applied = link.flatMap(open -> open.apply().applied());
        if (disturbedUpTo.isPresent()
                && !applied.orElseThrow().covers(disturbedUpTo.orElseThrow())) {
            return idle("apply to follow the schema change of a table that could not be read");
        }
        throw board.disturbed().values().iterator().next();
    }

    private synchronized void compare(VerifyBoard next) {
        logEnd = Optional.empty();
        board = next;
        loops =
                workers(
                        "verify",
                        ends.settings().number(Settings.VERIFY_WORKERS),
                        Optional.empty());
    }

    /// Ends the comparison under way, and its workers before the kept log is let go.
    private synchronized void begin() {
        board = null;
        loops = List.of();
        state = State.COMPARING;
    }

    private synchronized void correct() {
        state = State.CORRECTING;
        var lane = new Lane(ends, "correct", epoch);
        // Rows that were to stay are not Ferry's to change.
        var own = marks.tables(Phase.EXACT).stream().filter(mark -> !mark.kept()).toList();
        board = VerifyBoard.correcting(ends, own, reports, lane);
        loops = workers("correct", 1, Optional.of(lane));
    }

    private synchronized void settle(Set<String> ids) {
        state = State.SETTLING;
        logEnd = Optional.empty();
        var lane = new Lane(ends, "correct", epoch);
        board = VerifyBoard.settling(ends, marks, ids, lane);
        loops = workers("correct", 1, Optional.of(lane));
    }

    private List<VerifyWorker> workers(String name, int count, Optional<Lane> lane) {
        var workers = new ArrayList<VerifyWorker>();
        for (var i = 0; i < count; i++) {
            workers.add(
                    new VerifyWorker(
                            name + "-" + i,
                            ends,
                            board,
                            link.map(Link::log),
                            link.map(open -> (Applied) open.apply()),
                            lane));
        }
        return List.copyOf(workers);
    }

    /// True when all that the source had logged when this was first asked is in the change log.
    private boolean captured() {
        if (logEnd.isEmpty()) {
            logEnd = logEnd();
        }
        return logEnd.isEmpty()
                || link.orElseThrow().log().durablePosition().covers(logEnd.orElseThrow());
    }

    private long lastSequence() {
        return link.map(open -> open.log().lastSequence()).orElse(0L);
    }

    private void certify() {
        // Without the source's log nothing proves that nobody wrote meanwhile. The log's end does
        // not tell, because looking for a position may write to the log.
        var still = link.isPresent() && lastSequence() == beganBehind;
        var issued =
                new Certificate(
                        ends.project(),
                        ends.source().toString(),
                        ends.target().toString(),
                        ends.clock().instant(),
                        still ? Grade.STANDSTILL : Grade.POSITION,
                        logEnd.map(Position::text).orElse(""),
                        reports,
                        marks.refusedKeys(),
                        marks.tables(Phase.ASIDE).stream()
                                .map(mark ->
                                        new SetAside(
                                                mark.name(),
                                                mark.targetName(),
                                                mark.aside().orElse("")))
                                .toList(),
                        known());
        certificate = Optional.of(issued);
    }

    /// How many of the differences are rows whose changes were recorded and left out.
    private Map<TableName, Long> known() {
        var known = new TreeMap<TableName, Long>();
        for (var report : reports) {
            var keys =
                    marks.table(report.table()).stream()
                            .flatMap(mark -> marks.rowErrors(mark).stream())
                            .map(RowError::key)
                            .collect(Collectors.toSet());
            var count =
                    report.differences().stream()
                            .filter(difference -> keys.contains(difference.key()))
                            .count();
            if (count > 0) {
                known.put(report.table(), count);
            }
        }
        return known;
    }

    private Optional<Position> logEnd() {
        if (link.isEmpty()) {
            return Optional.empty();
        }
        try (var snapshot = ends.sourceSnapshot()) {
            return Optional.of(snapshot.logEnd());
        }
    }
}
