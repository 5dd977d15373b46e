package ferry.engine.pipeline;

import ferry.engine.apply.Heat;
import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.load.LoadBoard;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Progress.TableProgress;
import ferry.engine.verify.TableReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gathers a [Progress] from the parts of a running pipeline.
final class ProgressView {
    private ProgressView() {}

    static Progress of(
            Lag lag,
            Stage stage,
            String waitsFor,
            Marks marks,
            List<String> notices,
            LoadBoard board,
            Optional<Link> link,
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
        return new Progress(
                stage,
                tables,
                board.rows(),
                board.bytes(),
                link.map(open -> open.capture().transactions()).orElse(0L),
                link.map(open -> open.apply().changes()).orElse(0L),
                lag,
                link.map(open -> open.apply().heat()).orElse(Heat.Seen.NOTHING),
                (int) reports.stream().filter(TableReport::ended).count(),
                reports.stream().mapToLong(report -> report.differences().size()).sum(),
                marks.refusedKeys().stream().map(RefusedKey::text).toList(),
                notices,
                waitsFor,
                link.flatMap(open -> open.watch().text()),
                Map.of());
    }
}
