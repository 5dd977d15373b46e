package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.pipeline.PipelineRunner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A server that answers no more stalls the work, but neither the picture of it nor its end.
class StalledTargetTest {
    private static final long DEADLINE_SECONDS = 20;

    private final Passage passage = new Passage();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void theMarksAreReadFromATargetThatAnswersNoMore() throws Exception {
        fill();
        var lost = new AtomicBoolean();

        showsProgressAndStopsWhile(call -> {
            if (call.equals("writer.insert") && !lost.getAndSet(true)) {
                return Fate.REQUEST_LOST;
            }
            return call.equals("bookkeeping.entries") && lost.get() ? stall() : Fate.DELIVERED;
        });
    }

    @Test
    void aChunkIsPlannedAtASourceThatAnswersNoMore() throws Exception {
        fill();

        showsProgressAndStopsWhile(
                call -> call.equals("snapshot.keyAfter") ? stall() : Fate.DELIVERED);
    }

    private void fill() {
        passage.settings = passage.settings.with(Settings.LOAD_CHUNK_ROWS, "1");
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        for (var id = 1; id <= 8; id++) {
            passage.insert(passage.source, "t", "" + id);
        }
    }

    /// The call that does not return until its thread is interrupted.
    private Fate stall() {
        stalled.countDown();
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Fate.REQUEST_LOST;
    }

    private void showsProgressAndStopsWhile(Line line)
            throws InterruptedException, ExecutionException, TimeoutException {
        passage.line = line;
        passage.start();
        var runner =
                new PipelineRunner(passage.pipeline(), passage.settings, (loop, problem) -> {});
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> run = threads.submit(() -> runner.run(stop::get, () -> {}));
            try {
                assertThat(stalled.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();

                var progress =
                        threads.submit(runner::progress).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                stop.set(true);

                assertThat(progress.tables()).hasSize(1);
                assertThat(run.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isFalse();
            } finally {
                stop.set(true);
                never.countDown(); // or a failed test would not end
            }
        }
        passage.line = Line.CALM;
    }
}
