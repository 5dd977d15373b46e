package ferry.server.run;

import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.dialect.Finding;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.LogBounds;
import ferry.engine.pipeline.Progress;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.journal.StatusFile;
import ferry.server.lifecycle.Choice;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import ferry.server.lifecycle.StepState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives one project in this process. A first start, a resumed run and one after a kill are the
/// same path: the engine sees in the target what is already done.
public final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final Duration PICTURE_TIME = Duration.ofSeconds(1);

    private final Project project;
    private final Dialects dialects;
    private final Home home;
    private final Options options;
    private final Audience audience;

    /// `skipFailed`: go on although precheck items failed that may be skipped; `takeOver`: also
    /// when another owner seems alive. `resetStart`: the project begins anew at the start that its
    /// file names. `afterGap`: the source dropped log that was not read, and all tables but these
    /// are to be loaded again.
    public record Options(
            boolean skipFailed,
            boolean takeOver,
            boolean resetStart,
            Optional<Set<TableName>> afterGap) {
        public Options(boolean skipFailed, boolean takeOver) {
            this(skipFailed, takeOver, false, Optional.empty());
        }
    }

    public Runner(
            Project project, Dialects dialects, Home home, Options options, Audience audience) {
        this.project = project;
        this.dialects = dialects;
        this.home = home;
        this.options = options;
        this.audience = audience;
    }

    /// Takes the project across, or resumes it. A problem is recorded, told to the audience, and
    /// thrown.
    public Outcome migrate(Stop stop) throws InterruptedException {
        return guarded(
                true,
                recorder -> {
                    refuseReleased(recorder.state().project());
                    var resumed = recorder.state().project() != ProjectState.INIT;
                    recorder.plan(project.plan());
                    begin(recorder, project, resumed);
                    recorder.project(ProjectEvent.START, resumed ? "resumed" : "");
                    if (options.resetStart()) {
                        new StartReset(project, home, dialects)
                                .run(options.takeOver(), recorder::note)
                                .ifPresent(what -> recorder.tell(new RunEvent.Told(what)));
                    }
                    try (var crossing =
                            Crossing.open(
                                    project,
                                    dialects,
                                    home,
                                    options.takeOver(),
                                    listener(recorder))) {
                        options.afterGap().ifPresent(crossing::reloadAfterGap);
                        precheck(recorder, crossing);
                        if (!options.resetStart()) {
                            requireKnown(recorder.state());
                        }
                        var outcome = watched(recorder, crossing, stop);
                        end(recorder, outcome);
                        certify(recorder, crossing);
                        recorder.tell(new RunEvent.Ended(outcome));
                        return outcome;
                    }
                });
    }

    /// Compares all tables now. A project that was loaded is resumed until it has caught up; tables
    /// that Ferry never moved are compared as they are.
    public Outcome verify(Stop stop) throws InterruptedException {
        return guarded(
                false,
                recorder -> {
                    Crossing.requireSource(project, dialects);
                    requireKnown(recorder.state());
                    var known = isLoaded();
                    if (known) {
                        refuseStopped("verified");
                    }
                    var comparing = known ? caughtUp() : untouched();
                    begin(recorder, comparing, known);
                    if (!known) {
                        recorder.tell(
                                new RunEvent.Told(
                                        "Ferry does not follow these tables: what is written to the source meanwhile shows as a difference"));
                    }
                    try (var crossing =
                            Crossing.open(
                                    comparing,
                                    dialects,
                                    home,
                                    options.takeOver(),
                                    listener(recorder))) {
                        var outcome = watched(recorder, crossing, stop);
                        recorder.note("verified: " + outcome);
                        certify(recorder, crossing);
                        recorder.tell(new RunEvent.Ended(outcome));
                        return outcome;
                    } finally {
                        if (!known) {
                            forget(comparing);
                        }
                    }
                });
    }

    /// Settles recorded row errors, those with these ids or all of them: a project that was loaded
    /// is resumed until it has caught up, and makes the rows what they are at the source.
    public Outcome retry(Set<String> ids, Stop stop) throws InterruptedException {
        return guarded(
                false,
                recorder -> {
                    Crossing.requireSource(project, dialects);
                    requireKnown(recorder.state());
                    if (!isLoaded()) {
                        throw ProblemException.of(
                                ProblemCode.CONFIGURATION,
                                "project " + project.name() + " has nothing to retry",
                                "the target does not know it",
                                "run 'ferry migrate' first");
                    }
                    refuseStopped("retried");
                    var settling = caughtUp();
                    begin(recorder, settling, true);
                    try (var crossing =
                            Crossing.retrying(
                                    settling,
                                    dialects,
                                    home,
                                    options.takeOver(),
                                    ids,
                                    listener(recorder))) {
                        var reached = watched(recorder, crossing, stop);
                        var left =
                                crossing.rowErrors().stream()
                                        .filter(error -> ids.isEmpty() || ids.contains(error.id()))
                                        .toList();
                        var outcome =
                                reached == Outcome.PAUSED
                                        ? reached
                                        : left.isEmpty() ? Outcome.FINISHED : Outcome.DIFFERENT;
                        var told =
                                reached == Outcome.PAUSED
                                        ? "stopped before every row error was looked at"
                                        : left.isEmpty()
                                                ? "every row error is settled"
                                                : left.size() + " row errors are left";
                        recorder.note("row errors were retried: " + told);
                        recorder.tell(new RunEvent.Told(told));
                        recorder.tell(new RunEvent.Ended(outcome));
                        return outcome;
                    }
                });
    }

    @FunctionalInterface
    private interface Deed {
        Outcome with(Recorder recorder) throws InterruptedException;
    }

    /// Owns the home while the deed is done; a problem is recorded as far as that is still
    /// possible, told, and thrown.
    private Outcome guarded(boolean movesSteps, Deed deed) throws InterruptedException {
        dialects.requireAbilities(project);
        var redaction = project.redaction();
        try (var lock = HomeLock.take(home);
                var journal = Journal.open(lock, redaction)) {
            var status = new StatusFile(home.status(), redaction);
            var onlookers = new Discreet(redaction, List.of(new Story(project.name()), audience));
            var recorder = new Recorder(project.name(), journal, status, onlookers, movesSteps);
            try {
                return deed.with(recorder);
            } catch (ProblemException e) {
                var problem = Discreet.problem(e.problem(), redaction);
                fail(recorder, problem, movesSteps);
                throw new ProblemException(problem, e);
            } catch (RuntimeException | Error e) {
                LOG.error("stopped by a mistake of Ferry itself", e);
                var problem =
                        new Problem(
                                ProblemCode.INTERNAL,
                                "Ferry stopped",
                                redaction.apply(e.toString()),
                                "run it again to resume; report the stack trace in " + home.log());
                fail(recorder, problem, movesSteps);
                throw new ProblemException(problem, e);
            }
        }
    }

    private void begin(Recorder recorder, Project running, boolean resumed) {
        if (options.takeOver()) {
            recorder.note("--take-over was given");
        }
        options.afterGap()
                .ifPresent(unaffected ->
                        recorder.note(
                                "--reload-after-gap was given; unaffected by the operator's word: "
                                        + unaffected));
        recorder.tell(
                new RunEvent.Started(
                        running.source().toString(),
                        running.target().toString(),
                        running.end(),
                        resumed,
                        home.folder()));
    }

    private void precheck(Recorder recorder, Crossing crossing) {
        recorder.step(Step.TRANSFER_PRECHECK, StepEvent.START, "");
        var findings = crossing.precheck();
        findings.forEach(finding -> recorder.tell(new RunEvent.Checked(finding)));
        var failed =
                findings.stream()
                        .filter(finding -> finding.outcome() == Finding.Outcome.FAILED)
                        .filter(finding -> !(options.skipFailed() && finding.skippable()))
                        .toList();
        if (!failed.isEmpty()) {
            var items = String.join(", ", failed.stream().map(Finding::item).distinct().toList());
            var skippable = failed.stream().allMatch(Finding::skippable);
            throw ProblemException.of(
                    ProblemCode.PRECHECK_FAILED,
                    failed.size() + " of " + findings.size() + " precheck items failed: " + items,
                    failed.getFirst().what(),
                    failed.getFirst().remedy().replaceFirst(";$", "")
                            + (failed.size() > 1 ? "; what the others need is told above" : "")
                            + (skippable ? "; or skip what failed with --yes" : ""));
        }
        recorder.step(Step.TRANSFER_PRECHECK, StepEvent.FINISH, "");
    }

    /// Lets the crossing run while a thread of its own shows every second how things stand.
    private static Outcome watched(Recorder recorder, Crossing crossing, Stop stop)
            throws InterruptedException {
        var watcher = Thread.ofVirtual().name("picture").start(() -> draw(recorder, crossing));
        try {
            return crossing.cross(stop);
        } finally {
            watcher.interrupt();
            watcher.join();
        }
    }

    /// A picture that could not be drawn now, for instance because the journal took no step, may be
    /// drawn later.
    private static void draw(Recorder recorder, Crossing crossing) {
        var lastFailure = "";
        try {
            while (true) {
                try {
                    recorder.progress(crossing.progress());
                    lastFailure = "";
                } catch (RuntimeException e) {
                    if (!lastFailure.equals(e.toString())) {
                        LOG.warn("the picture could not be drawn", e);
                    }
                    lastFailure = e.toString();
                }
                Thread.sleep(PICTURE_TIME);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the work has ended
        }
    }

    private static void end(Recorder recorder, Outcome outcome) {
        switch (outcome) {
            case PAUSED -> recorder.project(ProjectEvent.PAUSE, "");
            case FINISHED, DIFFERENT -> {
                working(recorder.state())
                        .forEach(step -> recorder.step(step, StepEvent.FINISH, ""));
                recorder.project(
                        ProjectEvent.FINISH,
                        outcome == Outcome.DIFFERENT ? "with differences" : "");
            }
        }
    }

    private void certify(Recorder recorder, Crossing crossing) {
        crossing.certificate()
                .map(CertificateFiles::new)
                .ifPresent(files -> {
                    files.verdicts()
                            .forEach(verdict -> recorder.tell(new RunEvent.Compared(verdict)));
                    recorder.tell(files.write(home));
                    var corrections = crossing.corrections();
                    files.writeCorrections(home, corrections);
                    if (!corrections.isEmpty()) {
                        recorder.tell(
                                new RunEvent.Told(
                                        corrections.size()
                                                + " statements would correct this: "
                                                + home.corrections()));
                    }
                });
    }

    private static void fail(Recorder recorder, Problem problem, boolean movesSteps) {
        try {
            var state = recorder.state();
            if (movesSteps && state.project() == ProjectState.RUNNING) {
                // The engine does not say which step it was, so every working step is under
                // suspicion.
                working(state)
                        .forEach(step -> recorder.step(step, StepEvent.FAIL, problem.code().id()));
                recorder.project(ProjectEvent.FAIL, problem.toString());
            }
        } catch (ProblemException e) {
            LOG.error(
                    "the problem could not be recorded: {}",
                    e.problem(),
                    e); // the disk itself may be the problem
        }
        recorder.tell(new RunEvent.Stopped(problem));
    }

    private static List<Step> working(State state) {
        return state.steps().entrySet().stream()
                .filter(entry ->
                        entry.getValue() == StepState.RUNNING
                                || entry.getValue() == StepState.MONITORING)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// A project that has been at work is known to its target. One that is not stands behind the
    /// address of another server, or was set back to before the project.
    private void requireKnown(State state) {
        var worked =
                state.steps().entrySet().stream()
                        .anyMatch(entry ->
                                entry.getKey() != Step.TRANSFER_PRECHECK
                                        && entry.getValue() != StepState.INIT);
        if (!worked) {
            return;
        }
        try (var bookkeeping = Crossing.ends(project, dialects).bookkeeping()) {
            if (!bookkeeping.exists() || bookkeeping.owner(project.name()).isEmpty()) {
                throw ProblemException.of(
                        ProblemCode.TARGET_FOREIGN,
                        "the target does not know project " + project.name(),
                        "the project was at work before, by the journal in "
                                + home.folder()
                                + ", and the target's bookkeeping says nothing of it: it is another server, or was set back",
                        "give the address of the right server; to begin again on this one, run 'ferry reset' and then 'ferry migrate'");
            }
        }
    }

    private void refuseReleased(ProjectState state) {
        if (state == ProjectState.RELEASING || state == ProjectState.RELEASED) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "project " + project.name() + " cannot be started",
                    "its reset was begun and did not end",
                    "run 'ferry reset' once more, then start it anew");
        }
    }

    /// True when the target knows the project and every table is loaded; false when it does not
    /// know it.
    private boolean isLoaded() {
        var known = Marks.known(Crossing.ends(project, dialects));
        if (known.isEmpty()) {
            return false;
        }
        var marks = known.orElseThrow();
        var open =
                marks.tables().stream()
                        .filter(mark -> mark.phase().compareTo(Phase.LOADED) < 0)
                        .count();
        if (open > 0 || marks.tables().isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "project " + project.name() + " cannot be verified yet",
                    open + " of " + marks.tables().size() + " tables are not loaded",
                    "run 'ferry migrate' until they are");
        }
        return true;
    }

    /// To compare and to settle rows, the project goes on to the source's present end: behind a
    /// stop only at its operator's word.
    private void refuseStopped(String deed) {
        var stop = LogBounds.stopOf(Crossing.ends(project, dialects));
        if (stop.isPresent()) {
            throw ProblemException.of(
                    ProblemCode.PLACE_REFUSED,
                    "project " + project.name() + " cannot be " + deed + " now",
                    "its last run was to stop at "
                            + stop.get()
                            + ", and this would apply what lies behind it, up to the source's present end",
                    "if that is wanted, run 'ferry migrate' with '--until verified', which goes on and compares; then run this again");
        }
    }

    private Project caughtUp() {
        var choices = EnumSet.copyOf(project.choices());
        choices.add(Choice.VERIFICATION);
        return project.with(choices).with(Until.VERIFIED);
    }

    /// A comparison keeps its books under a name that no project can have.
    private Project untouched() {
        return project.named(project.name() + "#verify")
                .with(Set.of(Choice.VERIFICATION))
                .with(Until.VERIFIED);
    }

    private void forget(Project comparing) {
        try (var bookkeeping = Crossing.ends(comparing, dialects).bookkeeping()) {
            if (bookkeeping.exists()) {
                bookkeeping.forget(comparing.name());
            }
        }
    }

    private static Crossing.Listener listener(Recorder recorder) {
        return new Crossing.Listener() {
            @Override
            public void seen(Progress progress) {
                recorder.progress(progress);
            }

            @Override
            public void told(String message) {
                recorder.tell(new RunEvent.Told(message));
            }

            @Override
            public void warned(Problem problem) {
                recorder.note("warning: " + problem);
                recorder.tell(new RunEvent.Warned(problem));
            }

            @Override
            public void noted(String message) {
                recorder.note(message);
                recorder.tell(new RunEvent.Told(message));
            }
        };
    }
}
