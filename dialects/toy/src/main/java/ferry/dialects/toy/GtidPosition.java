package ferry.dialects.toy;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A set of transactions by global id, `uuid:1-5,7;uuid:3`: it may have gaps, because commits
/// overtake each other.
record GtidPosition(Map<String, List<Range>> sets) implements Position {
    static final String PREFIX = "gtid:";
    static final GtidPosition NONE = new GtidPosition(Map.of());

    /// The numbers from `first` to `last`, both included.
    record Range(long first, long last) {
        boolean holds(Range other) {
            return first <= other.first && other.last <= last;
        }

        @Override
        public String toString() {
            return first == last ? "" + first : first + "-" + last;
        }
    }

    /// One transaction's global id.
    record Gtid(String uuid, long number) {
        static Gtid of(TransactionId id) {
            var colon = id.text().lastIndexOf(':');
            return new Gtid(
                    id.text().substring(0, colon), Long.parseLong(id.text().substring(colon + 1)));
        }

        TransactionId id() {
            return new TransactionId(uuid + ":" + number);
        }
    }

    static GtidPosition parse(String text) {
        var sets = new TreeMap<String, List<Range>>();
        for (var set : text.isEmpty() ? new String[0] : text.split(";")) {
            var colon = set.lastIndexOf(':');
            var ranges = new ArrayList<Range>();
            for (var range : set.substring(colon + 1).split(",")) {
                var ends = range.split("-");
                ranges.add(
                        new Range(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])));
            }
            sets.put(set.substring(0, colon), List.copyOf(ranges));
        }
        return new GtidPosition(sets);
    }

    @Override
    public boolean covers(Position other) {
        if (!(other instanceof GtidPosition gtids)) {
            return false;
        }
        for (var set : gtids.sets.entrySet()) {
            for (var range : set.getValue()) {
                if (!holds(set.getKey(), range)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public boolean includes(TransactionId id) {
        var gtid = Gtid.of(id);
        return holds(gtid.uuid(), new Range(gtid.number(), gtid.number()));
    }

    boolean holds(String uuid, Range range) {
        for (var own : sets.getOrDefault(uuid, List.of())) {
            if (own.holds(range)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public GtidPosition plus(TransactionId id) {
        var gtid = Gtid.of(id);
        return includes(id) ? this : plus(gtid.uuid(), gtid.number());
    }

    private GtidPosition plus(String uuid, long number) {
        var ranges = new ArrayList<Range>();
        var added = new Range(number, number);
        for (var range : sets.getOrDefault(uuid, List.of())) {
            if (range.last() + 1 == added.first()) {
                added = new Range(range.first(), added.last());
            } else if (added.last() + 1 == range.first()) {
                added = new Range(added.first(), range.last());
            } else if (range.last() < added.first()) {
                ranges.add(range);
            } else {
                ranges.add(added);
                added = range;
            }
        }
        ranges.add(added);
        var all = new TreeMap<>(sets);
        all.put(uuid, List.copyOf(ranges));
        return new GtidPosition(all);
    }

    /// The highest number of this server in the set; 0 if there is none.
    long last(String uuid) {
        var ranges = sets.getOrDefault(uuid, List.of());
        return ranges.isEmpty() ? 0 : ranges.getLast().last();
    }

    @Override
    public String text() {
        return PREFIX
                + new TreeMap<>(sets)
                        .entrySet().stream()
                                .map(entry ->
                                        entry.getKey()
                                                + ":"
                                                + entry.getValue().stream()
                                                        .map(Range::toString)
                                                        .collect(Collectors.joining(",")))
                                .collect(Collectors.joining(";"));
    }

    @Override
    public String toString() {
        return text();
    }
}
