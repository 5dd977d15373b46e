package ferry.server.run;

import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.pipeline.Progress;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import java.util.EnumMap;
import java.util.Map;

/// Tells the engine's stage in the operator's words: which step is where. A step that the stage
/// says nothing about is left out.
final class StageSteps {
    private StageSteps() {}

    static Map<Step, StepState> of(Progress progress) {
        var steps = new EnumMap<Step, StepState>(Step.class);
        switch (progress.stage()) {
            // What was working when it finished is finished; the runner says so.
            case OPENING, FINISHED -> {}
            case SCHEMA -> {
                steps.put(Step.STRUCT_TRANSFER, StepState.RUNNING);
                steps.put(Step.TRANSFER_INCR_LOG_PULL, pull(progress));
                if (any(progress, Phase.CREATED) || any(progress, Phase.LOADED)) {
                    steps.put(Step.FULL_TRANSFER, StepState.RUNNING);
                }
            }
            case LOADING -> {
                steps.put(Step.STRUCT_TRANSFER, StepState.FINISHED);
                steps.put(Step.TRANSFER_INCR_LOG_PULL, pull(progress));
                steps.put(Step.FULL_TRANSFER, StepState.RUNNING);
            }
            case CATCHING_UP -> {
                loaded(steps);
                var built =
                        progress.tables().stream()
                                .allMatch(table ->
                                        Phase.valueOf(table.phase()).compareTo(Phase.EXACT) >= 0);
                steps.put(Step.INDEX_TRANSFER, built ? StepState.FINISHED : StepState.RUNNING);
                steps.put(Step.INCR_TRANSFER, StepState.RUNNING);
            }
            case VERIFYING, CORRECTING -> {
                loaded(steps);
                steps.put(Step.INDEX_TRANSFER, StepState.FINISHED);
                steps.put(Step.INCR_TRANSFER, StepState.MONITORING);
                steps.put(Step.FULL_VERIFIER, StepState.RUNNING);
            }
            case FOLLOWING -> {
                loaded(steps);
                steps.put(Step.INDEX_TRANSFER, StepState.FINISHED);
                steps.put(Step.INCR_TRANSFER, StepState.MONITORING);
                steps.put(Step.FULL_VERIFIER, StepState.FINISHED);
            }
        }
        return steps;
    }

    private static void loaded(Map<Step, StepState> steps) {
        steps.put(Step.STRUCT_TRANSFER, StepState.FINISHED);
        steps.put(Step.TRANSFER_INCR_LOG_PULL, StepState.FINISHED);
        steps.put(Step.FULL_TRANSFER, StepState.FINISHED);
    }

    /// As an operator knows it: the pull is done when the log arrives; from then on it only has to
    /// keep up.
    private static StepState pull(Progress progress) {
        return progress.captureLag().isPresent() ? StepState.FINISHED : StepState.RUNNING;
    }

    private static boolean any(Progress progress, Phase phase) {
        return progress.tables().stream().anyMatch(table -> table.phase().equals(phase.name()));
    }
}
