package ferry.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LifecycleTest {
    /// The whole table: one line per state, one column per event; `-` is refused.
    @ParameterizedTest
    @CsvSource({
        // state,    START,   PAUSE,   FAIL,   FINISH,   RELEASE,   RELEASED
        "INIT,      RUNNING, -,       -,      -,        -,         -",
        "RUNNING,   RUNNING, SUSPEND, FAILED, FINISHED, -,         -",
        "SUSPEND,   RUNNING, -,       -,      -,        RELEASING, -",
        "FAILED,    RUNNING, -,       -,      -,        RELEASING, -",
        "FINISHED,  RUNNING, -,       -,      -,        RELEASING, -",
        "RELEASING, -,       -,       -,      -,        RELEASING, RELEASED",
        "RELEASED,  -,       -,       -,      -,        -,         -",
    })
    void aProjectFollowsItsTable(
            ProjectState state,
            String start,
            String pause,
            String fail,
            String finish,
            String release,
            String released) {
        var expected = List.of(start, pause, fail, finish, release, released);

        for (var event : ProjectEvent.values()) {
            assertThat(Lifecycle.next(state, event).map(Enum::name).orElse("-"))
                    .as("%s on %s", event, state)
                    .isEqualTo(expected.get(event.ordinal()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // state,     START,   CATCH_UP,   PAUSE,   FAIL,   FINISH
        "INIT,       RUNNING, -,          -,       -,      -",
        "RUNNING,    RUNNING, MONITORING, SUSPEND, FAILED, FINISHED",
        "MONITORING, RUNNING, -,          SUSPEND, FAILED, FINISHED",
        "SUSPEND,    RUNNING, -,          -,       -,      -",
        "FAILED,     RUNNING, -,          -,       -,      -",
        "FINISHED,   RUNNING, -,          -,       -,      -",
    })
    void aStepFollowsItsTable(
            StepState state,
            String start,
            String catchUp,
            String pause,
            String fail,
            String finish) {
        var expected = List.of(start, catchUp, pause, fail, finish);

        for (var event : StepEvent.values()) {
            assertThat(Lifecycle.next(state, event).map(Enum::name).orElse("-"))
                    .as("%s on %s", event, state)
                    .isEqualTo(expected.get(event.ordinal()));
        }
    }

    @Test
    void aPlanHoldsWhatWasChosenInOrder() {
        assertThat(Step.plan(EnumSet.allOf(Choice.class))).containsExactly(Step.values());
        assertThat(Step.plan(Set.of())).containsExactly(Step.TRANSFER_PRECHECK);
        assertThat(Step.plan(Set.of(Choice.FULL, Choice.INCREMENTAL)))
                .containsExactly(
                        Step.TRANSFER_PRECHECK,
                        Step.TRANSFER_INCR_LOG_PULL,
                        Step.FULL_TRANSFER,
                        Step.INCR_TRANSFER);
        assertThat(Step.plan(Set.of(Choice.SCHEMA))).doesNotContain(Step.INDEX_TRANSFER);
    }

    @Test
    void aPauseTakesTheWorkingStepsAlong() {
        var state =
                running()
                        .next(step(Step.FULL_TRANSFER, StepEvent.START))
                        .next(step(Step.FULL_TRANSFER, StepEvent.FINISH))
                        .next(step(Step.INCR_TRANSFER, StepEvent.START))
                        .next(step(Step.INCR_TRANSFER, StepEvent.CATCH_UP))
                        .next(project(ProjectEvent.PAUSE));

        assertThat(state.project()).isEqualTo(ProjectState.SUSPEND);
        assertThat(state.steps())
                .containsEntry(Step.FULL_TRANSFER, StepState.FINISHED)
                .containsEntry(Step.INCR_TRANSFER, StepState.SUSPEND)
                .containsEntry(Step.FULL_VERIFIER, StepState.INIT);
    }

    @Test
    void aFailedProjectNamesItsStep() {
        var state =
                running()
                        .next(step(Step.TRANSFER_INCR_LOG_PULL, StepEvent.START))
                        .next(step(Step.FULL_TRANSFER, StepEvent.START))
                        .next(step(Step.FULL_TRANSFER, StepEvent.FAIL))
                        .next(project(ProjectEvent.FAIL));

        assertThat(state.failedStep()).contains(Step.FULL_TRANSFER);
        assertThat(state.steps()).containsEntry(Step.TRANSFER_INCR_LOG_PULL, StepState.SUSPEND);
    }

    @Test
    void onlyTheIncrementalStepCatchesUp() {
        var state = running().next(step(Step.FULL_TRANSFER, StepEvent.START));

        assertThat(state.allows(step(Step.FULL_TRANSFER, StepEvent.CATCH_UP))).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> state.next(step(Step.FULL_TRANSFER, StepEvent.CATCH_UP)));
    }

    @Test
    void aStepOutsideThePlanIsRefused() {
        var state = State.NEW.next(new Event.Planned(Step.plan(Set.of(Choice.SCHEMA))));

        assertThat(state.allows(step(Step.FULL_TRANSFER, StepEvent.START))).isFalse();
    }

    @Test
    void aNewPlanKeepsWhatItsStepsReached() {
        var state =
                running()
                        .next(step(Step.FULL_TRANSFER, StepEvent.START))
                        .next(step(Step.FULL_TRANSFER, StepEvent.FINISH))
                        .next(
                                new Event.Planned(
                                        Step.plan(Set.of(Choice.FULL, Choice.VERIFICATION))));

        assertThat(state.steps())
                .containsEntry(Step.FULL_TRANSFER, StepState.FINISHED)
                .containsEntry(Step.FULL_VERIFIER, StepState.INIT)
                .doesNotContainKey(Step.INCR_TRANSFER);
    }

    @Test
    void whateverHappensAStartAlwaysWorksAgainUntilTheProjectIsReset() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var state = running();
        for (var i = 0; i < 10_000; i++) {
            var event =
                    random.nextInt(4) == 0
                            ? project(ProjectEvent.values()[random.nextInt(4)])
                            : step(
                                    Step.values()[random.nextInt(7)],
                                    StepEvent.values()[random.nextInt(5)]);
            if (state.allows(event)) {
                state = state.next(event);
            }
            assertThat(state.allows(project(ProjectEvent.START)))
                    .as("seed %d, %s", seed, state)
                    .isTrue();
            for (var step : Step.values()) {
                assertThat(state.allows(step(step, StepEvent.START)))
                        .as("seed %d, %s", seed, state)
                        .isTrue();
            }
        }
    }

    private static State running() {
        return State.NEW
                .next(new Event.Planned(Step.plan(EnumSet.allOf(Choice.class))))
                .next(project(ProjectEvent.START));
    }

    private static Event project(ProjectEvent event) {
        return new Event.OfProject(event);
    }

    private static Event step(Step step, StepEvent event) {
        return new Event.OfStep(step, event);
    }
}
