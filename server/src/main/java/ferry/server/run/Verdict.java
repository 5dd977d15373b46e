package ferry.server.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What verification found out about one table. `position` is the place in the source's log at which it holds.
public record Verdict(
        String source,
        String target,
        Result result,
        long rows,
        long sourceOnly,
        long targetOnly,
        long mismatched,
        long unsettled,
        long corrected,
        String position,
        List<Sample> samples) {
    public Verdict {
        samples = List.copyOf(samples);
    }

    /// How the comparison of a table ended.
    public enum Result {
        EQUAL("every row is equal"),
        DIFFERENT("rows differ"),
        UNSETTLED("no difference was found, but some keys changed too fast to be compared at rest"),
        SKIPPED("the table could not be compared");

        private final String meaning;

        Result(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /// One row that differs: which key, in what way, and the values on both sides as far as they may be shown.
    public record Sample(String key, String kind, String detail) {
        Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("key", key);
            fields.put("kind", kind);
            fields.put("detail", detail);
            return fields;
        }
    }

    public boolean equal() {
        return result == Result.EQUAL;
    }

    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("source", source);
        fields.put("target", target);
        fields.put("result", result);
        fields.put("rows", rows);
        fields.put("sourceOnly", sourceOnly);
        fields.put("targetOnly", targetOnly);
        fields.put("mismatched", mismatched);
        fields.put("unsettled", unsettled);
        fields.put("corrected", corrected);
        fields.put("position", position);
        fields.put("samples", samples.stream().map(Sample::fields).toList());
        return fields;
    }
}
