package ferry.server.lifecycle;

import java.util.List;

/// One thing that happened. The journal stores events in their order; a [State] is their fold.
public sealed interface Event {
    /// The project's steps were laid down, or changed by a new version of its file.
    record Planned(List<Step> steps) implements Event {
        public Planned {
            steps = List.copyOf(steps);
        }
    }

    record OfProject(ProjectEvent event) implements Event {}

    record OfStep(Step step, StepEvent event) implements Event {}
}
