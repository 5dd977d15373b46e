package ferry.server.run;

import ferry.engine.dialect.Finding;
import ferry.server.journal.Home;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import java.util.List;
import java.util.Optional;

/// What the runner needs of the engine to take one project across: the data plane behind one small door.
interface Crossing extends AutoCloseable {
    /// Opens a crossing; `takeOver` ends another owner that seems alive.
    @FunctionalInterface
    interface Opening {
        Crossing open(Project project, Home home, boolean takeOver, Listener listener);
    }

    /// Told about while a crossing is under way, by any thread.
    interface Listener {
        void step(Step step, StepEvent event);

        void told(String message);

        void compared(Verdict verdict);
    }

    /// Tests both ends; every item is reported.
    List<Finding> precheck();

    /// Does the project's steps until its end is reached or a stop is wanted; a problem is thrown.
    Outcome cross(Stop stop) throws InterruptedException;

    /// Compares all tables now, and corrects them if the project wants that; a problem is thrown.
    Outcome verify(Stop stop) throws InterruptedException;

    /// How things stand at this moment.
    Picture picture();

    /// What the last verification proved; empty if none ended.
    Optional<Certificate> certificate();

    @Override
    void close();
}
