package ferry.engine.changelog;

import ferry.engine.model.Position;
import java.time.Instant;
import java.util.List;

/// Decides which segments nobody needs any more. Pure.
final class Retention {
    private Retention() {}

    /// The number of the first segment that must stay. Before it lies nothing that a reader still
    /// needs (`needed` is the oldest segment of all readers), that the low-water mark does not
    /// include, that an undecided XA group needs, or that was not yet full at `fullBefore`.
    static long firstKept(View view, Position lowWater, long needed, Instant fullBefore) {
        var segments = view.segments();
        var kept = segments.getFirst().number();
        for (var i = 1; i < segments.size(); i++) {
            var header = segments.get(i).header();
            if (header.number() > needed
                    || header.number() > view.endSegment()
                    || header.created()
                            .isAfter(fullBefore) // it was made when the one before was full
                    || !lowWater.covers(header.position())) {
                break;
            }
            // A log never begins in the middle of a transaction.
            if (header.spanning().isEmpty() && !groupsNeed(segments, i, lowWater)) {
                kept = header.number();
            }
        }
        return kept;
    }

    /// True when a group that lies before this segment is decided behind it, and not below the
    /// low-water mark.
    private static boolean groupsNeed(List<Segment> segments, int index, Position lowWater) {
        var header = segments.get(index).header();
        return header.groups().stream()
                .anyMatch(group -> {
                    var decided = index + 1; // in the segment before this one
                    while (decided < segments.size()
                            && segments.get(decided).header().groups().contains(group)) {
                        decided++;
                    }
                    return decided == segments.size()
                            || !lowWater.covers(segments.get(decided).header().position());
                });
    }
}
