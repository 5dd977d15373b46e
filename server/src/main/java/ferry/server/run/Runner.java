package ferry.server.run;

import ferry.engine.dialect.Finding;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.journal.Redaction;
import ferry.server.journal.StatusFile;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import ferry.server.lifecycle.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives one project through its steps in this process. A first start, a resumed run and one after a kill are the same path: the
/// engine sees in the target what is already done.
public final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final Duration PICTURE_TIME = Duration.ofSeconds(1);

    private final Project project;
    private final Home home;
    private final Options options;
    private final Audience audience;
    private final Crossing.Opening opening;

    /// `skipFailed`: go on although precheck items failed that may be skipped; `takeOver`: also when another owner seems alive.
    public record Options(boolean skipFailed, boolean takeOver) {}

    Runner(Project project, Home home, Options options, Audience audience, Crossing.Opening opening) {
        this.project = project;
        this.home = home;
        this.options = options;
        this.audience = audience;
        this.opening = opening;
    }

    /// Takes the project across, or resumes it. A problem is recorded, told to the audience, and thrown.
    public Outcome migrate(Stop stop) throws InterruptedException {
        return run(stop, Crossing::cross, true);
    }

    /// Compares all tables now.
    public Outcome verify(Stop stop) throws InterruptedException {
        return run(stop, Crossing::verify, false);
    }

    @FunctionalInterface
    private interface Deed {
        Outcome on(Crossing crossing, Stop stop) throws InterruptedException;
    }

    private Outcome run(Stop stop, Deed deed, boolean checked) throws InterruptedException {
        var redaction = new Redaction(project.secrets());
        try (var lock = HomeLock.take(home);
                var journal = Journal.open(lock, redaction)) {
            var recorder = new Recorder(project.name(), journal, new StatusFile(home.status(), redaction), audience);
            try {
                return recorded(recorder, stop, deed, checked);
            } catch (ProblemException e) {
                fail(recorder, e.problem());
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.error("stopped by a mistake of Ferry itself", e);
                var problem = new Problem(
                        ProblemCode.INTERNAL,
                        "Ferry stopped",
                        redaction.apply(e.toString()),
                        "run it again to resume; report the stack trace in " + home.log());
                fail(recorder, problem);
                throw new ProblemException(problem, e);
            }
        }
    }

    private Outcome recorded(Recorder recorder, Stop stop, Deed deed, boolean checked) throws InterruptedException {
        var resumed = recorder.state().project() != ProjectState.INIT;
        recorder.plan(project.plan());
        if (options.takeOver()) {
            recorder.note("--take-over was given");
        }
        recorder.tell(new RunEvent.Started(
                project.source().toString(), project.target().toString(), project.until(), resumed, home.folder()));
        recorder.project(ProjectEvent.START, resumed ? "resumed" : "");
        try (var crossing = opening.open(project, home, options.takeOver(), listener(recorder))) {
            if (checked) {
                precheck(recorder, crossing);
            }
            var outcome = watched(recorder, crossing, () -> deed.on(crossing, stop));
            end(recorder, outcome);
            crossing.certificate().ifPresent(certificate -> recorder.tell(certificate.write(home)));
            recorder.tell(new RunEvent.Ended(outcome));
            return outcome;
        }
    }

    private void precheck(Recorder recorder, Crossing crossing) {
        recorder.step(Step.TRANSFER_PRECHECK, StepEvent.START, "");
        var findings = crossing.precheck();
        findings.forEach(finding -> recorder.tell(new RunEvent.Checked(finding)));
        var failed = failed(findings);
        if (!failed.isEmpty()) {
            var items = String.join(", ", failed.stream().map(Finding::item).toList());
            var skippable = failed.stream().allMatch(Finding::skippable);
            throw ProblemException.of(
                    ProblemCode.PRECHECK_FAILED,
                    failed.size() + " of " + findings.size() + " precheck items failed: " + items,
                    failed.getFirst().what(),
                    failed.getFirst().remedy() + (skippable ? "; or skip what failed with --yes" : ""));
        }
        recorder.step(Step.TRANSFER_PRECHECK, StepEvent.FINISH, "");
    }

    private List<Finding> failed(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.outcome() == Finding.Outcome.FAILED)
                .filter(finding -> !(options.skipFailed() && finding.skippable()))
                .toList();
    }

    @FunctionalInterface
    private interface Work {
        Outcome run() throws InterruptedException;
    }

    /// Does the work while a thread of its own tells every second how things stand.
    private static Outcome watched(Recorder recorder, Crossing crossing, Work work) throws InterruptedException {
        var watcher = Thread.ofVirtual().name("picture").start(() -> {
            try {
                while (true) {
                    recorder.tell(new RunEvent.Progressed(crossing.picture()));
                    Thread.sleep(PICTURE_TIME);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the work has ended
            } catch (RuntimeException e) {
                LOG.warn("the picture is no longer drawn", e);
            }
        });
        try {
            return work.run();
        } finally {
            watcher.interrupt();
            watcher.join();
            recorder.tell(new RunEvent.Progressed(crossing.picture()));
        }
    }

    private static void end(Recorder recorder, Outcome outcome) {
        switch (outcome) {
            case PAUSED -> recorder.project(ProjectEvent.PAUSE, "");
            case FINISHED, DIFFERENT -> {
                working(recorder.state()).forEach(step -> recorder.step(step, StepEvent.FINISH, ""));
                recorder.project(ProjectEvent.FINISH, outcome == Outcome.DIFFERENT ? "with differences" : "");
            }
        }
    }

    /// Records a problem as far as that is still possible: the disk itself may be the problem.
    private static void fail(Recorder recorder, Problem problem) {
        try {
            var state = recorder.state();
            if (state.project() == ProjectState.RUNNING) {
                if (state.failedStep().isEmpty()) {
                    // The engine did not say which step it was, so every working step is under suspicion.
                    working(state).forEach(step -> recorder.step(step, StepEvent.FAIL, problem.code().id()));
                }
                recorder.project(ProjectEvent.FAIL, problem.toString());
            }
        } catch (ProblemException e) {
            LOG.error("the problem could not be recorded: {}", e.problem(), e);
        }
        recorder.tell(new RunEvent.Stopped(problem));
    }

    private static List<Step> working(State state) {
        return state.steps().entrySet().stream()
                .filter(entry -> entry.getValue() == StepState.RUNNING || entry.getValue() == StepState.MONITORING)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Crossing.Listener listener(Recorder recorder) {
        return new Crossing.Listener() {
            @Override
            public void step(Step step, StepEvent event) {
                recorder.step(step, event, "");
            }

            @Override
            public void told(String message) {
                recorder.tell(new RunEvent.Told(message));
            }

            @Override
            public void compared(Verdict verdict) {
                recorder.tell(new RunEvent.Compared(verdict));
            }
        };
    }
}
