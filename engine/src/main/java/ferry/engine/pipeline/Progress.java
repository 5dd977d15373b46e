package ferry.engine.pipeline;

import ferry.engine.apply.Heat;
import ferry.engine.crew.Activity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A snapshot of a running project, for people: cheap to take, never waits for a server.
/// `refusedKeys` says of each key that the target refused what and why; `notices` what else an
/// operator must know; `logKept` how long the source keeps the log that is still to be read, in
/// words; `times` what each loop has spent its time on since it began, by its name.
public record Progress(
        Stage stage,
        List<TableProgress> tables,
        long rowsLoaded,
        long bytesLoaded,
        long transactionsCaptured,
        long changesApplied,
        Lag lag,
        Heat.Seen heat,
        int tablesVerified,
        long differences,
        List<String> refusedKeys,
        List<String> notices,
        String waitsFor,
        Optional<String> logKept,
        Map<String, Map<Activity, Duration>> times) {

    /// One table: rows loaded of an estimate, and how far it is.
    public record TableProgress(String name, String phase, long rows, long estimatedRows) {}

    public Progress {
        tables = List.copyOf(tables);
        refusedKeys = List.copyOf(refusedKeys);
        notices = List.copyOf(notices);
    }

    /// From the source until a change is durable in the change log; empty while unknown.
    public Optional<Duration> captureLag() {
        return lag.of(Lag.Part.CAPTURE);
    }

    /// Of the whole way; empty while unknown.
    public Optional<Duration> totalLag() {
        return lag.of(Lag.Part.TOTAL);
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
                lag,
                heat,
                tablesVerified,
                differences,
                refusedKeys,
                notices,
                what,
                logKept,
                spent);
    }
}
