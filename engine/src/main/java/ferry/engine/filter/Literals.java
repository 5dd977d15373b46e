package ferry.engine.filter;

import ferry.engine.model.Term;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/// Texts that stand for values of another kind because they are compared with one.
final class Literals {
    private static final int YEAR_MAX = 9999;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d+)?|\\.\\d+)");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern TIME =
            Pattern.compile(
                    "-?(838:59:59(\\.0{1,6})?|(?!838:59:59)([0-7]?\\d{2}|8([0-2]\\d|3[0-8])):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?)");
    private static final Pattern MOMENT =
            Pattern.compile(
                    "(\\d{4}-\\d{2}-\\d{2}) (\\d{2}:\\d{2}:\\d{2})(\\.\\d{1,6})?(?: (\\S+))?");

    private Literals() {}

    /// The value that a text means where this kind is wanted; empty if it means none.
    static Optional<Term> of(Term.Kind kind, String written) {
        var text = written.strip();
        return switch (kind) {
            case NUMBER ->
                    NUMBER.matcher(text).matches()
                            ? Optional.of(new Term.Number(new BigDecimal(text)))
                            : Optional.empty();
            case TEXT -> Optional.of(new Term.Text(written));
            case DATE ->
                    isDate(text) ? Optional.of(new Term.Temporal(kind, text)) : Optional.empty();
            case TIME ->
                    TIME.matcher(text).matches()
                            ? Optional.of(new Term.Temporal(kind, text))
                            : Optional.empty();
            case MOMENT -> moment(text);
        };
    }

    /// True for a moment with a time zone behind it.
    static boolean namesZone(String written) {
        var parts = MOMENT.matcher(written.strip());
        return parts.matches() && parts.group(4) != null;
    }

    private static boolean isDate(String text) {
        try {
            return DATE.matcher(text).matches() && LocalDate.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Optional<Term> moment(String text) {
        if (isDate(text)) {
            return Optional.of(new Term.Temporal(Term.Kind.MOMENT, text + " 00:00:00"));
        }
        var parts = MOMENT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            var fraction = Optional.ofNullable(parts.group(3)).orElse("");
            var local = LocalDateTime.parse(parts.group(1) + "T" + parts.group(2));
            var zone = Optional.ofNullable(parts.group(4));
            var utc =
                    zone.isEmpty()
                            ? local
                            : local.atZone(ZoneId.of(zone.get()))
                                    .withZoneSameInstant(ZoneOffset.UTC)
                                    .toLocalDateTime();
            return utc.getYear() < 1 || utc.getYear() > YEAR_MAX
                    ? Optional.empty()
                    : Optional.of(
                            new Term.Temporal(
                                    Term.Kind.MOMENT, "%tF %<tT%s".formatted(utc, fraction)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
