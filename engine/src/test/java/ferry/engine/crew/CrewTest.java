package ferry.engine.crew;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// What a crew tells about its loops.
final class CrewTest {
    private final List<ProblemException> retried = new CopyOnWriteArrayList<>();
    private final CountDownLatch reading = new CountDownLatch(1);

    @Test
    void aConnectionLostBecauseTheCrewEndsIsNoRetry() throws InterruptedException {
        try (var crew =
                new Crew(_ -> Duration.ofMinutes(1), (_, problem) -> retried.add(problem))) {
            crew.keep(List.of(new Reader()));
            reading.await();
        }

        assertThat(retried).isEmpty();
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
