package ferry.dialects.mysql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A set of MySQL's global transaction ids: for each source, which is a server's uuid with an
/// optional tag (MySQL 8.3), the closed intervals of its transaction numbers. Text as MySQL prints
/// it: `uuid:1-5:7:tag:1-3,uuid:…`.
final class GtidSet implements Gtids {
    static final GtidSet EMPTY = new GtidSet(new TreeMap<>());

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
    private static final int UUID_LENGTH = 36;

    private final TreeMap<String, long[]>
            intervals; // source -> first, last, first, last, …: sorted, with gaps between

    private GtidSet(TreeMap<String, long[]> intervals) {
        this.intervals = intervals;
    }

    static GtidSet parse(String text) {
        var sources = new TreeMap<String, ArrayList<long[]>>();
        for (var part : text.split(",")) {
            if (!part.isBlank()) {
                parseServer(part.strip(), sources);
            }
        }
        var result = new TreeMap<String, long[]>();
        sources.forEach((source, ranges) -> result.put(source, join(ranges)));
        return new GtidSet(result);
    }

    private static void parseServer(String part, Map<String, ArrayList<long[]>> sources) {
        var words = part.split(":");
        var uuid = words[0].strip().toLowerCase(Locale.ROOT);
        if (!UUID.matcher(uuid).matches() || words.length < 2) {
            throw new IllegalArgumentException("not a GTID set: '" + part + "'");
        }
        var source = uuid;
        for (var i = 1; i < words.length; i++) {
            var word = words[i].strip().toLowerCase(Locale.ROOT);
            if (TAG.matcher(word).matches()) {
                source = uuid + ":" + word;
            } else {
                sources.computeIfAbsent(source, _ -> new ArrayList<>()).add(range(word, part));
            }
        }
    }

    private static long[] range(String word, String part) {
        var dash = word.indexOf('-');
        try {
            var first = Long.parseLong(dash < 0 ? word : word.substring(0, dash));
            var last = dash < 0 ? first : Long.parseLong(word.substring(dash + 1));
            if (first >= 1 && last >= first) {
                return new long[] {first, last};
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a GTID set: '" + part + "'", e);
        }
        throw new IllegalArgumentException("not a GTID set: '" + part + "'");
    }

    private static long[] join(ArrayList<long[]> ranges) {
        ranges.sort((a, b) -> Long.compare(a[0], b[0]));
        var joined = new ArrayList<long[]>();
        for (var range : ranges) {
            var last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && range[0] <= last[1] + 1) {
                last[1] = Math.max(last[1], range[1]);
            } else {
                joined.add(range.clone());
            }
        }
        return joined.stream().flatMapToLong(Arrays::stream).toArray();
    }

    @Override
    public boolean contains(String gtid) {
        if (isEmpty()) {
            return false; // the empty set is MariaDB's too, whose ids look otherwise
        }
        var ranges = intervals.get(gtid.substring(0, gtid.lastIndexOf(':')));
        return ranges != null && covers(ranges, number(gtid), number(gtid));
    }

    private static long number(String gtid) {
        return Long.parseLong(gtid.substring(gtid.lastIndexOf(':') + 1));
    }

    private static boolean covers(long[] ranges, long first, long last) {
        for (var i = 0; i < ranges.length; i += 2) {
            if (ranges[i] <= first && last <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /// The first transaction of a source behind this number that is here; the largest number if
    /// there is none.
    long firstBehind(String source, long number) {
        var ranges = intervals.getOrDefault(source, new long[0]);
        for (var i = 0; i < ranges.length; i += 2) {
            if (ranges[i + 1] > number) {
                return Math.max(ranges[i], number + 1);
            }
        }
        return Long.MAX_VALUE;
    }

    @Override
    public boolean containsAll(Gtids other) {
        return switch (other) {
            case GtidSet set -> minusFrom(set).isEmpty();
            case MariaDbGtids set -> set.isEmpty();
        };
    }

    private GtidSet minusFrom(GtidSet other) {
        return other.minus(this);
    }

    /// The ids of both.
    GtidSet union(GtidSet other) {
        return isEmpty() ? other : other.isEmpty() ? this : parse(text() + "," + other.text());
    }

    /// The servers (with tags) that any id here is of.
    Set<String> sources() {
        return Set.copyOf(intervals.keySet());
    }

    /// Those that none of these names.
    List<String> sourcesMissingFrom(Set<String> some, Set<String> others) {
        return intervals.keySet().stream()
                .filter(source -> !some.contains(source) && !others.contains(source))
                .toList();
    }

    /// The ids that are here and not in `other`.
    GtidSet minus(GtidSet other) {
        var result = new TreeMap<String, long[]>();
        intervals.forEach((source, ranges) -> {
            var left = minus(ranges, other.intervals.getOrDefault(source, new long[0]));
            if (left.length > 0) {
                result.put(source, left);
            }
        });
        return new GtidSet(result);
    }

    private static long[] minus(long[] ranges, long[] holes) {
        var left = new ArrayList<long[]>();
        for (var i = 0; i < ranges.length; i += 2) {
            var first = ranges[i];
            for (var j = 0; j < holes.length && first <= ranges[i + 1]; j += 2) {
                if (holes[j + 1] < first || holes[j] > ranges[i + 1]) {
                    continue;
                }
                if (holes[j] > first) {
                    left.add(new long[] {first, holes[j] - 1});
                }
                first = holes[j + 1] + 1;
            }
            if (first <= ranges[i + 1]) {
                left.add(new long[] {first, ranges[i + 1]});
            }
        }
        return left.stream().flatMapToLong(Arrays::stream).toArray();
    }

    @Override
    public Gtids plus(String gtid) {
        if (MariaDbGtids.looksLike(gtid)) {
            if (isEmpty()) {
                return MariaDbGtids.EMPTY.plus(gtid);
            }
            throw new IllegalArgumentException(
                    "MariaDB's GTID " + gtid + " does not belong to " + text());
        }
        var number = number(gtid);
        return plus(gtid.substring(0, gtid.lastIndexOf(':')), number, number);
    }

    /// This set and the transactions `first` to `last` of a source.
    GtidSet plus(String source, long first, long last) {
        var old = intervals.getOrDefault(source, new long[0]);
        var result = new TreeMap<>(intervals);
        if (old.length > 0 && old[old.length - 1] + 1 == first) { // nearly always
            var grown = old.clone();
            grown[grown.length - 1] = last;
            result.put(source, grown);
            return new GtidSet(result);
        }
        var ranges = new ArrayList<long[]>();
        for (var i = 0; i < old.length; i += 2) {
            ranges.add(new long[] {old[i], old[i + 1]});
        }
        ranges.add(new long[] {first, last});
        result.put(source, join(ranges));
        return new GtidSet(result);
    }

    @Override
    public boolean isEmpty() {
        return intervals.isEmpty();
    }

    /// The intervals (first, last, first, last, …) by source: `uuid` or `uuid:tag`.
    Map<String, long[]> intervals() {
        return intervals;
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        var uuid = "";
        for (var entry : intervals.entrySet()) {
            var source = entry.getKey();
            if (!source.startsWith(uuid) || uuid.isEmpty()) {
                uuid = source.substring(0, UUID_LENGTH);
                text.append(text.isEmpty() ? "" : ",").append(uuid);
            }
            text.append(source.substring(UUID_LENGTH)); // nothing, or ":tag"
            var ranges = entry.getValue();
            for (var i = 0; i < ranges.length; i += 2) {
                text.append(':').append(ranges[i]);
                if (ranges[i + 1] > ranges[i]) {
                    text.append('-').append(ranges[i + 1]);
                }
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GtidSet set && text().equals(set.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
