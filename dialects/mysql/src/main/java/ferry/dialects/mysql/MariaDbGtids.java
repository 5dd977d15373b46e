package ferry.dialects.mysql;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A MariaDB GTID position: in each domain, the last transaction. Text as MariaDB prints it:
/// `0-1-5,1-1-9` (domain-server-number).
///
/// It stands for all transactions of a domain up to that number, which is right only while numbers
/// grow within a domain. MariaDB promises that with `gtid_strict_mode=ON` alone, so the log reader
/// refuses a number that does not grow.
final class MariaDbGtids implements Gtids {
    static final MariaDbGtids EMPTY = new MariaDbGtids(new TreeMap<>());

    private static final int DIGITS_MAX = 10; // of a domain and of a server
    private static final int NUMBER_DIGITS_MAX = 20;

    private final TreeMap<Long, Gtid> last;

    private MariaDbGtids(TreeMap<Long, Gtid> last) {
        this.last = last;
    }

    /// One MariaDB transaction id; numbers are unsigned.
    record Gtid(long domain, long server, long number) {
        static Gtid parse(String text) {
            var gtid = text.strip();
            if (!isGtid(gtid)) {
                throw new IllegalArgumentException("not a MariaDB GTID: '" + text + "'");
            }
            var first = gtid.indexOf('-');
            var second = gtid.indexOf('-', first + 1);
            return new Gtid(
                    Long.parseLong(gtid, 0, first, 10),
                    Long.parseLong(gtid, first + 1, second, 10),
                    Long.parseUnsignedLong(gtid, second + 1, gtid.length(), 10));
        }

        boolean notAfter(Gtid other) {
            return Long.compareUnsigned(number, other.number) <= 0;
        }

        @Override
        public String toString() {
            return domain + "-" + server + "-" + Long.toUnsignedString(number);
        }
    }

    /// True when the text begins like a MariaDB GTID.
    static boolean looksLike(String text) {
        var comma = text.indexOf(',');
        return isGtid((comma < 0 ? text : text.substring(0, comma)).strip());
    }

    /// Three numbers with dashes between. Without a Pattern: each transaction passes here.
    private static boolean isGtid(String text) {
        var first = text.indexOf('-');
        var second = text.indexOf('-', first + 1);
        return first >= 0
                && second >= 0
                && areDigits(text, 0, first, DIGITS_MAX)
                && areDigits(text, first + 1, second, DIGITS_MAX)
                && areDigits(text, second + 1, text.length(), NUMBER_DIGITS_MAX);
    }

    private static boolean areDigits(String text, int from, int to, int most) {
        for (var at = from; at < to; at++) {
            if (text.charAt(at) < '0' || text.charAt(at) > '9') {
                return false;
            }
        }
        return to > from && to - from <= most;
    }

    static MariaDbGtids parse(String text) {
        var result = new TreeMap<Long, Gtid>();
        for (var part : text.split(",")) {
            if (!part.isBlank()) {
                var gtid = Gtid.parse(part);
                result.merge(gtid.domain(), gtid, (old, now) -> now.notAfter(old) ? old : now);
            }
        }
        return new MariaDbGtids(result);
    }

    @Override
    public boolean contains(String gtid) {
        var wanted = Gtid.parse(gtid);
        var known = last.get(wanted.domain());
        return known != null && wanted.notAfter(known);
    }

    @Override
    public boolean containsAll(Gtids other) {
        return switch (other) {
            case GtidSet set -> set.isEmpty();
            case MariaDbGtids set ->
                    set.last.values().stream().allMatch(gtid -> contains(gtid.toString()));
        };
    }

    @Override
    public Gtids plus(String gtid) {
        var added = Gtid.parse(gtid);
        var result = new TreeMap<>(last);
        result.merge(added.domain(), added, (old, now) -> now.notAfter(old) ? old : now);
        return new MariaDbGtids(result);
    }

    @Override
    public boolean isEmpty() {
        return last.isEmpty();
    }

    Map<Long, Gtid> last() {
        return last;
    }

    @Override
    public String text() {
        return last.values().stream().map(Gtid::toString).collect(Collectors.joining(","));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MariaDbGtids gtids && last.equals(gtids.last);
    }

    @Override
    public int hashCode() {
        return last.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
