package ferry.engine.pipeline;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.dialect.Ends;
import ferry.engine.load.LoadBoard;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Progress.TableProgress;
import ferry.engine.verify.TableReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gathers a [Progress] from the parts of a running pipeline.
final class ProgressView {
    private ProgressView() {}

    static Progress of(
            Ends ends,
            Stage stage,
            String waitsFor,
            Marks marks,
            LoadBoard board,
            Optional<Pipeline.Link> link,
            Optional<Verification> verification,
            Map<TableName, Long> estimates) {
        var tables =
                marks.tables().stream()
                        .map(mark ->
                                new TableProgress(
                                        mark.name().toString(),
                                        mark.phase().name(),
                                        marks.chunks(mark).stream()
                                                .mapToLong(ChunkMark::rows)
                                                .sum(),
                                        estimates.getOrDefault(mark.name(), 0L)))
                        .toList();
        var reports = verification.map(Verification::reports).orElse(List.of());
        var nowMicros = ends.clock().millis() * 1000;
        var captureLag = link.flatMap(open -> captureLag(nowMicros, open));
        return new Progress(
                stage,
                tables,
                board.rows(),
                board.bytes(),
                link.map(open -> open.capture().transactions()).orElse(0L),
                link.map(open -> open.apply().changes()).orElse(0L),
                captureLag,
                link.flatMap(open -> applyLag(nowMicros, open, captureLag)),
                (int) reports.stream().filter(TableReport::ended).count(),
                reports.stream().mapToLong(report -> report.differences().size()).sum(),
                marks.refusedKeys().stream().map(RefusedKey::text).toList(),
                waitsFor,
                Map.of());
    }

    static Optional<Duration> captureLag(long nowMicros, Pipeline.Link link) {
        return lag(nowMicros, link.capture().sourceMicros());
    }

    /// Of the whole way: capture's when everything that it captured is in the target, and never
    /// less than that.
    private static Optional<Duration> applyLag(
            long nowMicros, Pipeline.Link link, Optional<Duration> captureLag) {
        var applied = link.apply().applied();
        if (applied.isPresent() && applied.orElseThrow().covers(link.capture().read())) {
            return captureLag;
        }
        return lag(nowMicros, link.apply().appliedMicros())
                .map(lag -> captureLag.filter(captured -> captured.compareTo(lag) > 0).orElse(lag));
    }

    private static Optional<Duration> lag(long nowMicros, long sourceMicros) {
        return sourceMicros == 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.max(0, (nowMicros - sourceMicros) / 1000)));
    }
}
