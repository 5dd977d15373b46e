package ferry.server.journal;

import ferry.server.lifecycle.Event;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.Step;
import java.nio.file.Path;
import java.util.List;

/// A process that appends events and says after each that it is safe, until somebody kills it.
final class JournalVictim {
    private JournalVictim() {}

    public static void main(String[] arguments) {
        var lock = HomeLock.take(new Home(Path.of(arguments[0])));
        var journal = Journal.open(lock, Redaction.NONE);
        journal.append(new Event.Planned(List.of(Step.TRANSFER_PRECHECK)), "");
        for (var i = 1; ; i++) {
            journal.append(new Event.OfProject(ProjectEvent.START), "event " + i);
            System.out.println(i);
        }
    }
}
