package ferry.server.run;

import ferry.engine.model.Key;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.pipeline.Certificate;
import ferry.engine.verify.Difference;
import ferry.engine.verify.TableReport;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What verification found out about one table, ready to be shown: counts, and a few rows as
/// samples. `known` of the differences are recorded row errors; `why` says why a table was not
/// compared. Each row holds at some position of the source's log between `from` and `to`.
public record Verdict(
        String source,
        String target,
        Result result,
        String method,
        long rows,
        long settledKeys,
        long sourceOnly,
        long targetOnly,
        long mismatched,
        String from,
        String to,
        List<Sample> samples,
        long known,
        String why) {
    private static final int SAMPLES = 5;

    /// A comparison in which nothing was known before.
    public Verdict(
            String source,
            String target,
            Result result,
            String method,
            long rows,
            long settledKeys,
            long sourceOnly,
            long targetOnly,
            long mismatched,
            String from,
            String to,
            List<Sample> samples) {
        this(
                source,
                target,
                result,
                method,
                rows,
                settledKeys,
                sourceOnly,
                targetOnly,
                mismatched,
                from,
                to,
                samples,
                0,
                "");
    }

    public Verdict {
        samples = List.copyOf(samples);
    }

    /// How the comparison of a table ended.
    public enum Result {
        EQUAL("equal"),
        DIFFERENT("different"),
        UNFINISHED("not compared to its end"),
        ASIDE("not compared: set aside");

        private final String meaning;

        Result(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /// One row that differs: its key, and what the two sides hold besides. Where both hold the row,
    /// only the columns that differ.
    public record Sample(String kind, String key, String expected, String actual) {
        static Sample of(Difference difference, Table target) {
            var key = target.rowKey().isPresent() ? key(difference.key(), target) : "a row";
            return new Sample(
                    difference.kind().name(),
                    difference.count() > 1 ? key + ", " + difference.count() + " times" : key,
                    shown(difference.expected(), difference.actual(), target),
                    shown(difference.actual(), difference.expected(), target));
        }

        private static String key(Row key, Table target) {
            var names =
                    target.rowKey().orElseThrow().parts().stream().map(Key.Part::column).toList();
            return IntStream.range(0, names.size())
                    .mapToObj(i -> names.get(i) + " " + key.shown(i))
                    .collect(Collectors.joining(", "));
        }

        private static String shown(Optional<Row> row, Optional<Row> other, Table target) {
            if (row.isEmpty()) {
                return "no row";
            }
            var present = row.orElseThrow();
            var columns = target.carried();
            var keyIndexes = Arrays.stream(target.rowKeyIndexes()).boxed().toList();
            return IntStream.range(0, columns.size())
                    .filter(i -> !keyIndexes.contains(i))
                    .filter(i -> other.isEmpty() || !present.sameValue(i, other.orElseThrow(), i))
                    .mapToObj(i -> columns.get(i).name() + " " + present.shown(i))
                    .collect(
                            Collectors.joining(
                                    ", ", columns.size() > keyIndexes.size() ? "" : "the row", ""));
        }

        public String text() {
            return key + ": source " + expected + "; target " + actual;
        }

        Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("kind", kind);
            fields.put("key", key);
            fields.put("expected", expected);
            fields.put("actual", actual);
            return fields;
        }
    }

    /// A table that was not compared.
    static Verdict of(Certificate.SetAside table) {
        return new Verdict(
                table.table().toString(),
                table.target().toString(),
                Result.ASIDE,
                "",
                0,
                0,
                0,
                0,
                0,
                "",
                "",
                List.of(),
                0,
                table.why());
    }

    /// `known` of its differences are recorded row errors.
    static Verdict of(TableReport report, long known) {
        var differences = report.differences();
        return new Verdict(
                report.table().toString(),
                report.targetTable().toString(),
                report.equal()
                        ? Result.EQUAL
                        : differences.isEmpty() ? Result.UNFINISHED : Result.DIFFERENT,
                report.method().name(),
                report.rows(),
                report.settledKeys(),
                count(differences, Difference.Kind.MASTER_ONLY),
                count(differences, Difference.Kind.IMAGE_ONLY),
                count(differences, Difference.Kind.MISMATCHED),
                report.from().map(Position::text).orElse(""),
                report.to().map(Position::text).orElse(""),
                differences.stream()
                        .limit(SAMPLES)
                        .map(difference -> Sample.of(difference, report.target()))
                        .toList(),
                known,
                "");
    }

    private static long count(List<Difference> differences, Difference.Kind kind) {
        return differences.stream()
                .filter(difference -> difference.kind() == kind)
                .mapToLong(Difference::count)
                .sum();
    }

    public boolean equal() {
        return result == Result.EQUAL;
    }

    /// How and at which places of the source's log it was compared, for people.
    Optional<String> comparedText() {
        if (method.isEmpty()) {
            return Optional.empty();
        }
        var how = "by " + TableReport.Method.valueOf(method).meaning();
        var keys =
                settledKeys == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %,d keys that changed meanwhile one by one",
                                settledKeys);
        var places =
                from.isEmpty()
                        ? ""
                        : from.equals(to) ? ", at " + to : ", from " + from + " to " + to;
        return Optional.of(how + keys + places);
    }

    /// What is known of the differences, for people.
    public Optional<String> knownText() {
        return known == 0
                ? Optional.empty()
                : Optional.of(known + " of them are recorded: 'ferry errors' lists them");
    }

    /// The table's name, and its name in the target where that is another.
    public String name() {
        return source.equals(target) ? source : source + " -> " + target;
    }

    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("source", source);
        fields.put("target", target);
        fields.put("result", result);
        fields.put("method", method);
        fields.put("rows", rows);
        fields.put("settledKeys", settledKeys);
        fields.put("sourceOnly", sourceOnly);
        fields.put("targetOnly", targetOnly);
        fields.put("mismatched", mismatched);
        fields.put("from", from);
        fields.put("to", to);
        fields.put("samples", samples.stream().map(Sample::fields).toList());
        fields.put("known", known);
        fields.put("why", why);
        return fields;
    }
}
