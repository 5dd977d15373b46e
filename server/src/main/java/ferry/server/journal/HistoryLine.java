package ferry.server.journal;

import ferry.server.lifecycle.Event;
import java.time.Instant;
import java.util.Optional;

/// One line of a project's history: an event of its life, or a note about what somebody did (empty
/// event).
public record HistoryLine(long number, Instant at, Optional<Event> event, String detail) {
    /// The line as people read it.
    public String text() {
        var what =
                switch (event.orElse(null)) {
                    case null -> "note";
                    case Event.Planned(var steps) ->
                            "planned " + String.join(", ", steps.stream().map(Enum::name).toList());
                    case Event.OfProject(var happened) -> "project " + happened;
                    case Event.OfStep(var step, var happened) -> step + " " + happened;
                };
        return detail.isEmpty() ? what : what + ": " + detail;
    }
}
