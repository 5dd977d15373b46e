package ferry.server.run;

import ferry.server.journal.HistoryLine;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.journal.Redaction;
import ferry.server.journal.StatusFile;
import ferry.server.lifecycle.ProjectState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a project stands, read from its home, whether a process works on it at this moment or not.
/// `status` is the last picture that a run wrote; `history` is read only while nobody works on the
/// project.
public record Standing(
        String project,
        Home home,
        boolean running,
        Optional<Map<String, Object>> status,
        List<HistoryLine> history) {
    private static final int HISTORY_LINES = 12;

    public Standing {
        history = List.copyOf(history);
    }

    public static Standing of(String project, Home home) {
        if (!home.exists()) {
            return new Standing(project, home, false, Optional.empty(), List.of());
        }
        var status = new StatusFile(home.status(), Redaction.NONE);
        var free = HomeLock.tryTake(home);
        if (free.isEmpty()) {
            return new Standing(project, home, true, status.read(), List.of());
        }
        try (var lock = free.get();
                var journal = Journal.open(lock, Redaction.NONE)) {
            return new Standing(project, home, false, status.read(), journal.last(HISTORY_LINES));
        }
    }

    /// The project's state in a word; a state RUNNING without a process means that it was killed.
    public String state() {
        var known =
                status.map(fields -> (String) fields.get("state")).orElse(ProjectState.INIT.name());
        return !running && known.equals(ProjectState.RUNNING.name()) ? "STOPPED" : known;
    }

    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("project", project);
        fields.put("home", home.folder());
        fields.put("state", state());
        fields.put("process", running);
        fields.put("status", status);
        fields.put("history", history.stream().map(Standing::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(HistoryLine line) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("number", line.number());
        fields.put("at", line.at());
        fields.put("text", line.text());
        return fields;
    }
}
