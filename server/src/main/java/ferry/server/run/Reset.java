package ferry.server.run;

import ferry.engine.dialect.Dialect;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.lifecycle.Event;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.ProjectState;

/// Makes Ferry forget a project: its bookkeeping in the target first, its home after. The migrated
/// tables stay as they are.
public final class Reset {
    private final Project project;
    private final Home home;
    private final Dialect target;

    public Reset(Project project, Home home, Dialects dialects) {
        this.project = project;
        this.home = home;
        this.target = dialects.of(project.target());
    }

    /// `takeOver`: also when another owner seems alive. May be repeated after a crash.
    public void run(boolean takeOver) {
        try (var lock = HomeLock.take(home)) {
            try (var journal = Journal.open(lock, project.redaction())) {
                release(journal, takeOver);
            }
            lock.home().remove();
        }
    }

    private void release(Journal journal, boolean takeOver) {
        if (journal.state().project() == ProjectState.RUNNING) {
            journal.append(new Event.OfProject(ProjectEvent.PAUSE), "the process was killed");
        }
        var release = new Event.OfProject(ProjectEvent.RELEASE);
        var known = journal.state().allows(release);
        if (known) {
            journal.append(release, "reset");
        }
        try (var bookkeeping = target.bookkeeping(project.target(), project.settings())) {
            if (bookkeeping.exists()) {
                // The take-over ends a process elsewhere that still writes, before its rows vanish
                // under it.
                bookkeeping
                        .owner(project.name())
                        .ifPresent(owner -> {
                            bookkeeping.takeOver(project.name(), owner.identity(), takeOver);
                            bookkeeping.forget(project.name());
                        });
            }
        }
        if (known) {
            journal.append(new Event.OfProject(ProjectEvent.RELEASED), "");
        }
    }
}
