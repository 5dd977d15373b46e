package ferry.scenarios;

import ferry.engine.changelog.FileLogStore;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Ends;
import ferry.engine.model.Position;
import ferry.engine.pipeline.Certificate;
import ferry.engine.pipeline.Pipeline;
import ferry.engine.pipeline.PipelineRunner;
import ferry.engine.pipeline.ProjectPlan;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemException;
import ferry.server.run.Correct;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// Moves one project with the real engine in this process: once following the source, so that
/// things can happen meanwhile, and then, as a resumed run, until all is verified.
final class Crossing {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Ends ends;
    private final Project project;
    private final Path changeLog;
    private final Moments moments;
    private final Set<RefusedKey> refused = new HashSet<>();

    Crossing(Project project, Path changeLog, Moments moments) {
        var dialects = Dialects.installed();
        this.project = project;
        this.changeLog = changeLog;
        this.moments = moments;
        this.ends =
                new Ends(
                        project.name(),
                        moments.watch(dialects.of(project.source())),
                        project.source(),
                        dialects.of(project.target()),
                        project.target(),
                        // The tables are small, and every key shall be built behind its load.
                        project.settings().with(Settings.LOAD_KEYS_ROWS, "0"),
                        Rules.ALL,
                        InstantSource.system());
    }

    Ends ends() {
        return ends;
    }

    /// Keys that the target could not build, in all runs.
    Set<RefusedKey> refused() {
        return Set.copyOf(refused);
    }

    /// Loads and follows until everything that the story did is in the target; then pauses. A
    /// problem is thrown.
    void follow() throws InterruptedException {
        var end = new AtomicReference<Position>();
        run(
                plan(Until.FOREVER, Set.of(Part.SCHEMA, Part.FULL, Part.INCREMENTAL)),
                pipeline -> {
                    if (pipeline.stage() != Stage.FOLLOWING) {
                        return false; // A schema change may make it load again.
                    }
                    if (end.get() == null) {
                        moments.reach(Moments.APPLYING);
                        moments.endThroughout();
                        end.set(logEnd());
                    }
                    return pipeline.applied()
                            .map(applied -> applied.covers(end.get()))
                            .orElse(false);
                });
    }

    /// Resumes until every table is compared.
    Certificate verify() throws InterruptedException {
        return run(plan(Until.VERIFIED, Set.of(Part.values())), _ -> false)
                .orElseThrow(() -> new AssertionError("the pipeline ended without a certificate"));
    }

    private ProjectPlan plan(Until until, Set<Part> parts) {
        return new ProjectPlan(
                project.objects()::mapping, parts, until, project.correct() == Correct.AUTOMATIC);
    }

    private Position logEnd() {
        try (var snapshot = ends.sourceSnapshot()) {
            return snapshot.logEnd();
        }
    }

    @FunctionalInterface
    private interface Watch {
        /// Looks at the running pipeline; true when it may be stopped.
        boolean look(Pipeline pipeline) throws InterruptedException;
    }

    private Optional<Certificate> run(ProjectPlan plan, Watch watch) throws InterruptedException {
        try (var store = new FileLogStore(changeLog)) {
            var pipeline = new Pipeline(ends, plan, store, false);
            var stop = new AtomicBoolean();
            var failure = new AtomicReference<Throwable>();
            var runner =
                    new PipelineRunner(
                            pipeline,
                            ends.settings(),
                            (loop, problem) ->
                                    System.out.println(
                                            ends.project()
                                                    + ": "
                                                    + loop.name()
                                                    + " tries again: "
                                                    + problem.problem()));
            var thread =
                    Thread.ofVirtual()
                            .name(ends.project())
                            .start(() -> {
                                try {
                                    runner.run(stop::get, () -> {});
                                } catch (Throwable e) {
                                    failure.set(e);
                                } finally {
                                    pipeline.close();
                                }
                            });
            try {
                watch(pipeline, thread, watch);
            } finally {
                stop.set(true);
                thread.join();
                moments.endThroughout();
                refused.addAll(pipeline.refusedKeys());
            }
            rethrow(failure.get());
            return pipeline.certificate();
        } catch (IOException e) {
            throw new AssertionError("the change log's folder cannot be used", e);
        }
    }

    private static void watch(Pipeline pipeline, Thread thread, Watch watch)
            throws InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (thread.isAlive() && !watch.look(pipeline)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within %s: %s".formatted(LIMIT, pipeline.progress()));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void rethrow(Throwable failure) {
        moments.requireAll(false);
        switch (failure) {
            case null -> {}
            case ProblemException problem -> throw problem;
            default -> throw new AssertionError("the engine failed: " + failure, failure);
        }
    }
}
