package ferry.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The rounds of a survey, as a table and as its closing line of medians.
record Figures(Survey survey, List<Map<String, Double>> rounds) {
    private static final String LINE = "%-28s %12s %12s %12s";

    List<String> table() {
        var lines = new ArrayList<String>();
        lines.add(LINE.formatted("", "median", "least", "most"));
        for (var key : rounds.getFirst().keySet()) {
            var values = values(key);
            lines.add(
                    LINE.formatted(
                            key,
                            print(Measure.middle(values)),
                            print(values.stream().min(Double::compare).orElseThrow()),
                            print(values.stream().max(Double::compare).orElseThrow())));
        }
        return lines;
    }

    /// `bench=lag rate=5000 …`
    List<String> closing() {
        var line = new StringBuilder("bench=" + survey.name());
        for (var key : rounds.getFirst().keySet()) {
            line.append(' ').append(key).append('=').append(print(Measure.middle(values(key))));
        }
        return List.of(line.toString());
    }

    private List<Double> values(String key) {
        return rounds.stream().map(round -> round.get(key)).toList();
    }

    private static String print(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
