package ferry.server.cli;

import ferry.server.journal.Json;
import ferry.server.journal.Redaction;
import ferry.server.run.Audience;
import ferry.server.run.RunEvent;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;

/// Tells a machine about a run: one event a line, as docs/events.md describes them.
final class JsonLines implements Audience {
    private final PrintStream out;
    private final String project;
    private final Redaction redaction;

    JsonLines(PrintStream out, String project, Redaction redaction) {
        this.out = out;
        this.project = project;
        this.redaction = redaction;
    }

    @Override
    public synchronized void tell(RunEvent event) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("event", event.kind());
        fields.put("at", Instant.now());
        fields.put("project", project);
        fields.putAll(event.fields());
        out.println(Json.line(redaction.applyToAll(fields)));
        out.flush();
    }
}
