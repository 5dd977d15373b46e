package ferry.dialects.mysql;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The events inside a TRANSACTION_PAYLOAD event, which holds a whole transaction compressed (MySQL
/// 8.0.20 and newer, `binlog_transaction_compression`). They are unpacked one by one while the
/// event arrives, so that its size does not matter.
///
/// Form: fields of a type, a length and a value, up to a type 0; then the compressed events, each
/// with its header and without a checksum. They stand in no place of their own: their end is that
/// of the whole event.
///
/// Throws IllegalArgumentException where the bytes cannot be such an event.
final class TransactionPayload implements AutoCloseable {
    private static final int END = 0;
    private static final int COMPRESSED_BYTES = 1;
    private static final int COMPRESSION = 2;
    private static final int PLAIN_BYTES = 3;
    private static final int ZSTD = 0;
    private static final int FIELD_BYTES_MAX = 9; // a packed number
    private static final long UNTOLD = -1;

    private final InputStream events;
    private final long end;
    private long plainBytes = UNTOLD;
    private long unpacked;

    /// `body` is the event's body, without its checksum, and ends with it. `end` is where the event
    /// ends in its file.
    TransactionPayload(InputStream body, int length, long end) throws IOException {
        this.end = end;
        var compressedBytes = UNTOLD;
        var left = (long) length;
        while (true) {
            var type = one(body);
            left--;
            if (type == END) {
                break;
            }
            var size = one(body);
            if (size > FIELD_BYTES_MAX) {
                throw new IllegalArgumentException("field " + type + " has " + size + " bytes");
            }
            var value = body.readNBytes(size);
            left -= 1 + size;
            switch (type) {
                case COMPRESSED_BYTES -> compressedBytes = number(value);
                case COMPRESSION -> {
                    var kind = number(value);
                    if (kind != ZSTD) {
                        throw new IllegalArgumentException("compressed in an unknown way: " + kind);
                    }
                }
                case PLAIN_BYTES -> plainBytes = number(value);
                default -> throw new IllegalArgumentException("unknown field " + type);
            }
        }
        if (compressedBytes != left) {
            throw new IllegalArgumentException(
                    "%d compressed bytes are told, and %d are there"
                            .formatted(compressedBytes, left));
        }
        events = new ZstdInputStreamNoFinalizer(body);
    }

    private static int one(InputStream body) throws IOException {
        var value = body.read();
        if (value < 0) {
            throw new IllegalArgumentException("the fields have no end");
        }
        return value;
    }

    private static long number(byte[] value) {
        try {
            return new EventBytes(value).packed();
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a field holds less than its number", e);
        }
    }

    /// The next event; empty behind the last one.
    Optional<RawEvent> next() throws IOException {
        try {
            var header = new byte[RawEvent.HEADER];
            var count = events.readNBytes(header, 0, RawEvent.HEADER);
            if (count == 0) {
                if (plainBytes != UNTOLD && plainBytes != unpacked) {
                    throw new IllegalArgumentException(
                            "%d bytes were unpacked of %d".formatted(unpacked, plainBytes));
                }
                return Optional.empty();
            }
            var head = new EventBytes(header);
            var length = count < RawEvent.HEADER ? 0 : RawEvent.bodyLength(head);
            var body = events.readNBytes(length);
            if (count < RawEvent.HEADER || body.length < length) {
                throw new IllegalArgumentException("the last event is cut off");
            }
            unpacked += count + length;
            var event = RawEvent.of(head, new EventBytes(body));
            return Optional.of(allowed(event.endingAt(end)));
        } catch (ZstdIOException e) {
            throw new IllegalArgumentException("the transaction cannot be unpacked", e);
        }
    }

    /// What stands between transactions does not stand inside one.
    private static RawEvent allowed(RawEvent event) {
        return switch (event.type()) {
            case RawEvent.STOP,
                    RawEvent.ROTATE,
                    RawEvent.FORMAT_DESCRIPTION,
                    RawEvent.HEARTBEAT,
                    RawEvent.HEARTBEAT_V2,
                    RawEvent.GTID,
                    RawEvent.ANONYMOUS_GTID,
                    RawEvent.GTID_TAGGED,
                    RawEvent.PREVIOUS_GTIDS,
                    RawEvent.TRANSACTION_PAYLOAD ->
                    throw new IllegalArgumentException(
                            "an event of type " + event.type() + " stands inside a transaction");
            default -> event;
        };
    }

    /// Frees what the unpacking took; the body stays open.
    @Override
    public void close() throws IOException {
        events.close();
    }
}
