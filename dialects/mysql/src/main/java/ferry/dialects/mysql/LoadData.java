package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mariadb.jdbc.message.server.OkPacket;

/// One LOAD DATA LOCAL that is open: rows are sent one after the other, and the server stores them
/// as they come. It takes about half of an INSERT's time at the server, which need not read SQL.
///
/// Values go as bytes of their column's character set (`CHARACTER SET binary` converts nothing).
/// LOCAL makes the server pass over what it cannot store, with a warning: so whoever ends the
/// statement must see as many rows as were sent, and no warning ([#end()]).
///
/// The packets are those of MySQL's client/server protocol, "LOCAL INFILE Request": the server asks
/// for a file, and what the client sends up to an empty packet is its content. The driver would
/// read a stream for it; here rows come when they come.
final class LoadData {
    /// Bytes of one packet; larger ones gain nothing.
    private static final int PACKET_BYTES = 64 << 10;

    private static final int FILE_REQUEST = 0xfb;

    private static final ScheduledThreadPoolExecutor WATCHES = watches();

    private final MySqlConnection connection;
    private final List<Column> columns;
    private final boolean[] years;
    private final Message message;
    private byte[] buffer = new byte[2 * PACKET_BYTES];
    private int length;
    private long rows;

    private LoadData(MySqlConnection connection, List<Column> columns, Message message) {
        this.connection = connection;
        this.columns = columns;
        this.message = message;
        years = new boolean[columns.size()];
        for (var i = 0; i < years.length; i++) {
            years[i] = columns.get(i).type() instanceof DataType.Year;
        }
    }

    private static ScheduledThreadPoolExecutor watches() {
        var watches =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("load-data-watch").factory());
        watches.setRemoveOnCancelPolicy(true);
        return watches;
    }

    /// What became of the rows.
    ///
    /// @param sent rows that the server was sent
    /// @param stored rows that it stored
    /// @param warnings how often it warned
    record Result(long sent, long stored, int warnings) {
        boolean clean() {
            return sent == stored && warnings == 0;
        }
    }

    /// True when each of the table's columns can come this way.
    static boolean takes(Table table) {
        return table.carried().stream().allMatch(column -> takes(column.type()));
    }

    private static boolean takes(DataType type) {
        return switch (type) {
            case DataType.Int _,
                    DataType.Decimal _,
                    DataType.Float _,
                    DataType.Year _,
                    DataType.Bits _,
                    DataType.Text _,
                    DataType.Bytes _,
                    DataType.Enumeration _,
                    DataType.Members _,
                    DataType.Json _,
                    DataType.Date _,
                    DataType.Time _,
                    DataType.DateTime _,
                    DataType.Timestamp _ ->
                    true;
            case DataType.Geometry _, DataType.Vector _, DataType.Unknown _ -> false;
        };
    }

    /// Opens the statement for rows of the same shape as this one.
    static LoadData open(MySqlConnection connection, Table table, Row shape) throws SQLException {
        var columns = table.carried();
        var message = new Message(statement(table, shape));
        message.run(connection.driver());
        return new LoadData(connection, columns, message);
    }

    private static String statement(Table table, Row shape) {
        var places = new ArrayList<String>();
        var sets = new ArrayList<String>();
        var columns = table.carried();
        for (var i = 0; i < columns.size(); i++) {
            if (shape.isAbsent(i)) {
                continue;
            }
            var name = MySqlSql.quote(columns.get(i).name());
            if (columns.get(i).type() instanceof DataType.Json) {
                // A column of JSON refuses bytes.
                places.add("@v" + i);
                sets.add("%s = CONVERT(@v%d USING utf8mb4)".formatted(name, i));
            } else {
                places.add(name);
            }
        }
        return "LOAD DATA LOCAL INFILE 'rows' INTO TABLE %s CHARACTER SET binary (%s)%s"
                .formatted(
                        MySqlSql.quote(table.name()),
                        String.join(", ", places),
                        sets.isEmpty() ? "" : " SET " + String.join(", ", sets));
    }

    /// Sends a row.
    void add(Row row) throws SQLException {
        var first = true;
        for (var i = 0; i < years.length; i++) {
            if (!row.isAbsent(i)) {
                reserve(2 * row.length(i) + 6);
                if (!first) {
                    buffer[length++] = '\t';
                }
                first = false;
                add(row, i);
            }
        }
        buffer[length++] = '\n';
        rows++;
        if (length >= PACKET_BYTES) {
            send();
        }
    }

    private void add(Row row, int index) {
        if (row.isNull(index)) {
            buffer[length++] = '\\';
            buffer[length++] = 'N';
            return;
        }
        if (years[index] && row.length(index) == 1) {
            // As a text, 0 is the year 2000.
            buffer[length++] = '0';
            buffer[length++] = '0';
            buffer[length++] = '0';
        }
        var from = length;
        length += row.copyTo(index, buffer, length);
        for (var i = from; i < length; i++) {
            var one = buffer[i];
            if (one == '\\' || one == '\t' || one == '\n') {
                escape(row, index, from);
                return;
            }
        }
    }

    private void escape(Row row, int index, int from) {
        var value = row.bytes(index);
        length = from;
        for (var one : value) {
            if (one == '\\' || one == '\t' || one == '\n') {
                buffer[length++] = '\\';
            }
            buffer[length++] = one;
        }
    }

    private void reserve(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, 2 * buffer.length));
        }
    }

    /// Sends what is written so far, in pieces: the server takes no packet beyond
    /// max_allowed_packet, but the content of the file may be cut anywhere.
    private void send() throws SQLException {
        for (var from = 0; from < length; from += PACKET_BYTES) {
            var piece = Math.min(PACKET_BYTES, length - from);
            var begin = from;
            watched(() -> {
                message.wire.writer().writeBytes(buffer, begin, piece);
                message.wire.writer().flush();
                return null;
            });
        }
        length = 0;
        if (buffer.length > 16 * PACKET_BYTES) {
            buffer = new byte[2 * PACKET_BYTES];
        }
    }

    /// Gives a server up that stands still: the socket's time limit does not bound a write. An
    /// interrupt closes the socket under a virtual thread, which is what all work runs on; the
    /// driver's own abort would wait for the write.
    private <T> T watched(Exchange<T> exchange) throws SQLException {
        var limit = connection.driver().getNetworkTimeout();
        var overdue = new AtomicBoolean();
        var worker = Thread.currentThread();
        var watch =
                WATCHES.schedule(
                        () -> {
                            overdue.set(true);
                            worker.interrupt();
                        },
                        limit,
                        TimeUnit.MILLISECONDS);
        try {
            return exchange.run();
        } catch (IOException lost) {
            if (overdue.get()) {
                Thread.interrupted(); // it was ours
            }
            connection.abort();
            throw new SQLException("the connection was lost: " + lost.getMessage(), "08000", lost);
        } finally {
            watch.cancel(false);
        }
    }

    @FunctionalInterface
    private interface Exchange<T> {
        T run() throws IOException, SQLException;
    }

    /// Ends the statement and says what became of the rows. Throws what the server answered if it
    /// refused all of them.
    Result end() throws SQLException {
        if (length > 0) {
            send();
        }
        var answer =
                watched(() -> {
                    message.wire.writer().writeEmptyPacket();
                    return message.result();
                });
        return new Result(rows, answer.getAffectedRows(), message.wire.context().getWarning());
    }

    /// The statement up to the server's request; what comes then is written and read through what
    /// it keeps. The connection must not be used otherwise until the answer is there.
    private static final class Message extends WireStatement {
        private Wire wire;

        Message(String statement) {
            super(statement);
        }

        @Override
        void answer(Wire opened) throws IOException, SQLException {
            wire = opened;
            if (wire.read().getUnsignedByte() != FILE_REQUEST) {
                throw new IllegalStateException("the server asks for no rows: " + description());
            }
        }

        OkPacket result() throws IOException, SQLException {
            return OkPacket.parse(wire.read(), wire.context());
        }
    }
}
