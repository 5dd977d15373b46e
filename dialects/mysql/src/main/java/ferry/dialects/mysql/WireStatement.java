package ferry.dialects.mysql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.mariadb.jdbc.Connection;
import org.mariadb.jdbc.Statement;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.ReadableByteBuf;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.ClosableLock;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.ClientMessage;

/// A statement whose answer is read packet by packet, below JDBC.
abstract class WireStatement implements ClientMessage {
    private final String statement;

    /// What an answer is read through, and what is sent further.
    record Wire(Reader reader, Writer writer, Context context, ExceptionFactory exceptions) {
        /// The next whole packet, in memory that is used again; throws what the server refuses.
        ReadableByteBuf read() throws IOException, SQLException {
            return Packets.read(reader, context, exceptions);
        }
    }

    /// The driver needs no more of the answer.
    private enum Answered implements Completion {
        ANSWERED
    }

    WireStatement(String statement) {
        this.statement = statement;
    }

    /// Reads the answer, or as much of it as there is before the server waits for more.
    abstract void answer(Wire wire) throws IOException, SQLException;

    /// Runs the statement over this connection. When [#answer] throws, the connection is of no more
    /// use.
    void run(Connection connection) throws SQLException {
        connection.getClient().execute(this, true);
    }

    @Override
    public int encode(Writer writer, Context context) throws IOException {
        var text = statement.getBytes(StandardCharsets.UTF_8);
        return Packets.query(writer, text, text.length);
    }

    @Override
    public String description() {
        return statement;
    }

    @Override
    public Completion readPacket(
            Statement ignored,
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
        answer(new Wire(reader, writer, context, exceptions));
        return Answered.ANSWERED;
    }
}
