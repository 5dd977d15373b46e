package ferry.server.run;

import ferry.engine.apply.Apply;
import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.FileLogStore;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/// Lets a project without a load begin anew at the start that its file names, because its operator
/// says so: what the target knows of it and its change log are forgotten, its tables stay.
final class StartReset {
    private final Project project;
    private final Home home;
    private final Dialects dialects;

    StartReset(Project project, Home home, Dialects dialects) {
        this.project = project;
        this.home = home;
        this.dialects = dialects;
    }

    /// `takeOver`: also when another owner seems alive. `audit` stores what is done before it is
    /// done. May be repeated after a crash. Returns what was done; empty if the target knew
    /// nothing.
    Optional<String> run(boolean takeOver, Consumer<String> audit) {
        var start =
                project.bounds()
                        .start()
                        .orElseThrow(() ->
                                ProblemException.of(
                                        ProblemCode.CONFIGURATION,
                                        "the start cannot be reset",
                                        "the project file names none",
                                        "add start, or leave --reset-start out"));
        var ends = Crossing.ends(project, dialects);
        try (var bookkeeping = ends.bookkeeping()) {
            if (!bookkeeping.exists() || bookkeeping.owner(project.name()).isEmpty()) {
                return Optional.empty();
            }
            var place = ends.place(start);
            var applied = Apply.checkpoint(ends).map(checkpoint -> checkpoint.all());
            var what =
                    "--reset-start: the project begins anew at "
                            + place.text()
                            + applied.map(before ->
                                            "; it had applied everything up to "
                                                    + before.text()
                                                    + (place.covers(before)
                                                            ? ": what lies between them is never applied"
                                                            : ": what lies between them is applied again"))
                                    .orElse("");
            audit.accept(what);
            var identity = bookkeeping.owner(project.name()).orElseThrow().identity();
            bookkeeping.takeOver(project.name(), identity, takeOver);
            bookkeeping.forget(project.name());
            try (var store = new FileLogStore(home.changeLog())) {
                ChangeLog.erase(store);
            } catch (IOException e) {
                throw Home.broken("the change log in " + home.changeLog() + " is not erased", e);
            }
            return Optional.of(what);
        }
    }
}
