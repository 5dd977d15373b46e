package ferry.engine.apply;

import ferry.engine.apply.Heat.OfMeeting;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Counts how often claims meet, in bounded memory: the most frequent ones are surely among those
/// held (Metwally, Agrawal, El Abbadi: "Efficient computation of frequent and top-k elements in
/// data streams", 2005). What a claim stands for is asked only for those that stay.
final class MeetingCounts {
    private static final int HELD = 128;

    /// Counts at which it is asked what a claim stands for: not at the first, because most are
    /// forgotten at once, and again if nobody could tell.
    private static final int ASKED_AT = 16;

    private final Map<Long, Count> counts = new HashMap<>();

    private static final class Count {
        private long sum;
        private final long before; // of others that were forgotten for this one
        private Optional<Meeting> where = Optional.empty();

        Count(long before) {
            this.before = before;
            this.sum = before;
        }

        long surely() {
            return sum - before;
        }
    }

    void add(long hash, Heat.Teller teller) {
        var count = counts.get(hash);
        if (count == null) {
            count = new Count(counts.size() < HELD ? 0 : forgetLeast());
            counts.put(hash, count);
        }
        count.sum++;
        var surely = count.surely();
        if (count.where.isEmpty() && surely >= ASKED_AT && Long.bitCount(surely) == 1) {
            count.where = teller.tell(hash);
        }
    }

    private long forgetLeast() {
        var least =
                counts.entrySet().stream()
                        .min(Comparator.comparingLong(entry -> entry.getValue().sum))
                        .orElseThrow();
        counts.remove(least.getKey());
        return least.getValue().sum;
    }

    List<OfMeeting> first(int most) {
        return counts.values().stream()
                .filter(count -> count.where.isPresent())
                .map(count -> new OfMeeting(count.where.orElseThrow(), count.surely()))
                .sorted(Comparator.comparingLong(OfMeeting::transactions).reversed())
                .limit(most)
                .toList();
    }
}
