package ferry.dialects.mysql;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.network.protocol.command.DumpBinaryLogCommand;
import com.github.shyiko.mysql.binlog.network.protocol.command.DumpBinaryLogGtidCommand;
import com.github.shyiko.mysql.binlog.network.protocol.command.QueryCommand;
import ferry.engine.dialect.Endpoint;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One log connection on a thread of its own, which puts raw events into a queue.
///
/// The library's client makes the connection (login, TLS); everything behind that is ours: the
/// statements before the dump, the dump command, and reading the events ([RawEvents]). So nothing
/// that the library would decode wrongly, keep or skip matters here, and the client never
/// reconnects by itself.
final class LogStream extends BinaryLogClient {
    /// The client names its logger after the class of the instance; it tells each connection, which
    /// we tell in our own words.
    private static final Logger CLIENT = Logger.getLogger(LogStream.class.getName());

    static {
        CLIENT.setLevel(Level.WARNING);
    }

    private static final long NO_PLACE_ABOVE =
            0xffff_ffffL; // the dump command has 32 bits for the offset
    private static final int FILE_BEGIN = 4;
    private static final Duration HEARTBEAT_LEAST = Duration.ofSeconds(1);
    private static final int WRITE_TIME_SECONDS =
            3600; // how long the server waits for a reader whose queue is full

    private final String address;
    private final MySqlPosition after;
    private final EventQueue queue;
    private final Duration heartbeat;
    private final CompletableFuture<LogServer> connected = new CompletableFuture<>();
    private LogServer server;
    private String identity = "";
    private boolean checksummed;

    LogStream(
            Endpoint.Host host,
            Endpoint endpoint,
            MySqlPosition after,
            EventQueue queue,
            Duration heartbeat,
            Duration connectTime,
            long serverId) {
        super(host.name(), host.port(), endpoint.username(), endpoint.password().reveal());
        this.address = host.toString();
        this.after = after;
        this.queue = queue;
        // Servers before 8.0.26 compare whole seconds while they skip what we have: a shorter
        // period makes them send a heartbeat for
        // every transaction that is skipped.
        this.heartbeat = heartbeat.compareTo(HEARTBEAT_LEAST) < 0 ? HEARTBEAT_LEAST : heartbeat;
        setServerId(serverId);
        setKeepAlive(false);
        setConnectTimeout(connectTime.toMillis());
        setBinlogFilename(""); // the client shall not ask for a position
        setThreadFactory(task -> Thread.ofPlatform().daemon().unstarted(task));
        // Heartbeats come when nothing else does, so silence means that the connection is lost. The
        // server skips through its log
        // silently in old versions, therefore not too soon.
        var silence = connectTime.plus(this.heartbeat.multipliedBy(5)).plusSeconds(60);
        setSocketFactory(() -> {
            var socket = new Socket();
            socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
            return socket;
        });
        registerLifecycleListener(
                new AbstractLifecycleListener() {
                    @Override
                    public void onConnect(BinaryLogClient client) {
                        connected.complete(server);
                        readEvents();
                    }
                });
    }

    /// Starts the thread. The answer is the server, or the problem that kept us from reading its
    /// log.
    CompletableFuture<LogServer> start() {
        Thread.ofPlatform().daemon().name("ferry-log-" + address).start(this::run);
        return connected;
    }

    private void run() {
        try {
            connect();
        } catch (UncheckedIOException e) {
            fail(e.getCause());
        } catch (IOException | RuntimeException e) {
            fail(e);
        } catch (Error e) { // short of memory, for instance: the reader must not wait for ever
            fail(new IllegalStateException(e));
            throw e;
        }
    }

    /// Takes the place of the client's own loop, which would hold large events whole: it never
    /// returns, so that the client does not begin it.
    private void readEvents() {
        try {
            new RawEvents(channel.getInputStream(), queue, checksummed).read();
            throw new EOFException("the server closed the connection");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fail(Exception error) {
        var problem = LogProblems.of(error, address);
        connected.completeExceptionally(problem);
        queue.fail(problem);
    }

    /// See [ServerIdentity]; known when [#start] has answered.
    String serverIdentity() {
        return identity;
    }

    /// Nobody reads any more.
    void stop() {
        queue.close();
        try {
            disconnect();
        } catch (IOException e) {
            connected.completeExceptionally(e); // it is closed either way
        }
    }

    // ---- before the dump

    @Override
    protected void setupConnection() throws IOException {
        server = askServer();
        identity = ServerIdentity.of(server.mariaDb(), rows(ServerIdentity.QUERY));
        run(
                "SET @master_heartbeat_period = "
                        + heartbeat.toNanos()
                        + ", @source_heartbeat_period = "
                        + heartbeat.toNanos());
        run("SET net_write_timeout = " + WRITE_TIME_SECONDS);
        var checksum = variable("binlog_checksum");
        if (checksum.isPresent()) {
            run(
                    "SET @master_binlog_checksum = @@global.binlog_checksum, @source_binlog_checksum = @@global.binlog_checksum");
            checksummed = !checksum.get().equalsIgnoreCase("NONE");
        }
        LogStart.check(server, after, this::rows);
    }

    private LogServer askServer() throws IOException {
        var version = rows("SELECT VERSION()").getFirst().getFirst();
        var mariaDb = version.toLowerCase(Locale.ROOT).contains("mariadb");
        var uuid = mariaDb ? Optional.<String>empty() : variable("server_uuid");
        var identity = uuid.isPresent() ? uuid.get() : variable("server_id").orElseThrow();
        var gtids = mariaDb || variable("gtid_mode").orElse("OFF").equals("ON");
        var lowerCase = !variable("lower_case_table_names").orElse("0").equals("0");
        return new LogServer(address, version, identity, mariaDb, gtids, lowerCase);
    }

    private Optional<String> variable(String name) throws IOException {
        var rows = rows("SHOW GLOBAL VARIABLES LIKE '" + name + "'");
        return rows.stream().map(List::getLast).findFirst();
    }

    private void run(String statement) throws IOException {
        channel.write(new QueryCommand(statement));
        checkError(channel.read());
    }

    /// The rows of a query in text; its values must not be NULL.
    private List<List<String>> rows(String query) throws IOException {
        channel.write(new QueryCommand(query));
        checkError(channel.read()); // the number of columns
        while (!isEnd(channel.read())) {
            // one packet for each column
        }
        var rows = new ArrayList<List<String>>();
        for (var packet = channel.read(); !isEnd(packet); packet = channel.read()) {
            checkError(packet);
            var in = new EventBytes(packet);
            var row = new ArrayList<String>();
            while (in.left() > 0) {
                row.add(in.utf8((int) in.packed()));
            }
            rows.add(row);
        }
        return rows;
    }

    private static boolean isEnd(byte[] packet) {
        return packet[0] == (byte) 0xfe && packet.length < 9;
    }

    @Override
    protected void requestBinaryLogStream() throws IOException {
        var gtids = server.follow(after);
        if (server.mariaDb()) {
            run("SET @mariadb_slave_capability = 4");
            if (gtids.isPresent()) {
                run("SET @slave_connect_state = '" + gtids.get().text() + "'");
                run("SET @slave_gtid_strict_mode = 1");
                run("SET @slave_gtid_ignore_duplicates = 0");
                channel.write(new DumpBinaryLogCommand(getServerId(), "", FILE_BEGIN));
                return;
            }
        } else if (gtids.isPresent()) {
            var set = new com.github.shyiko.mysql.binlog.GtidSet(gtids.get().text());
            channel.write(new DumpBinaryLogGtidCommand(getServerId(), "", FILE_BEGIN, set));
            return;
        }
        var place = after.place().orElseThrow();
        // An offset beyond 32 bits cannot be asked for: the file is read from its beginning, and
        // what is known is passed over.
        var offset =
                place.offset() > NO_PLACE_ABOVE ? FILE_BEGIN : Math.max(FILE_BEGIN, place.offset());
        channel.write(new DumpBinaryLogCommand(getServerId(), place.file(), offset));
    }
}
