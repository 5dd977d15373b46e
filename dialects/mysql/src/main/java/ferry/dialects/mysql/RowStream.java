package ferry.dialects.mysql;

import java.io.IOException;
import java.sql.SQLException;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.ReadableByteBuf;

/// A SELECT whose rows are taken as they come off the wire: the text protocol sends each value as
/// its length and what the server prints. The driver opens the connection and frames the packets;
/// its ResultSet, which copies each value twice, makes texts of numbers and reads dates its own
/// way, is left out.
///
/// The packets are those of MySQL's client/server protocol, "COM_QUERY Response".
final class RowStream extends WireStatement {
    private static final int END = 0xfe;
    private static final int OK = 0x00;

    private static final int MORE_RESULTS = 0x08;

    private final int columnCount;
    private final Rows rows;

    /// Takes rows.
    interface Rows {
        /// One row lies in the buffer from its position to its end; the buffer is used again.
        void take(ReadableByteBuf packet);
    }

    RowStream(String query, int columnCount, Rows rows) {
        super(query);
        this.columnCount = columnCount;
        this.rows = rows;
    }

    @Override
    void answer(Wire wire) throws IOException, SQLException {
        var head = wire.read();
        if (head.getUnsignedByte() == OK) {
            throw new IllegalStateException("a query was answered without rows: " + description());
        }
        var columns = head.readIntLengthEncodedNotNull();
        if (columns != columnCount) {
            throw new IllegalStateException(
                    "%d columns where %d must be: %s"
                            .formatted(columns, columnCount, description()));
        }
        for (var i = wire.context().isEofDeprecated() ? 0 : -1; i < columns; i++) {
            wire.read(); // a column's definition, or their end
        }
        while (true) {
            var packet = wire.read();
            // A row's first value can begin with the same byte, but only in a longer packet.
            if (packet.getUnsignedByte() == END && packet.readableBytes() < Packets.BYTES_MAX) {
                end(packet, wire.context());
                return;
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
