package ferry.engine.pipeline;

import ferry.engine.config.Settings;
import ferry.engine.crew.Crew;
import ferry.engine.crew.Loop;
import ferry.engine.crew.Loop.Outcome;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/// Runs a pipeline on virtual threads until it is finished, somebody stops it, or a problem does.
public final class PipelineRunner {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Pipeline pipeline;
    private final Settings settings;
    private final BiConsumer<Loop, ProblemException> onRetry;

    /// `onRetry` is told of every problem that is tried again.
    public PipelineRunner(
            Pipeline pipeline, Settings settings, BiConsumer<Loop, ProblemException> onRetry) {
        this.pipeline = pipeline;
        this.settings = settings;
        this.onRetry = onRetry;
    }

    /// Returns true when the pipeline is finished, false when `stop` became true first; the project
    /// can then be resumed. Throws the first problem that trying again did not mend. In every case
    /// all loops have ended and all connections are closed when it returns.
    public boolean run(BooleanSupplier stop) throws InterruptedException {
        try (var crew = new Crew(this::patience, onRetry)) {
            var failingSince = 0L;
            while (!stop.getAsBoolean()) {
                if (crew.failure().isPresent()) {
                    throw asProblem(crew.failure().orElseThrow());
                }
                try {
                    var outcome = pipeline.step();
                    crew.keep(pipeline.loops());
                    if (outcome == Outcome.DONE) {
                        return true;
                    }
                    if (outcome == Outcome.IDLE) {
                        Thread.sleep(PAUSE);
                    }
                    failingSince = 0;
                } catch (ProblemException e) {
                    var now = System.nanoTime();
                    failingSince = failingSince == 0 ? now : failingSince;
                    if (!e.code().retryable() || now - failingSince > patience(e).toNanos()) {
                        throw e;
                    }
                    onRetry.accept(pipeline, e);
                    pipeline.reset();
                    Thread.sleep(Duration.ofMillis(500));
                }
            }
            return false;
        } finally {
            pipeline.close();
        }
    }

    private Duration patience(ProblemException problem) {
        return switch (problem.code().blame()) {
            case SOURCE -> settings.get(Settings.CAPTURE_RETRY_TIME);
            case TARGET -> settings.get(Settings.TARGET_RETRY_TIME);
            case OPERATOR, ENVIRONMENT, US -> Duration.ZERO;
        };
    }

    private static RuntimeException asProblem(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case Error error -> throw error;
            default ->
                    ProblemException.of(
                            ProblemCode.INTERNAL,
                            "Ferry stopped at a mistake of its own: " + failure,
                            "the log file of the home folder has the details",
                            "report it with the log file; running again resumes");
        };
    }
}
