package ferry.server.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The lag of a status file as lines of text: its parts now, and for which share of the time it was
/// no larger.
final class LagLines {
    private static final List<String> PARTS = List.of("capture", "queue", "apply");

    private LagLines() {}

    /// Of a picture's fields; nothing while the lag is not known.
    static List<String> of(Object picture) {
        if (!(picture instanceof Map<?, ?> fields)
                || !(fields.get("lag") instanceof Map<?, ?> lag)) {
            return List.of();
        }
        var total = time(lag, "totalMillis");
        if (total.isEmpty()) {
            return List.of();
        }
        var parts = new ArrayList<String>();
        for (var part : PARTS) {
            time(lag, part + "Millis").ifPresent(time -> parts.add(part + " " + time));
        }
        var lines = new ArrayList<String>();
        lines.add("lag %s (%s)".formatted(total.get(), String.join(", ", parts)));
        shares(lag.get("lastMinute")).ifPresent(text -> lines.add("  last minute: " + text));
        shares(lag.get("sinceStart")).ifPresent(text -> lines.add("  since start: " + text));
        if (lag.get("measuredBy") instanceof String what && !what.isEmpty()) {
            lines.add("  measured by " + what);
        }
        return lines;
    }

    private static Optional<String> shares(Object parts) {
        var texts = new ArrayList<String>();
        if (parts instanceof Map<?, ?> known) {
            known.forEach((part, shares) -> {
                if (shares instanceof Map<?, ?> of) {
                    var p50 = time(of, "p50Millis").orElse("?");
                    var p95 = time(of, "p95Millis").orElse("?");
                    var p99 = time(of, "p99Millis").orElse("?");
                    texts.add("%s p50 %s p95 %s p99 %s".formatted(part, p50, p95, p99));
                }
            });
        }
        return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", texts));
    }

    private static Optional<String> time(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Number millis
                ? Optional.of(Figures.time(Duration.ofMillis(millis.longValue())))
                : Optional.empty();
    }
}
