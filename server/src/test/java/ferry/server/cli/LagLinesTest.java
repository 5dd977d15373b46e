package ferry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.pipeline.Lag;
import ferry.engine.pipeline.Lag.Part;
import ferry.engine.pipeline.Lag.Percentiles;
import ferry.server.journal.Json;
import ferry.server.run.Picture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// The lag as `status` shows it, from what stands in the status file.
final class LagLinesTest {
    @Test
    void partsAndPercentilesAreToldWithWhatTheyRestOn() {
        var lag =
                new Lag(
                        Map.of(
                                Part.CAPTURE, Duration.ofMillis(200),
                                Part.QUEUE, Duration.ofMillis(300),
                                Part.APPLY, Duration.ofMillis(600),
                                Part.TOTAL, Duration.ofMillis(1_100)),
                        Map.of(
                                Part.TOTAL,
                                new Percentiles(
                                        Duration.ofMillis(900),
                                        Duration.ofMillis(1_500),
                                        Duration.ofMillis(2_000),
                                        Duration.ofMillis(2_100))),
                        Map.of(),
                        "heartbeats in drc.heartbeat every 5s");

        assertThat(lines(lag))
                .containsExactly(
                        "lag 1.1 s (capture 0.2 s, queue 0.3 s, apply 0.6 s)",
                        "  last minute: total p50 0.9 s p95 1.5 s p99 2.0 s",
                        "  measured by heartbeats in drc.heartbeat every 5s");
    }

    @Test
    void whatIsNotKnownIsNotTold() {
        assertThat(lines(Lag.UNKNOWN)).isEmpty();
        assertThat(LagLines.of(null)).isEmpty();
    }

    private static List<String> lines(Lag lag) {
        var picture =
                new Picture(Instant.EPOCH, List.of(), List.of(), lag, List.of(), Optional.empty());
        // JSON is YAML, so this is what a reader of the file gets.
        return LagLines.of(new Yaml().<Object>load(Json.line(picture.fields())));
    }
}
