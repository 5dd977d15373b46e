package ferry.testkit.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Gives out free TCP ports.
final class Ports {
    // Below the ports that Linux gives to outgoing connections (32768 and up): between a kill and a
    // restart one of those could take the server's port.
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    // Counts up from a random place, so a JVM never gives out a port twice and two rarely the same.
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private Ports() {}

    static int free() {
        for (var tries = 0; tries < COUNT; tries++) {
            var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no port from %d to %d is free".formatted(FIRST, FIRST + COUNT - 1));
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            // All interfaces, because seekdb listens on all.
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
