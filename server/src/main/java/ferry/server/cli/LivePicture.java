package ferry.server.cli;

import ferry.engine.dialect.Finding;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import ferry.server.run.Audience;
import ferry.server.run.Outcome;
import ferry.server.run.Picture;
import ferry.server.run.Project;
import ferry.server.run.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Shows a run in a terminal: a picture that is drawn again in place, and above it the lines that
/// stay. Each frame is one write that overwrites line by line, so nothing flickers.
final class LivePicture implements Audience {
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    private final Terminal terminal;
    private final Project project;
    private final Instant begin = Instant.now();
    private final Map<Step, StepState> steps = new EnumMap<>(Step.class);
    private final StoryLines story;
    private Optional<Picture> picture = Optional.empty();
    private Terminal.Size size;
    private boolean resumed;
    private int drawn;

    LivePicture(Terminal terminal, Project project) {
        this.terminal = terminal;
        this.project = project;
        this.size = terminal.size();
        this.story = new StoryLines(terminal.style());
        project.plan().forEach(step -> steps.put(step, StepState.INIT));
    }

    /// The window changed its size.
    synchronized void resized() {
        size = terminal.size();
    }

    @Override
    public synchronized void tell(RunEvent event) {
        switch (event) {
            case RunEvent.Progressed(var seen) -> {
                picture = Optional.of(seen);
                seen.steps().forEach(figures -> steps.replace(figures.step(), figures.state()));
                print(List.of());
            }
            case RunEvent.StepChanged(var step, var state) -> {
                steps.replace(step, state);
                print(List.of());
            }
            case RunEvent.ProjectChanged _ -> {}
            case RunEvent.Started started -> {
                resumed = started.resumed();
                print(story.lines(event));
            }
            case RunEvent.Checked(var finding) -> {
                var lines = story.lines(event);
                if (!resumed) {
                    print(lines);
                } else if (finding.outcome() != Finding.Outcome.PASSED) {
                    // Who resumes has seen what passed, and the whole text of what did not.
                    print(lines.stream().map(line -> Columns.cut(line, size.columns())).toList());
                }
            }
            case RunEvent.Told _, RunEvent.Warned _, RunEvent.Compared _, RunEvent.Certified _ ->
                    print(story.lines(event));
            case RunEvent.Ended(var outcome) -> {
                if (outcome != Outcome.PAUSED) {
                    // A verification moves no step, and yet it is over.
                    steps.replaceAll((_, state) -> isWorking(state) ? StepState.FINISHED : state);
                }
                end(story.lines(event));
            }
            case RunEvent.Stopped _ -> end(story.lines(event));
        }
    }

    private static boolean isWorking(StepState state) {
        return state == StepState.RUNNING || state == StepState.MONITORING;
    }

    private void print(List<String> lasting) {
        var frame = frame();
        append(frame, wrapped(lasting));
        var lines = draw(false);
        append(frame, lines);
        drawn = lines.size();
        write(frame);
    }

    /// The last picture stays, and what is said now stands below it.
    private void end(List<String> lasting) {
        var frame = frame();
        append(frame, draw(true));
        append(frame, wrapped(lasting));
        drawn = 0;
        write(frame);
    }

    /// Begins where the picture begins. The terminal may have echoed a ^C, so the column is set
    /// too.
    private StringBuilder frame() {
        var frame = new StringBuilder("\r");
        if (drawn > 0) {
            frame.append("\033[").append(drawn).append('A');
        }
        return frame;
    }

    private List<String> wrapped(List<String> lines) {
        return lines.stream().flatMap(line -> Columns.wrap(line, size.columns()).stream()).toList();
    }

    private static void append(StringBuilder frame, List<String> lines) {
        lines.forEach(line -> frame.append(line).append(CLEAR_TO_END_OF_LINE).append('\n'));
    }

    private void write(StringBuilder frame) {
        terminal.out().print(frame.append(CLEAR_BELOW));
        terminal.out().flush();
    }

    private List<String> draw(boolean ended) {
        return new Screen(terminal.style(), size.columns(), size.lines() - 1)
                .draw(
                        new Screen.Heading(
                                project.name(),
                                project.source().type(),
                                project.target().type(),
                                Duration.between(begin, Instant.now())),
                        new State(ProjectState.RUNNING, steps),
                        picture,
                        ended);
    }
}
