package ferry.dialects.mysql;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/// Cuts what a server sends for a dump into raw events, checks their checksums, and puts the events
/// of compressed transactions in the places of those ([TransactionPayload]).
final class RawEvents {
    private static final int CHECKSUM = 4;

    private final LogPackets packets;
    private final EventQueue queue;
    private final CRC32 crc = new CRC32();
    private boolean checksummed;

    /// `checksummed`: whether events end with a checksum, up to the first format description.
    RawEvents(InputStream in, EventQueue queue, boolean checksummed) {
        this.packets = new LogPackets(in);
        this.queue = queue;
        this.checksummed = checksummed;
    }

    /// Reads until the server ends the dump, or nobody takes the events any more. Throws
    /// IllegalArgumentException for what is no event.
    void read() throws IOException, InterruptedException {
        var wanted = true;
        while (wanted) {
            if (!packets.hasArrived() && !queue.flush() || !packets.next()) {
                return;
            }
            var header = take(RawEvent.HEADER);
            var type = RawEvent.type(header);
            // A format description always has its place for a checksum, whatever the others have;
            // and the server changes it on its way, in some versions without counting anew.
            var tail = checksummed && type != RawEvent.FORMAT_DESCRIPTION ? CHECKSUM : 0;
            var length = RawEvent.bodyLength(header) - tail;
            if (length < 0) {
                throw new IllegalArgumentException("an event is too short for its checksum");
            }
            crc.reset();
            update(header);
            wanted =
                    type == RawEvent.TRANSACTION_PAYLOAD
                            ? payload(header, length, tail)
                            : event(header, type, length, tail);
        }
    }

    private boolean event(EventBytes header, int type, int length, int tail)
            throws IOException, InterruptedException {
        var body = take(length);
        update(body);
        check(type, tail);
        var event = RawEvent.of(header, body);
        if (type == RawEvent.FORMAT_DESCRIPTION) {
            checksummed = FormatDescription.checksummed(event.read());
        }
        return queue.put(event);
    }

    private void update(EventBytes bytes) {
        crc.update(bytes.array(), bytes.at(), bytes.left());
    }

    /// The checksum comes behind all rows. So the event that makes them count is held back until
    /// the checksum was seen to be right; and no other one in between may do so.
    private boolean payload(EventBytes header, int length, int tail)
            throws IOException, InterruptedException {
        var outer = RawEvent.of(header, new EventBytes(new byte[0]));
        var body = new CheckedInputStream(new Part(packets, length), crc);
        RawEvent last;
        try (var payload = new TransactionPayload(body, length, outer.end())) {
            last =
                    payload.next()
                            .orElseThrow(
                                    () -> new IllegalArgumentException("an empty transaction"));
            for (var next = payload.next(); next.isPresent(); next = payload.next()) {
                if (last.type() == RawEvent.XID || last.type() == RawEvent.XA_PREPARE) {
                    throw new IllegalArgumentException(
                            "an event of type %d stands behind the end of a transaction"
                                    .formatted(next.get().type()));
                }
                if (!queue.put(last)) {
                    return false;
                }
                last = next.get();
            }
        }
        check(RawEvent.TRANSACTION_PAYLOAD, tail);
        return queue.put(last);
    }

    /// Reads the checksum, if there is one, and compares it with what was read before it.
    private void check(int type, int tail) throws IOException {
        if (tail > 0 && crc.getValue() != take(CHECKSUM).u32()) {
            throw new IllegalArgumentException(
                    "an event of type %d has a wrong checksum".formatted(type));
        }
    }

    private EventBytes take(int count) throws IOException {
        var taken = packets.take(count);
        if (taken.left() < count) {
            throw new IllegalArgumentException("an event is longer than its packet");
        }
        return taken;
    }

    /// The next bytes of a stream, as a stream that ends behind them; closing it closes nothing.
    private static final class Part extends InputStream {
        private final InputStream in;
        private int left;

        Part(InputStream in, int length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            var value = left == 0 ? -1 : in.read();
            left -= value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            var taken = in.read(target, from, Math.min(count, left));
            left -= Math.max(taken, 0);
            return taken;
        }
    }
}
