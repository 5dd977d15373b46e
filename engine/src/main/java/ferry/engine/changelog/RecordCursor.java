package ferry.engine.changelog;

import ferry.engine.model.Table;
import ferry.engine.problem.ProblemException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Goes from record to record through blocks and segments, up to the end of what is visible.
/// Layouts and row codes on its way are learned and not shown.
final class RecordCursor implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Supplier<View> views;
    private final BlockReader blocks;
    private final Layouts layouts;
    private long segment;
    private long block;
    private long next; // the offset of the block that comes after this one
    private Frame.Kind kind = Frame.Kind.COMPLETE;
    private ByteBuffer payload = NOTHING;
    private int at;
    private int type;
    private ByteBuffer body = NOTHING;

    RecordCursor(LogStore store, Supplier<View> views, Layouts layouts) {
        this.views = views;
        this.blocks = new BlockReader(store);
        this.layouts = layouts;
    }

    /// Stands before the first record of the segment.
    void seek(Segment start) {
        segment = start.number();
        block = start.dataStart();
        next = start.dataStart();
        payload = NOTHING;
    }

    /// Stands before this record; it must be in the log.
    void seek(Place place) {
        segment = place.segment();
        next = place.block();
        payload = NOTHING;
        if (!load(true, 0)) {
            throw Problems.damaged(SegmentHeader.file(segment), next, "a record is missing");
        }
        payload.position(place.at());
    }

    /// Goes to the next record; false at the end of what is visible. With `pieces` false it passes
    /// over pieces of large transactions that hold nothing but rows.
    boolean next(boolean pieces) {
        while (true) {
            if (!payload.hasRemaining()) {
                if (!load(pieces, 0)) {
                    return false;
                }
                continue;
            }
            take();
            if (!learned()) {
                return true;
            }
        }
    }

    /// Goes to the next record of this type, looking only into blocks with this flag.
    boolean nextOf(int wanted, int flag) {
        while (true) {
            while (payload.hasRemaining()) {
                take();
                if (type == wanted) {
                    return true;
                }
            }
            if (!load(true, flag)) {
                return false;
            }
        }
    }

    /// Reads the layouts of a whole segment, without moving records along.
    void learnLayouts(Segment from) {
        seek(from);
        while (segment == from.number()) {
            while (payload.hasRemaining()) {
                take();
                learned();
            }
            if (!load(true, Frame.HAS_LAYOUT)) {
                return;
            }
        }
    }

    int type() {
        return type;
    }

    /// Reads the body of the record.
    <T> T read(Function<Decoder, T> reader) {
        try {
            return reader.apply(new Decoder(body));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged("a record cannot be read: " + e);
        }
    }

    Layouts.Coded coded(int codeId) {
        return layouts.findCode(codeId)
                .orElseThrow(() -> damaged("the code of rows " + codeId + " is missing"));
    }

    Table layout(int tableId) {
        return layouts.find(tableId)
                .orElseThrow(() -> damaged("the layout of table " + tableId + " is missing"));
    }

    Place place() {
        return new Place(segment, block, at);
    }

    long segment() {
        return segment;
    }

    /// True when the current record stands in the first piece of a large transaction.
    boolean inFirstPiece() {
        return kind == Frame.Kind.FIRST;
    }

    /// True when the large transaction whose first piece is the current block ends with a Prepare.
    boolean endsPrepared() {
        var view = views.get();
        var number = segment;
        var offset = next;
        while (view.goesBeyond(number, offset)) {
            var where = view.segment(number);
            if (offset >= view.limit(where)) {
                number++;
                offset = view.segment(number).dataStart();
                continue;
            }
            var frame = blocks.frameOnly(number, offset, view.limit(where));
            if (frame.isEmpty()) {
                throw Problems.damaged(SegmentHeader.file(number), offset, "no valid block here");
            }
            if (frame.get().kind() == Frame.Kind.LAST) {
                return frame.get().has(Frame.ENDS_PREPARED);
            }
            offset += frame.get().length();
        }
        throw damaged("the end of a large transaction is missing");
    }

    /// True when there may be another record now.
    boolean hasMore() {
        return payload.hasRemaining() || views.get().goesBeyond(segment, next);
    }

    /// The offset up to which the segment was read.
    long offset() {
        return next;
    }

    ProblemException damaged(String why) {
        return Problems.damaged(SegmentHeader.file(segment), block, why);
    }

    @Override
    public void close() {
        blocks.close();
    }

    /// Loads the next block, passing over blocks without this flag (0 = none wanted).
    private boolean load(boolean pieces, int flag) {
        var view = views.get();
        payload = NOTHING;
        while (view.goesBeyond(segment, next)) {
            var where = view.segment(segment);
            var limit = view.limit(where);
            if (next >= limit) {
                segment++;
                next = view.segment(segment).dataStart();
                continue;
            }
            block = next;
            var frame =
                    blocks.frame(segment, block, limit)
                            .orElseThrow(() -> damaged("no valid block stands here"));
            next = block + frame.length();
            kind = frame.kind();
            var rowsOnly = kind == Frame.Kind.MIDDLE && !frame.has(Frame.HAS_LAYOUT);
            if (flag != 0 ? frame.has(flag) : pieces || !rowsOnly) {
                payload =
                        blocks.payload(frame, segment, block, limit)
                                .orElseThrow(() -> damaged("the checksum of a block is wrong"));
                if (payload.hasRemaining()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void take() {
        at = payload.position();
        if (payload.remaining() < RecordCodec.HEAD_BYTES) {
            throw damaged("a record is cut short");
        }
        type = payload.get();
        var length = payload.getInt();
        if (length < 0 || length > payload.remaining()) {
            throw damaged("a record is longer than its block");
        }
        body = payload.slice(payload.position(), length);
        payload.position(payload.position() + length);
    }

    /// Takes a layout or a row code; false if the record is another one.
    private boolean learned() {
        return switch (type) {
            case RecordCodec.LAYOUT ->
                    read(in -> {
                        layouts.learn(in.count(), () -> TableCodec.decode(in));
                        return true;
                    });
            case RecordCodec.ROW_CODE ->
                    read(in -> {
                        var codeId = in.count();
                        layouts.learnCode(codeId, layout(in.count()), in.rest());
                        return true;
                    });
            default -> false;
        };
    }
}
