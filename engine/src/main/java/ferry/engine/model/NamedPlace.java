package ferry.engine.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.regex.Pattern;

/// A place in a source's log as an operator names it, before the source was asked what it means.
public sealed interface NamedPlace {
    /// The text that [#parse] reads.
    String text();

    /// A moment: everything that was committed before it, in the order of the log.
    record AtTime(Instant time, String text) implements NamedPlace {}

    /// In the source's own terms: a set of global transaction ids, or a file of its log and an
    /// offset.
    record InLog(String text) implements NamedPlace {}

    /// Reads `2026-01-31T12:00:00Z`, `2026-01-31 12:00:00.5 Europe/Berlin`, or what looks like
    /// global transaction ids or `binlog.000003:1234`. Throws IllegalArgumentException with a
    /// sentence for the operator.
    static NamedPlace parse(String text) {
        var stripped = text.strip();
        var time = Shapes.TIME.matcher(stripped);
        if (time.matches()) {
            return new AtTime(time(time.group(1), time.group(2), time.group(3)), stripped);
        }
        var inLog = stripped.replaceAll("\\s", "");
        if (Shapes.IN_LOG.matcher(inLog).matches()) {
            return new InLog(inLog);
        }
        throw new IllegalArgumentException(
                "'%s' is neither a time, nor a set of global transaction ids, nor a file and an offset of the source's log"
                        .formatted(text));
    }

    private static Instant time(String day, String clock, String zone) {
        if (zone.isBlank()) {
            throw new IllegalArgumentException(
                    "the time '%s %s' names no zone; write for instance %sT%sZ or '%s %s Europe/Berlin'"
                            .formatted(day, clock, day, clock, day, clock));
        }
        try {
            return LocalDateTime.parse(day + "T" + clock)
                    .atZone(ZoneId.of(zone.strip()))
                    .toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'%s %s %s' is no time: %s".formatted(day, clock, zone.strip(), e.getMessage()),
                    e);
        }
    }

    /// What places look like.
    final class Shapes {
        private static final Pattern TIME =
                Pattern.compile(
                        "(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,6})?)?)(.*)");

        // uuid:1-5:7, uuid:tag:1-3; 0-1-5,1-1-9; binlog.000003:1234
        private static final Pattern IN_LOG =
                Pattern.compile(
                        "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}:[^;@]+"
                                + "|\\d+-\\d+-\\d+(,\\d+-\\d+-\\d+)*"
                                + "|[^;@:,]+\\.\\d+:\\d+");

        private Shapes() {}
    }
}
