package ferry.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Makes a server lie far away: what passes arrives later, half of the round trip in each
/// direction, and as much of it can be under way at a time as a wide line holds. So answers come
/// late, and long ones no slower.
final class Distance implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 16;

    /// With the pieces' size: 64 MiB on its way in each direction of a connection.
    private static final int PIECES = 1 << 10;

    private static final byte[] END = {};

    private final int port;
    private final long nanos;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private Distance(int port, Duration roundTrip) throws IOException {
        this.port = port;
        this.nanos = roundTrip.toNanos() / 2;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /// A port of its own, behind which the server on this port of this machine lies.
    static Distance to(int port, Duration roundTrip) throws IOException {
        var distance = new Distance(port, roundTrip);
        Thread.ofVirtual().start(distance::listen);
        return distance;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void listen() {
        try {
            while (true) {
                var client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(server);
                carry(client, server);
                carry(server, client);
            }
        } catch (IOException e) {
            // Closed: nobody connects any more.
        }
    }

    private record Piece(long due, byte[] bytes) {}

    private void carry(Socket from, Socket to) throws IOException {
        to.setTcpNoDelay(true);
        var underWay = new ArrayBlockingQueue<Piece>(PIECES);
        Thread.ofVirtual().start(() -> take(from, underWay));
        Thread.ofVirtual().start(() -> give(underWay, to));
    }

    private void take(Socket from, BlockingQueue<Piece> underWay) {
        var buffer = new byte[PIECE_BYTES];
        try {
            try {
                var in = from.getInputStream();
                for (var count = in.read(buffer); count > 0; count = in.read(buffer)) {
                    var bytes = Arrays.copyOf(buffer, count);
                    underWay.put(new Piece(System.nanoTime() + nanos, bytes));
                }
            } catch (IOException e) {
                // Closed by one end: the other one hears of it below.
            }
            underWay.put(new Piece(System.nanoTime() + nanos, END));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void give(BlockingQueue<Piece> underWay, Socket to) {
        try (to) {
            var out = to.getOutputStream();
            for (var piece = underWay.take(); piece.bytes().length > 0; piece = underWay.take()) {
                for (var left = piece.due() - System.nanoTime();
                        left > 0;
                        left = piece.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(piece.bytes());
            }
        } catch (IOException e) {
            // Closed: what is still on its way has nowhere to go.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
