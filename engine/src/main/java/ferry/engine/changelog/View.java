package ferry.engine.changelog;

import ferry.engine.model.Position;
import java.util.List;
import java.util.Optional;

/// What readers see at one moment: the segments, and the end of what is durable and complete.
record View(
        List<Segment> segments,
        long endSegment,
        long endOffset,
        Position position,
        long sequence,
        long changes,
        boolean closed) {
    View {
        segments = List.copyOf(segments);
    }

    Optional<Segment> find(long number) {
        var index = number - segments.getFirst().number();
        return index < 0 || index >= segments.size()
                ? Optional.empty()
                : Optional.of(segments.get((int) index));
    }

    Segment segment(long number) {
        return find(number)
                .orElseThrow(() ->
                        Problems.damaged(SegmentHeader.file(number), 0, "the segment is missing"));
    }

    /// Up to where this segment may be read.
    long limit(Segment segment) {
        return segment.number() == endSegment ? endOffset : segment.size();
    }

    /// True when something readable lies behind this place.
    boolean goesBeyond(long segment, long offset) {
        return segment < endSegment || offset < endOffset;
    }

    /// The bytes of the log from its beginning up to this place.
    long bytesUpTo(long segment, long offset) {
        return segment(segment).header().bytesBefore() + offset;
    }

    View with(List<Segment> others) {
        return new View(others, endSegment, endOffset, position, sequence, changes, closed);
    }
}
