package ferry.dialects.mysql;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.ReadableByteBuf;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.server.ErrorPacket;

/// Packets of MySQL's client/server protocol, framed by the driver: what [RowStream], [SqlMessage]
/// and [LoadData] have in common below JDBC.
final class Packets {
    /// What is longer goes in several packets, the last of them shorter than this, and be it empty.
    static final int BYTES_MAX = 0xffffff;

    private static final int QUERY = 0x03;
    private static final int ERROR = 0xff;

    private Packets() {}

    /// Sends a statement; returns 1, the number of answers to come, as the driver wants it.
    static int query(Writer writer, byte[] statement, int length) throws IOException {
        writer.initPacket();
        writer.writeByte(QUERY);
        writer.writeBytes(statement, 0, length);
        writer.flush();
        return 1;
    }

    /// The next whole packet, in memory that is used again; throws what the server refuses.
    static ReadableByteBuf read(Reader reader, Context context, ExceptionFactory exceptions)
            throws IOException, SQLException {
        var packet = reader.readReusablePacket();
        if (packet.readableBytes() == BYTES_MAX) {
            packet = joined(packet, reader);
        }
        if (packet.readableBytes() == 0) {
            throw new IOException("the server sent an empty packet");
        }
        if (packet.getUnsignedByte() == ERROR) {
            var error = new ErrorPacket(packet, context);
            throw exceptions.create(error.getMessage(), error.getSqlState(), error.getErrorCode());
        }
        return packet;
    }

    /// The driver joins packets in another method only, which copies the short ones too.
    private static ReadableByteBuf joined(ReadableByteBuf first, Reader reader) throws IOException {
        var all = new ByteArrayOutputStream(2 * BYTES_MAX);
        var part = first;
        while (true) {
            var length = part.readableBytes();
            all.write(part.buf(), part.pos(), length);
            if (length < BYTES_MAX) {
                return new ReadableByteBuf(all.toByteArray());
            }
            part = reader.readReusablePacket();
        }
    }
}
