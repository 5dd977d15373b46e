package ferry.engine.changelog;

/// A segment as it is known in memory: its header, where its first block behind the header stands,
/// and its length, which is final for all but the last one.
record Segment(SegmentHeader header, long dataStart, long size) {
    long number() {
        return header.number();
    }

    Segment withSize(long newSize) {
        return new Segment(header, dataStart, newSize);
    }
}
