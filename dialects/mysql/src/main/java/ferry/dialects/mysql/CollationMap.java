package ferry.dialects.mysql;

import ferry.dialects.mysql.MySqlCollation.Strength;
import java.util.ArrayList;
import java.util.List;

/// Chooses the character set and collation of a target for those of a source: the same if the
/// target has them, otherwise the nearest that tells at least as much apart in letter case.
final class CollationMap {
    private final MySqlServer target;

    CollationMap(MySqlServer target) {
        this.target = target;
    }

    /// What text gets in the target. `merges` is true when strings that the source holds different
    /// may be equal here.
    record Choice(
            String charset,
            String collation,
            boolean sameCharset,
            boolean sameCollation,
            boolean merges) {}

    Choice of(String charset, String collation) {
        if (target.collations().containsKey(collation)) {
            return new Choice(target.collations().get(collation), collation, true, true, false);
        }
        var from = MySqlCollation.of(collation);
        var sameCharset = target.charsets().containsKey(charset);
        var chosen = sameCharset ? charset : "utf8mb4";
        var to =
                candidates(from, chosen).stream()
                        .filter(target.collations()::containsKey)
                        .findFirst()
                        .orElseGet(() -> fallback(chosen));
        return new Choice(chosen, to, sameCharset, false, merges(from, MySqlCollation.of(to)));
    }

    private static List<String> candidates(MySqlCollation from, String charset) {
        var names = new ArrayList<String>();
        switch (from.strength()) {
            case BINARY -> {
                if (!from.padSpace()) {
                    names.addAll(List.of(charset + "_0900_bin", charset + "_nopad_bin"));
                }
                names.add(charset + "_bin");
            }
            case CASE -> {
                // Where no collation tells letter case apart by letters, telling everything apart
                // is the nearest.
                names.addAll(
                        List.of(
                                charset + "_0900_as_cs",
                                charset + "_uca1400_as_cs",
                                charset + "_general_cs"));
                names.addAll(List.of(charset + "_cs", charset + "_bin"));
            }
            case ACCENT, NEITHER -> {
                var language =
                        from.name().contains("_0900_")
                                || from.name().contains("uca1400")
                                || from.name().contains("unicode");
                if (!from.padSpace()) {
                    names.add(
                            charset
                                    + (from.strength() == Strength.ACCENT
                                            ? "_0900_as_ci"
                                            : "_0900_ai_ci"));
                }
                if (from.name().contains("_0900_") || from.name().contains("uca1400")) {
                    names.add(
                            charset
                                    + (from.strength() == Strength.ACCENT
                                            ? "_uca1400_as_ci"
                                            : "_uca1400_ai_ci"));
                }
                if (language) {
                    names.addAll(List.of(charset + "_unicode_520_ci", charset + "_unicode_ci"));
                }
                names.add(charset + "_general_ci");
            }
        }
        return names;
    }

    private String fallback(String charset) {
        return target.charsets().containsKey(charset)
                ? target.charsets().get(charset).defaultCollation()
                : charset + "_bin";
    }

    /// Between two collations that are neither binary nor known to be alike, nothing can be said
    /// for sure: then they may merge.
    private static boolean merges(MySqlCollation from, MySqlCollation to) {
        return to.strength() != Strength.BINARY || !from.padSpace() && to.padSpace();
    }
}
