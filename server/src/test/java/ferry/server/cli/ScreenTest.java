package ferry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.pipeline.Lag;
import ferry.engine.pipeline.Lag.Part;
import ferry.engine.pipeline.Lag.Percentiles;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import ferry.server.run.Picture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScreenTest {
    private static final Screen.Heading HEADING =
            new Screen.Heading("shop", "mysql", "oceanbase-mysql", Duration.ofSeconds(83));

    @Test
    void aRunningProjectLooksLikeThis() {
        var screen = new Screen(Style.PLAIN, 120, 24);

        assertThat(screen.draw(HEADING, state(), Optional.of(picture(1)), false))
                .containsExactly(
                        "shop  mysql → oceanbase-mysql  1 m 23 s",
                        " ✓ Precheck                    ",
                        " ✓ Schema migration            12/12 tables",
                        " ● Incremental log pull        300 rows/s  1,204 rows",
                        " ● Full migration              ███████████████░░░░░░░░░  61 %  2.8 s left  41,200 rows/s  12.4 MB/s"
                                + "  3/12 tables  184,21",
                        " ○ Index migration             ",
                        " ○ Incremental synchronization ",
                        " ○ Full verification           ",
                        "     shop.orders1              ██████████████░░░░░░░░░░  60 %  120,000 rows  loading",
                        " lag 1.1 s (capture 0.2 s, queue 0.3 s, apply 0.6 s; p99 2.4 s)   waits for the target's commit   Ctrl-C pauses");
    }

    @ParameterizedTest
    @CsvSource({"120, 40", "80, 24", "60, 12", "40, 6", "20, 3", "1, 1"})
    void thePictureNeverLeavesItsWindow(int columns, int lines) {
        var screen = new Screen(new Style(true, true), columns, lines);

        var drawn = screen.draw(HEADING, state(), Optional.of(picture(50)), false);

        assertThat(drawn)
                .hasSizeLessThanOrEqualTo(lines)
                .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(columns));
    }

    @Test
    void tablesGiveWayToStepsAndTheFoot() {
        var drawn =
                new Screen(Style.PLAIN, 120, 11)
                        .draw(HEADING, state(), Optional.of(picture(50)), false);

        assertThat(drawn).hasSize(11);
        assertThat(drawn.getLast()).contains("Ctrl-C pauses");
        assertThat(drawn.stream().filter(line -> line.contains("shop.orders"))).hasSize(2);
    }

    @Test
    void beforeTheFirstPictureTheStepsAreThere() {
        assertThat(new Screen(Style.PLAIN, 80, 24).draw(HEADING, state(), Optional.empty(), false))
                .hasSize(8);
    }

    @Test
    void aRunThatEndedShowsItsStepsOnly() {
        assertThat(
                        new Screen(Style.PLAIN, 120, 24)
                                .draw(HEADING, state(), Optional.of(picture(5)), true))
                .hasSize(8);
    }

    @Test
    void aTerminalWithoutSignsGetsPlainOnes() {
        var drawn =
                new Screen(new Style(false, false), 120, 24)
                        .draw(HEADING, state(), Optional.of(picture(1)), false);

        assertThat(String.join("", drawn)).isASCII().contains("->").contains("###");
    }

    @Test
    void textsAreFittedByColumnsNotByCharacters() {
        assertThat(Columns.width("订单")).isEqualTo(4);
        assertThat(Columns.fit("订单表", 5)).isEqualTo("订单");
        assertThat(Columns.pad("订单", 6)).isEqualTo("订单  ");
        assertThat(Columns.fit("\033[31mabc\033[0m", 2)).isEqualTo("\033[31mab\033[0m");
        assertThat(Columns.width("e\u0301😀")).isEqualTo(3);
    }

    @Test
    void figuresAreReadable() {
        assertThat(Figures.bytes(999)).isEqualTo("999 B");
        assertThat(Figures.bytes(12_400_000)).isEqualTo("12.4 MB");
        assertThat(Figures.time(Duration.ofMillis(430))).isEqualTo("0.4 s");
        assertThat(Figures.time(Duration.ofSeconds(185))).isEqualTo("3 m 05 s");
        assertThat(Figures.time(Duration.ofMinutes(127))).isEqualTo("2 h 07 m");
        assertThat(Figures.time(Duration.ofHours(76))).isEqualTo("3 d 04 h");
        assertThat(Figures.percent(0.999)).isEqualTo("99 %");
    }

    private static State state() {
        var steps = new EnumMap<Step, StepState>(Step.class);
        for (var step : Step.values()) {
            steps.put(step, StepState.INIT);
        }
        steps.put(Step.TRANSFER_PRECHECK, StepState.FINISHED);
        steps.put(Step.STRUCT_TRANSFER, StepState.FINISHED);
        steps.put(Step.TRANSFER_INCR_LOG_PULL, StepState.RUNNING);
        steps.put(Step.FULL_TRANSFER, StepState.RUNNING);
        return new State(ProjectState.RUNNING, steps);
    }

    private static Picture picture(int tables) {
        var working = new ArrayList<Picture.OfTable>();
        for (var i = 1; i <= tables; i++) {
            working.add(new Picture.OfTable("shop.orders" + i, "loading", 120_000, 200_000));
        }
        return new Picture(
                Instant.EPOCH,
                List.of(
                        new Picture.OfStep(
                                Step.STRUCT_TRANSFER, StepState.FINISHED, 12, 12, 0, 0, 0, 0, 0),
                        new Picture.OfStep(
                                Step.TRANSFER_INCR_LOG_PULL,
                                StepState.RUNNING,
                                0,
                                0,
                                1_204,
                                0,
                                0,
                                300,
                                0),
                        new Picture.OfStep(
                                Step.FULL_TRANSFER,
                                StepState.RUNNING,
                                3,
                                12,
                                184_213,
                                300_000,
                                1,
                                41_200,
                                12_400_000)),
                working,
                new Lag(
                        Map.of(
                                Part.CAPTURE,
                                Duration.ofMillis(210),
                                Part.QUEUE,
                                Duration.ofMillis(300),
                                Part.APPLY,
                                Duration.ofMillis(600),
                                Part.TOTAL,
                                Duration.ofMillis(1_110)),
                        Map.of(
                                Part.TOTAL,
                                new Percentiles(
                                        Duration.ofMillis(950),
                                        Duration.ofMillis(1_300),
                                        Duration.ofMillis(2_400),
                                        Duration.ofMillis(2_512))),
                        Map.of(),
                        "the times in the source's log"),
                List.of(),
                Optional.of("the target's commit"));
    }
}
