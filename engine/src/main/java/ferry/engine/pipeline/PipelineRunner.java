package ferry.engine.pipeline;

import ferry.engine.config.Settings;
import ferry.engine.crew.Crew;
import ferry.engine.crew.Loop;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/// Runs a pipeline on virtual threads until it is finished, somebody stops it, or a problem does.
public final class PipelineRunner {
    private static final Duration LOOK_TIME = Duration.ofMillis(20);

    private final Pipeline pipeline;
    private final Settings settings;
    private final BiConsumer<Loop, ProblemException> onRetry;
    private volatile Optional<Crew> working = Optional.empty();

    /// `onRetry` is told of every problem that is tried again, by the thread that met it.
    public PipelineRunner(
            Pipeline pipeline, Settings settings, BiConsumer<Loop, ProblemException> onRetry) {
        this.pipeline = pipeline;
        this.settings = settings;
        this.onRetry = onRetry;
    }

    /// Returns true when the pipeline is finished, false when `stop` became true first; the project
    /// can then be resumed. Throws the first problem that trying again did not mend. In every case
    /// all loops have ended when it returns; the pipeline is still open, and belongs to the caller.
    /// `look` is called again and again meanwhile, and once when the pipeline is finished.
    public boolean run(BooleanSupplier stop, Runnable look) throws InterruptedException {
        try (var crew = new Crew(this::patience, onRetry)) {
            working = Optional.of(crew);
            while (!stop.getAsBoolean()) {
                var loops = new ArrayList<Loop>(pipeline.loops());
                loops.add(pipeline);
                crew.keep(loops);
                crew.failure().ifPresent(PipelineRunner::raise);
                var finished = pipeline.stage() == Stage.FINISHED;
                pipeline.look();
                look.run();
                if (finished) {
                    return true;
                }
                Thread.sleep(LOOK_TIME);
            }
            return false;
        }
    }

    /// How things stand. A loop that fails and is tried again is what everything waits for.
    public Progress progress() {
        var progress = pipeline.progress();
        var trouble = working.flatMap(crew -> crew.troubles().entrySet().stream().findFirst());
        return progress.seen(
                trouble.map(failing ->
                                "%s, which tries again: %s %s"
                                        .formatted(
                                                failing.getKey(),
                                                failing.getValue().code().id(),
                                                failing.getValue().what()))
                        .orElse(progress.waitsFor()),
                working.map(Crew::times).orElse(Map.of()));
    }

    private Duration patience(ProblemException problem) {
        return switch (problem.code().blame()) {
            case SOURCE -> settings.get(Settings.CAPTURE_RETRY_TIME);
            case TARGET, ENVIRONMENT, OPERATOR, US -> settings.get(Settings.TARGET_RETRY_TIME);
        };
    }

    private static void raise(Throwable failure) {
        switch (failure) {
            case RuntimeException known -> throw known;
            case Error error -> throw error;
            default -> throw new IllegalStateException("a loop stopped", failure);
        }
    }
}
