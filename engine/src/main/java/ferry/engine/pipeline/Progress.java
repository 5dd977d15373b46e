package ferry.engine.pipeline;

import ferry.engine.crew.Activity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A snapshot of a running project, for people: cheap to take, never waits for a server. Lags are
/// empty while unknown. `refusedKeys` says of each key that the target refused what and why;
/// `times` what each loop has spent its time on since it began, by its name.
public record Progress(
        Stage stage,
        List<TableProgress> tables,
        long rowsLoaded,
        long bytesLoaded,
        long transactionsCaptured,
        long changesApplied,
        Optional<Duration> captureLag,
        Optional<Duration> applyLag,
        int tablesVerified,
        long differences,
        List<String> refusedKeys,
        String waitsFor,
        Map<String, Map<Activity, Duration>> times) {

    /// One table: rows loaded of an estimate, and how far it is.
    public record TableProgress(String name, String phase, long rows, long estimatedRows) {}

    public Progress {
        tables = List.copyOf(tables);
        refusedKeys = List.copyOf(refusedKeys);
    }

    /// The same as its runner sees it: what everything waits for at present, and the times of its
    /// loops.
    Progress seen(String what, Map<String, Map<Activity, Duration>> spent) {
        return new Progress(
                stage,
                tables,
                rowsLoaded,
                bytesLoaded,
                transactionsCaptured,
                changesApplied,
                captureLag,
                applyLag,
                tablesVerified,
                differences,
                refusedKeys,
                what,
                spent);
    }
}
