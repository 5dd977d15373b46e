package ferry.dialects.mysql;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.mariadb.jdbc.Statement;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.ClosableLock;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.ClientMessage;
import org.mariadb.jdbc.message.server.OkPacket;

/// Statements without rows that go to the server as the bytes they are written in. The driver would
/// take them as a text, and encode them anew; and of several it would keep only the last one's
/// warnings.
final class SqlMessage implements ClientMessage {
    private final RowSql sql;
    private final long waitNanos;
    private final List<Answer> given = new ArrayList<>();

    /// What the server says of one statement: rows that it found or stored, and how often it warns.
    record Answer(long rows, int warnings) {}

    /// What came back.
    ///
    /// @param given the answers of the statements before the one that failed, or of all
    /// @param failure of the first that failed; those behind it were not run
    record Answers(List<Answer> given, Optional<SQLException> failure) {}

    private SqlMessage(RowSql sql, long waitNanos) {
        this.sql = sql;
        this.waitNanos = waitNanos;
    }

    /// Runs one statement.
    static Answers run(MySqlConnection connection, RowSql sql) {
        return run(connection, sql, 0);
    }

    /// Runs statements with `;` between them, and waits so long before it looks for answers.
    static Answers run(MySqlConnection connection, RowSql sql, long waitNanos) {
        var message = new SqlMessage(sql, waitNanos);
        try {
            connection.driver().getClient().execute(message, true);
            return new Answers(message.given, Optional.empty());
        } catch (SQLException failure) {
            return new Answers(message.given, Optional.of(failure));
        }
    }

    @Override
    public int encode(Writer writer, Context context) throws IOException {
        return Packets.query(writer, sql.array(), sql.length());
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
        if (given.isEmpty() && waitNanos > 0) {
            LockSupport.parkNanos(waitNanos);
        }
        var completion =
                ClientMessage.super.readPacket(
                        statement,
                        fetchSize,
                        maxRows,
                        concurrency,
                        type,
                        closeOnCompletion,
                        reader,
                        writer,
                        context,
                        exceptions,
                        lock,
                        traced,
                        message,
                        redirect);
        if (!(completion instanceof OkPacket ok)) {
            throw new IllegalStateException("a statement was answered with rows");
        }
        given.add(new Answer(ok.getAffectedRows(), context.getWarning()));
        return completion;
    }

    @Override
    public String description() {
        return sql.text();
    }
}
