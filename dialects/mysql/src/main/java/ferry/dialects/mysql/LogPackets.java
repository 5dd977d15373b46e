package ferry.dialects.mysql;

import com.github.shyiko.mysql.binlog.network.ServerException;
import com.github.shyiko.mysql.binlog.network.protocol.ErrorPacket;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// What a server sends for a dump: a packet for each event, and further ones where the event is
/// larger than a packet can be. Shows one event at a time as a stream of bytes, which ends where
/// the event ends; none is ever held whole, unless somebody takes it.
///
/// What is received stays where it is: [#take] shows it there, and further bytes go to a new buffer
/// when one is nearly full.
final class LogPackets extends InputStream {
    private static final int BUFFER_BYTES = 64 << 10; // what the processor's cache holds
    private static final int RECEIVED_LEAST = 8 << 10; // what a buffer must have room for
    private static final int HEAD_BYTES = 4;
    private static final int PACKET_BYTES_MAX = 0xffffff; // one of this length is not the last one
    private static final int EVENT = 0x00;
    private static final int ERROR = 0xff;
    private static final int END = 0xfe;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    private int left; // bytes of the packet
    private boolean continued; // by another packet

    LogPackets(InputStream in) {
        this.in = in;
    }

    /// True when the next packet has arrived already.
    boolean hasArrived() {
        return limit - at >= HEAD_BYTES && limit - at - HEAD_BYTES >= length();
    }

    /// Goes to the next event; false where the server ends the dump. Throws what the server says
    /// when it cannot go on.
    boolean next() throws IOException {
        if (read() >= 0) { // behind a full packet there may be an empty one
            throw new IllegalArgumentException("an event is shorter than its packet");
        }
        packet();
        var sign = read();
        switch (sign) {
            case EVENT -> {
                return true;
            }
            case END -> {
                return false;
            }
            case ERROR -> {
                var error = new ErrorPacket(readAllBytes());
                throw new ServerException(
                        error.getErrorMessage(), error.getErrorCode(), error.getSqlState());
            }
            default ->
                    throw new IllegalArgumentException(
                            "a packet of the log begins with 0x" + Integer.toHexString(sign));
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        while (left == 0) {
            if (!continued) {
                return -1;
            }
            packet();
        }
        if (at == limit) {
            receive(1);
        }
        var taken = Math.min(count, Math.min(left, limit - at));
        System.arraycopy(buffer, at, target, from, taken);
        at += taken;
        left -= taken;
        return taken;
    }

    /// The event's next bytes, so many, in an array that never changes again; fewer where the event
    /// ends before.
    EventBytes take(int count) throws IOException {
        if (count <= left && count <= BUFFER_BYTES - RECEIVED_LEAST) {
            while (limit - at < count) {
                receive(count);
            }
            var taken = new EventBytes(buffer, at, at + count);
            at += count;
            left -= count;
            return taken;
        }
        var own = new byte[count]; // what is large, or came in several packets
        return new EventBytes(own, 0, readNBytes(own, 0, count));
    }

    /// Takes the head of the next packet.
    private void packet() throws IOException {
        while (limit - at < HEAD_BYTES) {
            receive(HEAD_BYTES);
        }
        left = length();
        continued = left == PACKET_BYTES_MAX;
        at += HEAD_BYTES;
    }

    /// The length of the packet whose head stands at the front; behind it is a number that nobody
    /// needs.
    private int length() {
        return buffer[at] & 0xff | (buffer[at + 1] & 0xff) << 8 | (buffer[at + 2] & 0xff) << 16;
    }

    /// Waits for more bytes and puts them behind those that are there, which are fewer than
    /// `wanted`.
    private void receive(int wanted) throws IOException {
        if (buffer.length - limit < RECEIVED_LEAST || buffer.length - at < wanted) {
            var next = new byte[BUFFER_BYTES];
            System.arraycopy(buffer, at, next, 0, limit - at);
            buffer = next;
            limit -= at;
            at = 0;
        }
        var received = in.read(buffer, limit, buffer.length - limit);
        if (received < 0) {
            throw new EOFException("the server closed the connection");
        }
        limit += received;
    }
}
