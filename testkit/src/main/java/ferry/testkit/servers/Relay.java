package ferry.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A TCP relay on 127.0.0.1 in front of a server that does to connections what bad networks do.
public final class Relay implements AutoCloseable {
    private static final int PIECE_BYTES_MAX = 64 * 1024;
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int BACKLOG = 200;
    private static final long UNLIMITED = -1;

    private final InetSocketAddress server;
    private final int port;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // The next five are guarded by the lock.
    private final long[] bytesLeft = {UNLIMITED, UNLIMITED};
    private boolean stalled;
    private Duration delay = Duration.ZERO;
    private ServerSocket listener;
    private Thread acceptor;
    private volatile boolean closed;

    private Relay(InetSocketAddress server, int port) {
        this.server = server;
        this.port = port;
    }

    /// Which way bytes go.
    public enum Direction {
        /// What the client sends.
        TO_SERVER,
        /// What the server sends.
        TO_CLIENT
    }

    /// A relay on a free port that forwards to the server.
    public static Relay to(DatabaseServer server) {
        return to(server.host(), server.port());
    }

    /// A relay on a free port that forwards to whoever listens there when a client connects.
    public static Relay to(String host, int port) {
        return to(host, port, Ports.free());
    }

    static Relay to(String host, int port, int ownPort) {
        var relay = new Relay(new InetSocketAddress(host, port), ownPort);
        relay.accept();
        return relay;
    }

    /// The port to connect to, on 127.0.0.1; it stays the same.
    public int port() {
        return port;
    }

    /// A URL for root through this relay; more parameters can be appended with `&`.
    public String jdbcUrl(String database) {
        return DatabaseServer.jdbcUrl("127.0.0.1", port, database);
    }

    /// How many connections are open.
    public int connections() {
        return links.size();
    }

    /// Resets all connections now, on both sides. New ones are accepted.
    public void cut() {
        for (var link : links) {
            links.remove(link);
            link.cut();
        }
        wakeAll();
    }

    /// Forwards that many more bytes in that direction, counted over all connections; then closes
    /// the connection whose byte would be the next. That happens once.
    public void cutAfter(Direction direction, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes is negative: " + bytes);
        }
        lock.lock();
        try {
            bytesLeft[direction.ordinal()] = bytes;
        } finally {
            lock.unlock();
        }
    }

    /// Stops forwarding, but keeps all connections open and still accepts new ones.
    public void stall() {
        stalled(true);
    }

    /// Goes on after [#stall()]; no byte was lost.
    public void goOn() {
        stalled(false);
    }

    private void stalled(boolean now) {
        lock.lock();
        try {
            stalled = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Holds every piece of at most 64 KiB back for that long, in both directions; zero ends it. A
    /// long answer so becomes slow, not only late.
    public void delay(Duration each) {
        lock.lock();
        try {
            delay = each;
        } finally {
            lock.unlock();
        }
    }

    /// Refuses new connections, as if no server ran. Open ones go on.
    public void refuse() {
        lock.lock();
        try {
            listener.close();
            // The port is open until the thread that waits on it has noticed.
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Accepts new connections again, after [#refuse()].
    public void accept() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the relay on port %d was closed".formatted(port));
            }
            if (listener != null && !listener.isClosed()) {
                return;
            }
            var opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
            listener = opened;
            acceptor = Thread.ofVirtual().name("relay-" + port).start(() -> listen(opened));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /// Resets all connections and frees the port.
    @Override
    public void close() {
        closed = true;
        refuse();
        cut();
    }

    private void listen(ServerSocket open) {
        while (true) {
            try {
                var client = open.accept();
                Thread.ofVirtual().start(() -> link(client));
            } catch (IOException e) {
                return; // Refused from now on.
            }
        }
    }

    private void link(Socket client) {
        var toServer = new Socket();
        var link = new Link(client, toServer);
        links.add(link);
        if (closed) {
            end(link); // It was accepted just before, too late for the cut.
            return;
        }
        try {
            client.setTcpNoDelay(true);
            toServer.setTcpNoDelay(true);
            toServer.connect(server, CONNECT_MILLIS_MAX);
        } catch (IOException e) {
            end(link); // No server: the client sees its connection closed.
            return;
        }
        Thread.ofVirtual().start(() -> forward(link, Direction.TO_SERVER));
        Thread.ofVirtual().start(() -> forward(link, Direction.TO_CLIENT));
    }

    private void forward(Link link, Direction direction) {
        var from = direction == Direction.TO_SERVER ? link.client() : link.server();
        var to = direction == Direction.TO_SERVER ? link.server() : link.client();
        var piece = new byte[PIECE_BYTES_MAX];
        try {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (var count = in.read(piece); count > 0; count = in.read(piece)) {
                var allowed = await(link, direction, count);
                out.write(piece, 0, allowed);
                if (allowed < count) {
                    end(link);
                    return;
                }
            }
            to.shutdownOutput();
            if (link.endedDirections().incrementAndGet() == Direction.values().length) {
                end(link);
            }
        } catch (IOException e) {
            end(link); // One side is gone, so the other one goes.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(link);
        }
    }

    /// Waits until a piece may pass, and returns how much of it.
    private int await(Link link, Direction direction, int count) throws InterruptedException {
        lock.lock();
        try {
            for (var left = delay.toNanos(); left > 0 && link.isOpen(); ) {
                left = changed.awaitNanos(left);
            }
            while (stalled && link.isOpen()) {
                changed.await();
            }
            var left = bytesLeft[direction.ordinal()];
            if (left == UNLIMITED) {
                return count;
            }
            bytesLeft[direction.ordinal()] = left < count ? UNLIMITED : left - count;
            return (int) Math.min(left, count);
        } finally {
            lock.unlock();
        }
    }

    private void end(Link link) {
        links.remove(link);
        link.close();
        wakeAll();
    }

    private void wakeAll() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A client's connection and the one to the server that belongs to it.
    private record Link(Socket client, Socket server, AtomicInteger endedDirections) {
        Link(Socket client, Socket server) {
            this(client, server, new AtomicInteger());
        }

        boolean isOpen() {
            return !client.isClosed();
        }

        void cut() {
            reset(client);
            reset(server);
        }

        void close() {
            closeQuietly(client);
            closeQuietly(server);
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0); // Then closing sends a reset.
            } catch (IOException e) {
                // It is closed already.
            }
            closeQuietly(socket);
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // There is nothing more to lose.
            }
        }
    }
}
