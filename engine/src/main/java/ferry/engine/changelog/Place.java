package ferry.engine.changelog;

/// A place in the files: a segment, the offset of a block in its file, and the offset of a record
/// inside the block's plain payload.
record Place(long segment, long block, int at) {
    static void encode(Encoder out, Place place) {
        out.number(place.segment).number(place.block).number(place.at);
    }

    static Place decode(Decoder in) {
        return new Place(in.number(), in.number(), in.count());
    }
}
