package ferry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.ToyDialect;
import ferry.engine.config.Settings;
import ferry.engine.filter.ObjectRules;
import ferry.engine.pipeline.Lag;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.server.lifecycle.Choice;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import ferry.server.run.Correct;
import ferry.server.run.Outcome;
import ferry.server.run.Picture;
import ferry.server.run.Project;
import ferry.server.run.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LivePictureTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LivePicture live =
            new LivePicture(
                    new Terminal(
                            new PrintStream(out, true, StandardCharsets.UTF_8),
                            new PrintStream(out, true, StandardCharsets.UTF_8),
                            true,
                            new Style(true, true)),
                    new Project(
                            "shop",
                            ToyDialect.endpoint("toy", "source"),
                            ToyDialect.endpoint("toy", "target"),
                            ObjectRules.all("shop"),
                            EnumSet.allOf(Choice.class),
                            Until.VERIFIED,
                            Correct.NEVER,
                            Settings.defaults()));

    @Test
    void thePictureIsDrawnInPlaceBelowTheLinesThatStay() {
        live.tell(new RunEvent.Told("first"));
        live.tell(new RunEvent.StepChanged(Step.FULL_TRANSFER, StepState.RUNNING));
        live.tell(new RunEvent.Progressed(picture(1)));
        live.tell(new RunEvent.Told("second"));
        live.tell(new RunEvent.Progressed(picture(2)));

        var screen = screen();
        assertThat(screen.get(0)).isEqualTo("  first");
        assertThat(screen.get(1)).isEqualTo("  second");
        assertThat(screen.get(2)).startsWith("shop  toy");
        assertThat(screen)
                .filteredOn(line -> line.contains("Full migration"))
                .singleElement()
                .asString()
                .contains("2/9 tables");
        assertThat(screen.getLast()).contains("Ctrl-C pauses");
    }

    @Test
    void theLastPictureStaysAndTheEndIsSaidBelowIt() {
        live.tell(new RunEvent.Progressed(picture(9)));
        live.tell(new RunEvent.Ended(Outcome.FINISHED));

        var screen = screen();
        assertThat(screen).hasSize(9);
        assertThat(screen.getFirst()).startsWith("shop  toy");
        assertThat(screen.getLast()).isEqualTo("\u2713 finished");
    }

    private static Picture picture(int tablesDone) {
        return new Picture(
                Instant.EPOCH,
                List.of(
                        new Picture.OfStep(
                                Step.FULL_TRANSFER,
                                StepState.RUNNING,
                                tablesDone,
                                9,
                                0,
                                0,
                                0,
                                0,
                                0)),
                List.of(),
                Lag.UNKNOWN,
                List.of(),
                Optional.empty());
    }

    /// What a terminal shows in the end: knows the few codes that the picture uses, and fails on
    /// others.
    private List<String> screen() {
        var screen = new ArrayList<StringBuilder>();
        screen.add(new StringBuilder());
        var row = 0;
        var column = 0;
        var text = out.toString(StandardCharsets.UTF_8);
        for (var i = 0; i < text.length(); i++) {
            var character = text.charAt(i);
            if (character == '\n') {
                row++;
                column = 0;
                if (row == screen.size()) {
                    screen.add(new StringBuilder());
                }
            } else if (character == '\r') {
                column = 0;
            } else if (character == '\033') {
                var end = i + 2;
                while (!Character.isLetter(text.charAt(end))) {
                    end++;
                }
                var number = text.substring(i + 2, end);
                switch (text.charAt(end)) {
                    case 'A' -> row -= Integer.parseInt(number);
                    case 'K' -> screen.get(row).setLength(column);
                    case 'J' -> screen.subList(row + 1, screen.size()).clear();
                    case 'm' -> {}
                    default ->
                            throw new AssertionError("unknown code " + text.substring(i, end + 1));
                }
                i = end;
            } else {
                var line = screen.get(row);
                line.setLength(Math.max(line.length(), column + 1));
                line.setCharAt(column++, character);
            }
        }
        return screen.stream()
                .map(line -> line.toString().stripTrailing())
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
