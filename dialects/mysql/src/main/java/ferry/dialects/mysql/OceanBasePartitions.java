package ferry.dialects.mysql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// OceanBase prints every partition of a table by HASH or KEY and its subpartitions as a template;
/// the family writes their number.
final class OceanBasePartitions {
    private static final Pattern LISTED =
            Pattern.compile("(?i)\\(((?:,? ?partition `p\\d+`)+)\\)$");
    private static final Pattern TEMPLATE =
            Pattern.compile("(?i)subpartition template \\(((?:,? ?subpartition `p\\d+`)+)\\)");
    private static final Pattern NAME = Pattern.compile("`p(\\d+)`");

    private OceanBasePartitions() {}

    /// The clause with numbers in place of lists of partitions that have the names a server gives
    /// by itself; empty for no clause.
    static Optional<String> counted(String clause) {
        var listed = LISTED.matcher(clause);
        var withNumber =
                listed.find() && areNumbered(listed.group(1))
                        ? clause.substring(0, listed.start()).strip()
                                + " partitions "
                                + count(listed.group(1))
                        : clause;
        var counted =
                TEMPLATE.matcher(withNumber)
                        .replaceAll(match ->
                                Matcher.quoteReplacement(
                                        areNumbered(match.group(1))
                                                ? "subpartitions " + count(match.group(1))
                                                : match.group()));
        return counted.isEmpty() ? Optional.empty() : Optional.of(counted);
    }

    private static boolean areNumbered(String list) {
        var names = NAME.matcher(list);
        for (var number = 0; names.find(); number++) {
            if (!names.group(1).equals(String.valueOf(number))) {
                return false;
            }
        }
        return true;
    }

    private static long count(String list) {
        return NAME.matcher(list).results().count();
    }
}
