package ferry.engine.changelog;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Reads blocks from a store, ahead of what is asked for. For one thread.
final class BlockReader implements AutoCloseable {
    private static final int AHEAD_BYTES = 128 << 10;
    private static final int KEPT_BYTES = 4 << 20;

    private final LogStore store;
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final byte[] head = new byte[Frame.BYTES];
    private byte[] chunk = new byte[0];
    private long chunkSegment = -1;
    private long chunkStart;
    private int chunkLength;
    private byte[] plain = new byte[0];

    BlockReader(LogStore store) {
        this.store = store;
    }

    /// The frame at this offset of a segment that ends at `limit`; empty if no valid one stands
    /// there or the block would reach beyond the limit.
    Optional<Frame> frame(long segment, long offset, long limit) {
        if (offset + Frame.BYTES > limit || !fetch(segment, offset, Frame.BYTES, limit)) {
            return Optional.empty();
        }
        return Frame.parse(chunk, (int) (offset - chunkStart), segment, offset)
                .filter(frame -> fits(frame, offset, limit));
    }

    /// The same without reading ahead, so that the payload that was read last stays valid.
    Optional<Frame> frameOnly(long segment, long offset, long limit) {
        if (offset + Frame.BYTES > limit
                || read(segment, offset, head, 0, Frame.BYTES) < Frame.BYTES) {
            return Optional.empty();
        }
        return Frame.parse(head, 0, segment, offset).filter(frame -> fits(frame, offset, limit));
    }

    /// The plain payload of this block, valid until the next call; empty if its checksum is wrong.
    Optional<ByteBuffer> payload(Frame frame, long segment, long offset, long limit) {
        var length = frame.storedLength();
        if (!fetch(segment, offset + Frame.BYTES, length, limit)) {
            return Optional.empty();
        }
        var at = (int) (offset + Frame.BYTES - chunkStart);
        if (Frame.checksum(chunk, at, length) != frame.payloadChecksum()) {
            return Optional.empty();
        }
        if (!frame.has(Frame.COMPRESSED)) {
            return Optional.of(ByteBuffer.wrap(chunk, at, length).slice());
        }
        if (plain.length < frame.plainLength()
                || plain.length > Math.max(KEPT_BYTES, frame.plainLength())) {
            plain = new byte[frame.plainLength()];
        }
        try {
            var size =
                    decompressor.decompressByteArray(
                            plain, 0, frame.plainLength(), chunk, at, length);
            return size == frame.plainLength()
                    ? Optional.of(ByteBuffer.wrap(plain, 0, size).slice())
                    : Optional.empty();
        } catch (ZstdException e) {
            throw Problems.damaged(SegmentHeader.file(segment), offset, e.toString());
        }
    }

    /// True when a valid frame stands somewhere in [from, limit) that says that the bytes from
    /// `from` on were already durable when it was written.
    boolean wasDurable(long segment, long from, long limit) {
        var bytes = new byte[(int) Math.clamp(limit - from, Frame.BYTES, 1 << 20)];
        for (var start = from; start < limit; start += bytes.length - Frame.BYTES + 1) {
            var length =
                    read(segment, start, bytes, 0, (int) Math.min(bytes.length, limit - start));
            for (var at = 0; at + Frame.BYTES <= length; at++) {
                if (bytes[at] == (byte) (Frame.MAGIC >> 24)) {
                    var frame = Frame.parse(bytes, at, segment, start + at);
                    if (frame.isPresent() && frame.get().durable() > from) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        decompressor.close();
    }

    private static boolean fits(Frame frame, long offset, long limit) {
        return frame.storedLength() >= 0
                && frame.plainLength() >= 0
                && offset + frame.length() <= limit;
    }

    /// Makes these bytes part of the chunk; false if the file is shorter.
    private boolean fetch(long segment, long offset, int length, long limit) {
        if (segment == chunkSegment
                && offset >= chunkStart
                && offset + length <= chunkStart + chunkLength) {
            return true;
        }
        var wanted = (int) Math.min(Math.max(length, AHEAD_BYTES), limit - offset);
        if (chunk.length < wanted || chunk.length > Math.max(KEPT_BYTES, wanted)) {
            chunk = new byte[wanted];
        }
        chunkSegment = -1;
        chunkLength = read(segment, offset, chunk, 0, wanted);
        chunkStart = offset;
        chunkSegment = segment;
        return chunkLength >= length;
    }

    private int read(long segment, long offset, byte[] target, int at, int length) {
        try {
            return store.read(
                    SegmentHeader.file(segment), offset, ByteBuffer.wrap(target, at, length));
        } catch (IOException e) {
            throw Problems.disk("read " + SegmentHeader.file(segment), e);
        }
    }
}
