package ferry.engine.governor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/// Asks an address whether load and apply may go on. Only status 200 lets them; a redirection is
/// not followed. The words name the address without user and query, which may hold secrets.
final class ThrottleUrl {
    private static final int GO_ON = 200;

    private final Watch.OfUrl watch;
    private final Duration askTime;
    private Optional<HttpClient> client = Optional.empty();

    ThrottleUrl(Watch.OfUrl watch, Duration askTime) {
        this.watch = watch;
        this.askTime = askTime;
    }

    Seen look() {
        if (client.isEmpty()) {
            client =
                    Optional.of(
                            HttpClient.newBuilder()
                                    .version(HttpClient.Version.HTTP_1_1)
                                    .followRedirects(HttpClient.Redirect.NEVER)
                                    .connectTimeout(askTime)
                                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                                    .build());
        }
        var request =
                HttpRequest.newBuilder(watch.url())
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .timeout(askTime)
                        .build();
        try {
            var status = client.orElseThrow().send(request, BodyHandlers.discarding()).statusCode();
            return status == GO_ON
                    ? new Seen.Calm()
                    : new Seen.Stressed(
                            "%s, which answers %d (%s)"
                                    .formatted(shown(watch.url()), status, watch.setting()));
        } catch (IOException e) {
            return unknown(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // asked to stop
            return unknown("interrupted");
        }
    }

    void close() {
        // Not close(), which would wait for a question that hangs.
        client.ifPresent(HttpClient::shutdownNow);
        client = Optional.empty();
    }

    private Seen unknown(String why) {
        return new Seen.Unknown(
                "%s, which does not answer: %s (%s, govern.unknown)"
                        .formatted(shown(watch.url()), why, watch.setting()));
    }

    private static String shown(URI url) {
        var port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getPath();
    }
}
