package ferry.server.run;

import ferry.engine.crew.Activity;
import ferry.engine.pipeline.Progress;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Journal;
import ferry.server.journal.StatusFile;
import ferry.server.lifecycle.Event;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import ferry.server.lifecycle.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where all that a run tells comes together: events go to the journal first, then to the audience;
/// pictures go to the status file and the audience. Its lock makes one order of what many threads
/// tell.
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private final String project;
    private final Journal journal;
    private final StatusFile status;
    private final Audience audience;
    private final boolean movesSteps;
    private final Painter painter = new Painter();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Picture> lastPicture = Optional.empty();
    private Map<String, Map<Activity, Duration>> times = Map.of();
    private Map<String, Object> heat = Map.of();
    private boolean statusRefused;

    /// `movesSteps` false: the run is no part of the project's life, so its steps stay where they
    /// are.
    Recorder(
            String project,
            Journal journal,
            StatusFile status,
            Audience audience,
            boolean movesSteps) {
        this.project = project;
        this.journal = journal;
        this.status = status;
        this.audience = audience;
        this.movesSteps = movesSteps;
    }

    State state() {
        return locked(journal::state);
    }

    void plan(List<Step> steps) {
        locked(() -> {
            if (!List.copyOf(journal.state().steps().keySet()).equals(steps)) {
                journal.append(new Event.Planned(steps), "");
            }
            return null;
        });
    }

    void project(ProjectEvent event, String detail) {
        locked(() -> {
            var before = journal.state();
            var after = journal.append(new Event.OfProject(event), detail);
            audience.tell(new RunEvent.ProjectChanged(after.project()));
            after.steps()
                    .forEach((step, state) -> {
                        if (before.steps().get(step) != state) {
                            audience.tell(new RunEvent.StepChanged(step, state));
                        }
                    });
            writeStatus();
            return null;
        });
    }

    void step(Step step, StepEvent event, String detail) {
        locked(() -> {
            var state = journal.append(new Event.OfStep(step, event), detail).steps().get(step);
            audience.tell(new RunEvent.StepChanged(step, state));
            return null;
        });
    }

    /// Brings a step where the engine says that it is; what the engine does not say stays, and so
    /// does a step outside the plan.
    private void reach(Map<Step, StepState> seen) {
        seen.forEach((step, wanted) -> {
            var now = state().steps().get(step);
            if (now == null || now == wanted) {
                return;
            }
            switch (wanted) {
                case RUNNING -> step(step, StepEvent.START, "");
                case MONITORING -> {
                    if (now != StepState.RUNNING) {
                        step(step, StepEvent.START, "");
                    }
                    step(step, StepEvent.CATCH_UP, "");
                }
                case FINISHED -> {
                    if (now != StepState.RUNNING && now != StepState.MONITORING) {
                        step(step, StepEvent.START, "");
                    }
                    step(step, StepEvent.FINISH, "");
                }
                case INIT, FAILED, SUSPEND ->
                        throw new IllegalStateException("the engine brings no step to " + wanted);
            }
        });
    }

    /// Takes the engine's progress: moves steps on, and shows the picture.
    void progress(Progress progress) {
        locked(() -> {
            var seen = StageSteps.of(progress);
            if (movesSteps) {
                reach(seen);
            }
            var picture =
                    painter.paint(
                            progress,
                            movesSteps ? journal.state().steps() : seen,
                            Instant.now(),
                            System.nanoTime());
            lastPicture = Optional.of(picture);
            times = progress.times();
            heat = Hotspots.fields(progress.heat());
            writeStatusIfPossible();
            audience.tell(new RunEvent.Progressed(picture));
            return null;
        });
    }

    /// Stores what somebody did, for the history.
    void note(String what) {
        locked(() -> {
            journal.note(what);
            return null;
        });
    }

    void tell(RunEvent event) {
        locked(() -> {
            audience.tell(event);
            return null;
        });
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /// A disk that takes no picture now may take one later, as it may the change log. What it
    /// refuses is logged once.
    private void writeStatusIfPossible() {
        try {
            writeStatus();
            statusRefused = false;
        } catch (ProblemException refused) {
            if (!statusRefused) {
                LOG.warn("the status file could not be written", refused);
            }
            statusRefused = true;
        }
    }

    private void writeStatus() {
        var state = journal.state();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("at", Instant.now());
        fields.put("pid", ProcessHandle.current().pid());
        fields.put("project", project);
        fields.put("state", state.project());
        fields.put("steps", states(state));
        fields.put("picture", lastPicture.map(Picture::fields));
        fields.put("times", times); // what `ferry explain` compares with a later one
        fields.put("heat", heat); // as well; keys' values stand here and in no event
        status.write(fields);
    }

    private static Map<String, StepState> states(State state) {
        return state.steps().entrySet().stream()
                .collect(
                        Collectors.toMap(
                                entry -> entry.getKey().name(),
                                Map.Entry::getValue,
                                (a, _) -> a,
                                LinkedHashMap::new));
    }
}
