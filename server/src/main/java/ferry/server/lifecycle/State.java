package ferry.server.lifecycle;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Where a project and each of its steps stand: the fold of all events so far. Immutable; steps are
/// in the order of execution.
public record State(ProjectState project, Map<Step, StepState> steps) {
    public static final State NEW = new State(ProjectState.INIT, Map.of());

    public State {
        var copy = new EnumMap<Step, StepState>(Step.class);
        copy.putAll(steps);
        steps = Collections.unmodifiableMap(copy);
    }

    /// The state behind an event; throws IllegalStateException if the event may not happen here.
    public State next(Event event) {
        return after(event)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "event " + event + " may not happen in state " + this));
    }

    /// True when the event may happen here.
    public boolean allows(Event event) {
        return after(event).isPresent();
    }

    /// The step that stopped the project, if one did.
    public Optional<Step> failedStep() {
        return steps.entrySet().stream()
                .filter(entry -> entry.getValue() == StepState.FAILED)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Optional<State> after(Event event) {
        return switch (event) {
            case Event.Planned(var planned) -> {
                var next = new EnumMap<Step, StepState>(Step.class);
                planned.forEach(step -> next.put(step, steps.getOrDefault(step, StepState.INIT)));
                yield Optional.of(new State(project, next));
            }
            case Event.OfProject(var projectEvent) ->
                    Lifecycle.next(project, projectEvent)
                            .map(next -> new State(next, stepsAfter(projectEvent)));
            case Event.OfStep(var step, var stepEvent) -> {
                var known = steps.get(step);
                if (known == null || (stepEvent == StepEvent.CATCH_UP && !step.monitors())) {
                    yield Optional.empty();
                }
                yield Lifecycle.next(known, stepEvent).map(next -> with(step, next));
            }
        };
    }

    private State with(Step step, StepState next) {
        var changed = new EnumMap<Step, StepState>(Step.class);
        changed.putAll(steps);
        changed.put(step, next);
        return new State(project, changed);
    }

    /// A project that stops takes its working steps along; one that goes on leaves it to each step
    /// to tell.
    private Map<Step, StepState> stepsAfter(ProjectEvent event) {
        return switch (event) {
            case PAUSE, FAIL -> {
                var stopped = new EnumMap<Step, StepState>(Step.class);
                steps.forEach((step, state) ->
                        stopped.put(step, Lifecycle.next(state, StepEvent.PAUSE).orElse(state)));
                yield stopped;
            }
            case START, FINISH, RELEASE, RELEASED -> steps;
        };
    }
}
