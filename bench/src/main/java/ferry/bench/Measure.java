package ferry.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one run took.
///
/// @param seconds on the clock
/// @param cpu CPU seconds by who spent them: `client` (Ferry, or the rival's programs) and each
///   server
record Measure(double seconds, Map<String, Double> cpu) {
    static final String CLIENT = "client";

    Measure {
        cpu = Map.copyOf(cpu);
    }

    /// CPU seconds of everybody.
    double cpuSeconds() {
        return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /// The client's part of all CPU that was spent.
    double clientShare() {
        return cpu.getOrDefault(CLIENT, 0.0) / Math.max(cpuSeconds(), 0.001);
    }

    /// The median of each figure.
    static Measure median(List<Measure> runs) {
        var cpu = new TreeMap<String, Double>();
        for (var who : runs.getFirst().cpu().keySet()) {
            cpu.put(who, middle(runs.stream().map(run -> run.cpu().get(who)).toList()));
        }
        return new Measure(middle(runs.stream().map(Measure::seconds).toList()), cpu);
    }

    static double middle(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        var half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
