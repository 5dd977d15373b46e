package ferry.engine.crew;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.crew.Loop.Outcome;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// What a crew tells about its loops.
final class CrewTest {
    private final List<ProblemException> retried = new CopyOnWriteArrayList<>();
    private final CountDownLatch reading = new CountDownLatch(1);

    @Test
    void aConnectionLostBecauseTheCrewEndsIsNoRetry() throws InterruptedException {
        try (var crew = crew(Duration.ofMinutes(1))) {
            crew.keep(List.of(new Reader()));
            reading.await();
        }

        assertThat(retried).isEmpty();
    }

    @Test
    void aLoopThatOnlyBeginsAnewAfterEachProblemIsGivenUp() throws InterruptedException {
        var loop = new EverySecond(Outcome.BEGUN);
        try (var crew = crew(Duration.ofMillis(300))) {
            crew.keep(List.of(loop));

            await(() -> crew.failure().isPresent() || loop.steps.get() > 100);
            assertThat(crew.failure()).containsInstanceOf(ProblemException.class);
            assertThat(retried).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aLoopThatGetsOnBetweenItsProblemsIsNeverGivenUp() throws InterruptedException {
        var loop = new EverySecond(Outcome.WORKED);
        try (var crew = crew(Duration.ofMillis(100))) {
            crew.keep(List.of(loop));

            await(() -> crew.failure().isPresent() || retried.size() > 10); // 500 ms and more
            assertThat(crew.failure()).isEmpty();
        }
    }

    private Crew crew(Duration patience) {
        return new Crew(_ -> patience, (_, problem) -> retried.add(problem));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    /// Fails at every second step.
    private static final class EverySecond implements Loop {
        private final Outcome between;
        private final AtomicInteger steps = new AtomicInteger();

        EverySecond(Outcome between) {
            this.between = between;
        }

        @Override
        public String name() {
            return "every second";
        }

        @Override
        public Outcome step() {
            if (steps.incrementAndGet() % 2 == 1) {
                return between;
            }
            throw ProblemException.of(
                    ProblemCode.DISK_FULL, "no room", "the disk is full", "free some space");
        }

        @Override
        public void reset() {}
    }

    /// Reads from a socket, which an interrupt closes.
    private final class Reader implements Loop {
        @Override
        public String name() {
            return "reader";
        }

        @Override
        public Outcome step() {
            try {
                reading.countDown();
                new CountDownLatch(1).await();
                return Outcome.WORKED;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ProblemException.of(
                        ProblemCode.SOURCE_UNREACHABLE,
                        "the connection was lost",
                        "socket closed",
                        "nothing");
            }
        }

        @Override
        public void reset() {}
    }
}
