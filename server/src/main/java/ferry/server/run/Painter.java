package ferry.server.run;

import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.pipeline.Progress;
import ferry.engine.pipeline.Progress.TableProgress;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes pictures of the engine's progress, and remembers the one before to tell speeds. Used by
/// one thread at a time.
final class Painter {
    private final Speed rowsLoaded = new Speed();
    private final Speed bytesLoaded = new Speed();
    private final Speed changesApplied = new Speed();

    Picture paint(Progress progress, Map<Step, StepState> states, Instant at, long nanos) {
        var loadRows = rowsLoaded.at(nanos, progress.rowsLoaded());
        var loadBytes = bytesLoaded.at(nanos, progress.bytesLoaded());
        var applyRows = changesApplied.at(nanos, progress.changesApplied());
        var tables = progress.tables();
        var steps = new ArrayList<Picture.OfStep>();
        states.forEach((step, state) ->
                steps.add(
                        switch (step) {
                            case TRANSFER_PRECHECK, TRANSFER_INCR_LOG_PULL ->
                                    new Picture.OfStep(step, state, 0, 0, 0, 0, 0, 0, 0);
                            case STRUCT_TRANSFER ->
                                    tables(
                                            step,
                                            state,
                                            atLeast(tables, Phase.CREATED),
                                            tables.size());
                            case FULL_TRANSFER ->
                                    new Picture.OfStep(
                                            step,
                                            state,
                                            atLeast(tables, Phase.LOADED),
                                            tables.size(),
                                            rows(tables),
                                            expectedRows(tables),
                                            progress.bytesLoaded(),
                                            loadRows,
                                            loadBytes);
                            case INDEX_TRANSFER ->
                                    tables(
                                            step,
                                            state,
                                            atLeast(tables, Phase.EXACT),
                                            tables.size());
                            case INCR_TRANSFER ->
                                    new Picture.OfStep(
                                            step,
                                            state,
                                            0,
                                            0,
                                            progress.changesApplied(),
                                            0,
                                            0,
                                            applyRows,
                                            0);
                            case FULL_VERIFIER ->
                                    tables(step, state, progress.tablesVerified(), tables.size());
                        }));
        return new Picture(
                at,
                steps,
                working(tables),
                progress.lag(),
                progress.refusedKeys(),
                progress.notices(),
                Optional.of(progress.waitsFor()).filter(text -> !text.isEmpty()),
                progress.logKept());
    }

    private static Picture.OfStep tables(Step step, StepState state, int done, int total) {
        return new Picture.OfStep(step, state, done, total, 0, 0, 0, 0, 0);
    }

    private static int atLeast(List<TableProgress> tables, Phase phase) {
        return (int)
                tables.stream()
                        .filter(table -> phase(table) != Phase.ASIDE)
                        .filter(table -> phase(table).compareTo(phase) >= 0)
                        .count();
    }

    private static long rows(List<TableProgress> tables) {
        return tables.stream().mapToLong(TableProgress::rows).sum();
    }

    /// All rows there will be: known for loaded tables, estimated for the others; 0 while a table
    /// has neither.
    private static long expectedRows(List<TableProgress> tables) {
        var sum = 0L;
        for (var table : tables) {
            var loaded = phase(table).compareTo(Phase.LOADED) >= 0;
            if (!loaded && table.estimatedRows() <= 0) {
                return 0;
            }
            sum += loaded ? table.rows() : Math.max(table.rows(), table.estimatedRows());
        }
        return sum;
    }

    /// The tables whose rows are on their way, the largest first.
    private static List<Picture.OfTable> working(List<TableProgress> tables) {
        return tables.stream()
                .filter(table -> phase(table) == Phase.CREATED)
                .sorted(Comparator.comparingLong(TableProgress::estimatedRows).reversed())
                .map(table ->
                        new Picture.OfTable(
                                table.name(), "loading", table.rows(), table.estimatedRows()))
                .toList();
    }

    private static Phase phase(TableProgress table) {
        return Phase.valueOf(table.phase());
    }
}
