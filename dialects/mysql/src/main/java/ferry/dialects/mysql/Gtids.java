package ferry.dialects.mysql;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A set of global transaction ids: MySQL's intervals by server, or MariaDB's last number by
/// domain. Immutable.
sealed interface Gtids permits GtidSet, MariaDbGtids {
    /// `3e11fa47-…:5`, with or without a tag, or `0-1-5`.
    Pattern ONE =
            Pattern.compile(
                    "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:[a-z_][a-z0-9_]{0,31})?:[1-9]\\d{0,18}"
                            + "|\\d{1,10}-\\d{1,10}-\\d{1,18}");

    /// Reads `3e11fa47-…:1-5:7,…` (MySQL, with or without tags) or `0-1-5,1-1-9` (MariaDB). The
    /// empty text is the empty set of both.
    static Gtids parse(String text) {
        var stripped = text.strip();
        return MariaDbGtids.looksLike(stripped)
                ? MariaDbGtids.parse(stripped)
                : GtidSet.parse(stripped);
    }

    /// One GTID that somebody wrote, as the log's readers spell it; empty if it is none.
    static Optional<String> one(String written) {
        var text = written.strip().toLowerCase(Locale.ROOT);
        if (!ONE.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                MariaDbGtids.looksLike(text) ? MariaDbGtids.Gtid.parse(text).toString() : text);
    }

    boolean contains(String gtid);

    /// True when every id of `other` is here too. Sets of the two families have nothing in common
    /// but the empty set.
    boolean containsAll(Gtids other);

    Gtids plus(String gtid);

    boolean isEmpty();

    /// The text that [#parse] reads.
    String text();
}
