package ferry.server.run;

import ferry.engine.model.Position;
import ferry.engine.verify.Difference;
import ferry.engine.verify.TableReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What verification found out about one table, ready to be shown: counts, and a few rows as
/// samples. Each row holds at some position of the source's log between `from` and `to`.
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
        List<Sample> samples) {
    private static final int SAMPLES = 5;

    public Verdict {
        samples = List.copyOf(samples);
    }

    /// How the comparison of a table ended.
    public enum Result {
        EQUAL("equal"),
        DIFFERENT("different"),
        UNFINISHED("not compared to its end");

        private final String meaning;

        Result(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /// One row that differs, and what the two sides hold.
    public record Sample(String kind, String key, String expected, String actual) {
        static Sample of(Difference difference) {
            return new Sample(
                    difference.kind().name(),
                    difference.key().toString(),
                    difference.expected().map(Object::toString).orElse("no row"),
                    difference.actual().map(Object::toString).orElse("no row"));
        }

        public String text() {
            return kind + " " + key + ": source " + expected + ", target " + actual;
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

    static Verdict of(TableReport report) {
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
                differences.stream().limit(SAMPLES).map(Sample::of).toList());
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
        return fields;
    }
}
