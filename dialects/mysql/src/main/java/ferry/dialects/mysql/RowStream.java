package ferry.dialects.mysql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.mariadb.jdbc.Statement;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.ReadableByteBuf;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.ClosableLock;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.ClientMessage;

/// A SELECT whose rows are taken as they come off the wire: the text protocol sends each value as
/// its length and what the server prints. The driver opens the connection and frames the packets;
/// its ResultSet, which copies each value twice, makes texts of numbers and reads dates its own
/// way, is left out. Measured: see [MySqlRows].
///
/// The packets are those of MySQL's client/server protocol, "COM_QUERY Response".
final class RowStream implements ClientMessage {
    private static final int END = 0xfe;
    private static final int OK = 0x00;

    private static final int MORE_RESULTS = 0x08;

    private final String query;
    private final int columnCount;
    private final Runnable begun;
    private final Rows rows;

    /// Takes rows.
    interface Rows {
        /// One row lies in the buffer from its position to its end; the buffer is used again.
        void take(ReadableByteBuf packet);
    }

    /// Nothing is left of what is read.
    private enum Done implements Completion {
        DONE
    }

    /// `begun` runs when the server has begun to answer.
    RowStream(String query, int columnCount, Runnable begun, Rows rows) {
        this.query = query;
        this.columnCount = columnCount;
        this.begun = begun;
        this.rows = rows;
    }

    /// Runs the query over this connection. When `rows` or `begun` throws, the connection is of no
    /// more use.
    void run(org.mariadb.jdbc.Connection connection) throws SQLException {
        connection.getClient().execute(this, true);
    }

    @Override
    public int encode(Writer writer, Context context) throws IOException {
        var text = query.getBytes(StandardCharsets.UTF_8);
        return Packets.query(writer, text, text.length);
    }

    @Override
    public String description() {
        return query;
    }

    @Override
    public Completion readPacket(
            Statement statement,
            int fetchSize,
            long maxRows,
            int concurrency,
            int type,
            boolean closeOnCompletion,
            Reader reader,
            Writer writer,
            Context context,
            ExceptionFactory exceptions,
            ClosableLock lock,
            boolean traced,
            ClientMessage message,
            Consumer<String> redirect)
            throws IOException, SQLException {
        var head = Packets.read(reader, context, exceptions);
        if (head.getUnsignedByte() == OK) {
            throw new IllegalStateException("a query was answered without rows: " + query);
        }
        var columns = head.readIntLengthEncodedNotNull();
        if (columns != columnCount) {
            throw new IllegalStateException(
                    "%d columns where %d must be: %s".formatted(columns, columnCount, query));
        }
        for (var i = context.isEofDeprecated() ? 0 : -1; i < columns; i++) {
            Packets.read(reader, context, exceptions); // a column's definition, or their end
        }
        begun.run();
        while (true) {
            var packet = Packets.read(reader, context, exceptions);
            // A row's first value can begin with the same byte, but only in a longer packet.
            if (packet.getUnsignedByte() == END && packet.readableBytes() < Packets.BYTES_MAX) {
                end(packet, context);
                return Done.DONE;
            }
            rows.take(packet);
        }
    }

    private static void end(ReadableByteBuf packet, Context context) {
        packet.skip(1);
        int warnings;
        int status;
        if (context.isEofDeprecated()) {
            packet.skipLengthEncoded(); // affected rows
            packet.skipLengthEncoded(); // last insert id
            status = packet.readUnsignedShort();
            warnings = packet.readUnsignedShort();
        } else {
            warnings = packet.readUnsignedShort();
            status = packet.readUnsignedShort();
        }
        context.setWarning(warnings);
        // One query has one result, and the driver would wait for more.
        context.setServerStatus(status & ~MORE_RESULTS);
    }
}
