package ferry.engine.governor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ThrottleUrlTest {
    private static ThrottleUrl throttle(int port) {
        return new ThrottleUrl(
                new Watch.OfUrl(
                        "govern.throttle.url",
                        URI.create("http://user:secret@127.0.0.1:" + port + "/check?token=secret")),
                Duration.ofMillis(500));
    }

    @Test
    void onlyStatus200LetsWorkGoOn() throws IOException {
        var status = new AtomicInteger();
        var method = new AtomicReference<String>();
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/check",
                exchange -> {
                    method.set(exchange.getRequestMethod());
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(status.get(), -1);
                    exchange.close();
                });
        server.start();
        try {
            var url = throttle(server.getAddress().getPort());
            for (var refusal : new int[] {201, 302, 404, 429, 503}) {
                status.set(refusal);
                assertThat(url.look())
                        .isEqualTo(
                                new Seen.Stressed(
                                        "http://127.0.0.1:%d/check, which answers %d (govern.throttle.url)"
                                                .formatted(
                                                        server.getAddress().getPort(), refusal)));
            }
            status.set(200);
            assertThat(url.look()).isEqualTo(new Seen.Calm());
            assertThat(method.get()).isEqualTo("HEAD");
            url.close();
            assertThat(url.look()).as("opened again").isEqualTo(new Seen.Calm());
            url.close();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAddressThatNobodyServesIsUnknownAndKeepsItsSecret() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var url = throttle(port);

        var seen = (Seen.Unknown) url.look();

        assertThat(seen.why())
                .contains("http://127.0.0.1:" + port + "/check")
                .doesNotContain("secret");
        url.close();
    }

    @Test
    void anAnswerThatDoesNotComeIsUnknownInTime() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var url = throttle(silent.getLocalPort());
            var began = System.nanoTime();

            assertThat(url.look()).isInstanceOf(Seen.Unknown.class);

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(20));
            url.close();
        }
    }
}
