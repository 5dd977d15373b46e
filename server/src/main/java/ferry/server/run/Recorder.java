package ferry.server.run;

import ferry.server.journal.Journal;
import ferry.server.journal.StatusFile;
import ferry.server.lifecycle.Event;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import ferry.server.lifecycle.StepState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Where all that a run tells comes together: events go to the journal first, then to the audience; pictures go to the status file and
/// the audience. Its lock makes one order of what many threads tell.
final class Recorder {
    private final String project;
    private final Journal journal;
    private final StatusFile status;
    private final Audience audience;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Picture> lastPicture = Optional.empty();

    Recorder(String project, Journal journal, StatusFile status, Audience audience) {
        this.project = project;
        this.journal = journal;
        this.status = status;
        this.audience = audience;
    }

    State state() {
        lock.lock();
        try {
            return journal.state();
        } finally {
            lock.unlock();
        }
    }

    void plan(List<Step> steps) {
        lock.lock();
        try {
            if (!journal.state().steps().keySet().equals(new LinkedHashSet<>(steps))) {
                journal.append(new Event.Planned(steps), "");
            }
        } finally {
            lock.unlock();
        }
    }

    void project(ProjectEvent event, String detail) {
        lock.lock();
        try {
            var before = journal.state();
            var after = journal.append(new Event.OfProject(event), detail);
            audience.tell(new RunEvent.ProjectChanged(after.project()));
            after.steps().forEach((step, state) -> {
                if (before.steps().get(step) != state) {
                    audience.tell(new RunEvent.StepChanged(step, state));
                }
            });
            writeStatus();
        } finally {
            lock.unlock();
        }
    }

    /// Moves a step on; an event that changes nothing any more (a second "caught up") is left out.
    void step(Step step, StepEvent event, String detail) {
        lock.lock();
        try {
            var happened = new Event.OfStep(step, event);
            if (journal.state().allows(happened)) {
                var state = journal.append(happened, detail).steps().get(step);
                audience.tell(new RunEvent.StepChanged(step, state));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Stores what somebody did, for the history.
    void note(String what) {
        lock.lock();
        try {
            journal.note(what);
        } finally {
            lock.unlock();
        }
    }

    void tell(RunEvent event) {
        lock.lock();
        try {
            if (event instanceof RunEvent.Progressed(var picture)) {
                lastPicture = Optional.of(picture);
                writeStatus();
            }
            audience.tell(event);
        } finally {
            lock.unlock();
        }
    }

    private void writeStatus() {
        status.write(status(project, journal.state(), lastPicture));
    }

    private static Map<String, Object> status(String project, State state, Optional<Picture> picture) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("at", Instant.now());
        fields.put("pid", ProcessHandle.current().pid());
        fields.put("project", project);
        fields.put("state", state.project());
        fields.put("steps", states(state));
        fields.put("picture", picture.map(Picture::fields));
        return fields;
    }

    private static Map<String, StepState> states(State state) {
        return state.steps().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().name(), Map.Entry::getValue, (a, _) -> a, LinkedHashMap::new));
    }
}
