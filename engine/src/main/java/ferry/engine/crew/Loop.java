package ferry.engine.crew;

import java.time.Duration;

/// One strand of work, cut into bounded steps, so that virtual threads ([Crew]) and the simulation
/// drive the same code. A step starts from what is durable or from what earlier steps remembered;
/// after [#reset()] only from what is durable.
public interface Loop {
    /// What a step did.
    enum Outcome {
        /// Something that lasts, whatever comes next; call again at once.
        WORKED,
        /// Something that a reset takes back, so that it proves nothing yet; call again at once.
        BEGUN,
        /// Nothing to do now; call again a little later.
        IDLE,
        /// Nothing to do any more.
        DONE
    }

    /// A short name for logs and `explain`, unique within its project.
    String name();

    /// Does one bounded piece of work. A problem with a retryable code means: reset, wait a little,
    /// call again.
    Outcome step();

    /// What it waits for when a step found nothing to do.
    default Activity whileIdle() {
        return Activity.NOTHING;
    }

    /// Waits after a step that found nothing to do, at the most this long; less where the loop
    /// learns that there is something.
    default void await(Duration atMost) throws InterruptedException {
        Thread.sleep(atMost);
    }

    /// Closes connections and forgets everything that is not durable.
    void reset();
}
