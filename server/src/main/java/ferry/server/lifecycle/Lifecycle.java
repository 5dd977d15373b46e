package ferry.server.lifecycle;

import java.util.Optional;

/// The two tables of a life: what each event makes of each state. Empty means that the event may
/// not happen there.
public final class Lifecycle {
    private Lifecycle() {}

    /// A killed process leaves RUNNING behind, so a start meets RUNNING too; a completed project
    /// may be run again to catch up.
    public static Optional<ProjectState> next(ProjectState state, ProjectEvent event) {
        return Optional.ofNullable(
                switch (state) {
                    case INIT ->
                            switch (event) {
                                case START -> ProjectState.RUNNING;
                                case PAUSE, FAIL, FINISH, RELEASE, RELEASED -> null;
                            };
                    case RUNNING ->
                            switch (event) {
                                case START -> ProjectState.RUNNING;
                                case PAUSE -> ProjectState.SUSPEND;
                                case FAIL -> ProjectState.FAILED;
                                case FINISH -> ProjectState.FINISHED;
                                case RELEASE, RELEASED -> null;
                            };
                    case SUSPEND, FAILED, FINISHED ->
                            switch (event) {
                                case START -> ProjectState.RUNNING;
                                case RELEASE -> ProjectState.RELEASING;
                                case PAUSE, FAIL, FINISH, RELEASED -> null;
                            };
                    case RELEASING ->
                            switch (event) {
                                case RELEASE -> ProjectState.RELEASING;
                                case RELEASED -> ProjectState.RELEASED;
                                case START, PAUSE, FAIL, FINISH -> null;
                            };
                    case RELEASED ->
                            switch (event) {
                                case START, PAUSE, FAIL, FINISH, RELEASE, RELEASED -> null;
                            };
                });
    }

    /// MONITORING never turns back into RUNNING while the project runs; only a new start does that.
    public static Optional<StepState> next(StepState state, StepEvent event) {
        return Optional.ofNullable(
                switch (state) {
                    case INIT, SUSPEND, FAILED, FINISHED ->
                            switch (event) {
                                case START -> StepState.RUNNING;
                                case CATCH_UP, PAUSE, FAIL, FINISH -> null;
                            };
                    case RUNNING ->
                            switch (event) {
                                case START -> StepState.RUNNING;
                                case CATCH_UP -> StepState.MONITORING;
                                case PAUSE -> StepState.SUSPEND;
                                case FAIL -> StepState.FAILED;
                                case FINISH -> StepState.FINISHED;
                            };
                    case MONITORING ->
                            switch (event) {
                                case START -> StepState.RUNNING;
                                case PAUSE -> StepState.SUSPEND;
                                case FAIL -> StepState.FAILED;
                                case FINISH -> StepState.FINISHED;
                                case CATCH_UP -> null;
                            };
                });
    }
}
