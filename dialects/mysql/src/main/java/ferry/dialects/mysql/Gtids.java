package ferry.dialects.mysql;

/// A set of global transaction ids: MySQL's intervals by server, or MariaDB's last number by
/// domain. Immutable.
sealed interface Gtids permits GtidSet, MariaDbGtids {
    /// Reads `3e11fa47-…:1-5:7,…` (MySQL, with or without tags) or `0-1-5,1-1-9` (MariaDB). The
    /// empty text is the empty set of both.
    static Gtids parse(String text) {
        var stripped = text.strip();
        return MariaDbGtids.looksLike(stripped)
                ? MariaDbGtids.parse(stripped)
                : GtidSet.parse(stripped);
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
