package ferry.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The least that any capture must do: takes a server's binary log from the connection and writes
/// its bytes to a file, made durable as often as the change log is. It decodes nothing.
///
/// Speaks the client protocol of MySQL itself, so that nothing is done but this. The account has no
/// password.
final class RawDrain {
    private static final int COM_QUERY = 3;
    private static final int COM_BINLOG_DUMP = 0x12;

    /// The server ends the dump where its log ends, instead of waiting for more.
    private static final short NON_BLOCK = 1;

    private static final int PACKET_MAX = 0xffffff;
    private static final int CAPABILITIES =
            0x1 // long password
                    | 0x4 // long flag
                    | 0x200 // protocol 4.1
                    | 0x2000 // transactions
                    | 0x8000 // secure connection
                    | 0x80000; // authentication plugins
    private static final byte UTF8 = 33;
    private static final int SERVER_ID = 1_999_999_999;

    private final DataInputStream in;
    private final OutputStream out;
    private int sequence;

    private RawDrain(Socket socket) throws IOException {
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 18));
        out = socket.getOutputStream();
    }

    /// Arguments: port, user, the log file and the offset to begin at, the file to write, the
    /// milliseconds between two fsyncs, and how often.
    public static void main(String[] arguments) throws IOException {
        var bytes = 0L;
        for (var pass = 1; pass <= Integer.parseInt(arguments[6]); pass++) {
            bytes += drain(arguments, Path.of(arguments[4] + pass));
        }
        System.out.println("bytes=" + bytes);
    }

    private static long drain(String[] arguments, Path copy) throws IOException {
        try (var socket = new Socket("127.0.0.1", Integer.parseInt(arguments[0]));
                var file =
                        FileChannel.open(
                                copy,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING)) {
            socket.setTcpNoDelay(true);
            var drain = new RawDrain(socket);
            drain.connect(arguments[1]);
            // Events come with the checksums that the log has.
            drain.query("SET @master_binlog_checksum = @@global.binlog_checksum");
            return drain.dump(
                    arguments[2],
                    Long.parseLong(arguments[3]),
                    file,
                    Long.parseLong(arguments[5]) * 1_000_000);
        }
    }

    private void connect(String user) throws IOException {
        read(); // the greeting: without a password its challenge does not matter
        var answer = little(64 + user.length());
        answer.putInt(CAPABILITIES).putInt(PACKET_MAX).put(UTF8).put(new byte[23]);
        answer.put(user.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        answer.put((byte) 0);
        answer.put("mysql_native_password\0".getBytes(StandardCharsets.US_ASCII));
        write(answer);
        var reply = read();
        if (reply.length > 0 && reply[0] == (byte) 0xfe) {
            write(little(0)); // another plugin, and still no password
            reply = read();
        }
        requireOk(reply);
    }

    private void query(String sql) throws IOException {
        command(COM_QUERY, little(sql.length()).put(sql.getBytes(StandardCharsets.US_ASCII)));
        requireOk(read());
    }

    private long dump(String log, long offset, FileChannel file, long syncNanos)
            throws IOException {
        command(
                COM_BINLOG_DUMP,
                little(10 + log.length())
                        .putInt((int) offset)
                        .putShort(NON_BLOCK)
                        .putInt(SERVER_ID)
                        .put(log.getBytes(StandardCharsets.US_ASCII)));
        var buffer = ByteBuffer.allocateDirect(1 << 20);
        var written = 0L;
        var synced = System.nanoTime();
        while (true) {
            var event = read();
            if (event[0] == (byte) 0xfe && event.length < 9) {
                break;
            }
            if (event[0] != 0) {
                requireOk(event);
            }
            for (var at = 1; at < event.length; ) {
                if (!buffer.hasRemaining()) {
                    written += flush(buffer, file);
                }
                var part = Math.min(buffer.remaining(), event.length - at);
                buffer.put(event, at, part);
                at += part;
            }
            if (System.nanoTime() - synced > syncNanos) {
                written += flush(buffer, file);
                file.force(false);
                synced = System.nanoTime();
            }
        }
        written += flush(buffer, file);
        file.force(false);
        return written;
    }

    private static long flush(ByteBuffer buffer, FileChannel file) throws IOException {
        buffer.flip();
        var count = buffer.remaining();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
        return count;
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void command(int code, ByteBuffer body) throws IOException {
        sequence = 0;
        write(little(1 + body.position()).put((byte) code).put(body.array(), 0, body.position()));
    }

    private void write(ByteBuffer body) throws IOException {
        var length = body.position();
        var packet = little(4 + length).putInt(length | sequence++ << 24);
        out.write(packet.put(body.array(), 0, length).array());
        out.flush();
    }

    /// One packet's payload; what the protocol has cut at 16 MB is put together.
    private byte[] read() throws IOException {
        var head = Integer.reverseBytes(in.readInt());
        var length = head & PACKET_MAX;
        sequence = (head >>> 24) + 1;
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the server closed the connection");
        }
        if (length < PACKET_MAX) {
            return body;
        }
        var rest = read();
        var whole = new byte[body.length + rest.length];
        System.arraycopy(body, 0, whole, 0, body.length);
        System.arraycopy(rest, 0, whole, body.length, rest.length);
        return whole;
    }

    private static void requireOk(byte[] reply) throws IOException {
        if (reply.length > 0 && reply[0] == (byte) 0xff) {
            throw new IOException(
                    "the server refused: "
                            + new String(reply, 3, reply.length - 3, StandardCharsets.UTF_8));
        }
    }
}
