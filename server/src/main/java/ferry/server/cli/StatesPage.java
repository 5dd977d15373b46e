package ferry.server.cli;

import ferry.server.lifecycle.Lifecycle;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import ferry.server.lifecycle.StepState;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The page docs/states.md, made from the lifecycle itself.
final class StatesPage {
    private StatesPage() {}

    static String text() {
        var page =
                new StringBuilder(
                        """
                        # Steps and states

                        %s
                        ## Steps, in order

                        | Step | Title | Present when `steps` has | What it does |
                        |---|---|---|---|
                        """
                                .formatted(Pages.NOTE));
        for (var step : Step.values()) {
            var needs =
                    step.needs().stream()
                            .sorted()
                            .map(choice -> "`" + choice.name().toLowerCase(Locale.ROOT) + "`")
                            .collect(Collectors.joining(" and "));
            page.append(
                    "| `%s` | %s | %s | %s |%n"
                            .formatted(
                                    step,
                                    step.title(),
                                    needs.isEmpty() ? "always" : needs,
                                    step.meaning()));
        }
        page.append("\n## States of a project\n\n| State | Title | Meaning |\n|---|---|---|\n");
        for (var state : ProjectState.values()) {
            page.append("| `%s` | %s | %s |%n".formatted(state, state.title(), state.meaning()));
        }
        page.append(
                "\nWhat each event makes of a project's state; an empty field means that it cannot happen there.\n\n");
        page.append(header(Stream.of(ProjectEvent.values()).map(ProjectEvent::meaning)));
        for (var state : ProjectState.values()) {
            page.append(
                    line(
                            state,
                            Stream.of(ProjectEvent.values())
                                    .map(event ->
                                            Lifecycle.next(state, event)
                                                    .map(Enum::name)
                                                    .orElse(""))));
        }
        page.append("\n## States of a step\n\n| State | Title | Meaning |\n|---|---|---|\n");
        for (var state : StepState.values()) {
            page.append("| `%s` | %s | %s |%n".formatted(state, state.title(), state.meaning()));
        }
        page.append(
                "\nWhat each event makes of a step's state. Only `INCR_TRANSFER` catches up. When a project is paused or stopped, its"
                        + " working steps are paused with it.\n\n");
        page.append(header(Stream.of(StepEvent.values()).map(StepEvent::meaning)));
        for (var state : StepState.values()) {
            page.append(
                    line(
                            state,
                            Stream.of(StepEvent.values())
                                    .map(event ->
                                            Lifecycle.next(state, event)
                                                    .map(Enum::name)
                                                    .orElse(""))));
        }
        return page.toString();
    }

    private static String header(Stream<String> events) {
        var names = events.toList();
        return "| State | "
                + String.join(" | ", names)
                + " |\n|---"
                + "|---".repeat(names.size())
                + "|\n";
    }

    private static String line(Enum<?> state, Stream<String> next) {
        return "| `"
                + state
                + "` | "
                + next.map(name -> name.isEmpty() ? " " : "`" + name + "`")
                        .collect(Collectors.joining(" | "))
                + " |\n";
    }
}
