package ferry.dialects.mysql;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.mariadb.jdbc.Connection;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.message.ClientMessage;
import org.mariadb.jdbc.message.server.OkPacket;

/// Statements without rows that go to the server as the bytes they are written in. The driver would
/// take them as a text, and encode them anew.
///
/// @param sql one statement, or several with `;` between them
record SqlMessage(RowSql sql) implements ClientMessage {
    /// Runs so many statements; returns the rows that each found or stored.
    static List<Long> run(Connection connection, RowSql sql, int statements) throws SQLException {
        var affected = new ArrayList<Long>();
        for (var answer : connection.getClient().execute(new SqlMessage(sql), true)) {
            if (!(answer instanceof OkPacket ok)) {
                throw new IllegalStateException("a statement was answered with rows");
            }
            affected.add(ok.getAffectedRows());
        }
        if (affected.size() != statements) {
            throw new IllegalStateException(
                    affected.size() + " results of " + statements + " statements");
        }
        return affected;
    }

    @Override
    public int encode(Writer writer, Context context) throws IOException {
        return Packets.query(writer, sql.array(), sql.length());
    }

    @Override
    public String description() {
        return sql.text();
    }
}
