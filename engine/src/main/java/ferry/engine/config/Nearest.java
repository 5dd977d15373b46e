package ferry.engine.config;

import java.util.Collection;
import java.util.Comparator;

/// Finds the known name that an operator most likely meant.
public final class Nearest {
    private Nearest() {}

    /// The known name with the smallest edit distance; `known` must not be empty.
    public static String of(String name, Collection<String> known) {
        return known.stream()
                .min(
                        Comparator.comparingInt((String other) -> distance(name, other))
                                .thenComparing(other -> other))
                .orElseThrow();
    }

    private static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
