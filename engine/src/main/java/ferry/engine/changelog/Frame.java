package ferry.engine.changelog;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The head of a block: what it holds, how long it is, and checksums of itself and of the payload
/// that follows. Its own checksum includes where it stands, so that bytes that look like a block
/// but belong elsewhere are not taken for one.
///
/// A block holds either whole transactions, or a piece of exactly one: so whatever is incomplete at
/// the end of a log begins with a block of its own and can be cut off.
///
/// `durable` is the part of the file that was known to be durable when the block was written:
/// damage below it cannot come from a crash.
record Frame(
        Kind kind,
        int flags,
        int storedLength,
        int plainLength,
        int changes,
        int payloadChecksum,
        long durable) {
    enum Kind {
        SEGMENT,
        COMPLETE,
        FIRST,
        MIDDLE,
        LAST
    }

    static final int MAGIC = 0x46455252;
    static final int VERSION = 1;
    static final int BYTES = 36;

    static final int COMPRESSED = 1;
    static final int HAS_LAYOUT = 2;
    static final int HAS_SCHEMA_CHANGE = 4;
    static final int ENDS_PREPARED = 8; // of a LAST block: the transaction ends with a Prepare

    private static final Kind[] KINDS = Kind.values();

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// The bytes of the whole block.
    int length() {
        return BYTES + storedLength;
    }

    static int checksum(byte[] bytes, int offset, int length) {
        var checksum = new CRC32C();
        checksum.update(bytes, offset, length);
        return (int) checksum.getValue();
    }

    void put(byte[] target, long segment, long offset) {
        ByteBuffer.wrap(target)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) kind.ordinal())
                .putShort((short) flags)
                .putInt(storedLength)
                .putInt(plainLength)
                .putInt(changes)
                .putInt(payloadChecksum)
                .putLong(durable)
                .putInt(0)
                .putInt(32, placed(target, 0, segment, offset));
    }

    /// The frame that stands in these bytes; empty if they are none for this place.
    static Optional<Frame> parse(byte[] bytes, int at, long segment, long offset) {
        var source = ByteBuffer.wrap(bytes, at, BYTES);
        if (source.getInt() != MAGIC
                || source.getInt(at + 32) != placed(bytes, at, segment, offset)) {
            return Optional.empty();
        }
        var version = source.get();
        if (version != VERSION) {
            throw Problems.damaged(
                    SegmentHeader.file(segment),
                    offset,
                    "its format is version %d, but this program reads version %d"
                            .formatted(version, VERSION));
        }
        var kind = source.get();
        if (kind < 0 || kind >= KINDS.length) {
            return Optional.empty();
        }
        return Optional.of(
                new Frame(
                        KINDS[kind],
                        source.getShort(),
                        source.getInt(),
                        source.getInt(),
                        source.getInt(),
                        source.getInt(),
                        source.getLong()));
    }

    private static int placed(byte[] bytes, int at, long segment, long offset) {
        var checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(16).putLong(segment).putLong(offset).flip());
        checksum.update(bytes, at, 32);
        return (int) checksum.getValue();
    }
}
