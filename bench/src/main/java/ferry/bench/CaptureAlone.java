package ferry.bench;

import ferry.engine.capture.Capture;
import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.FileLogStore;
import ferry.engine.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Ferry's capture in a process of its own: reads a source's log from one place to another into a
/// change log on disk, as the pipeline does, and nothing else. Several times, so that the start of
/// a JVM does not count for much.
final class CaptureAlone {
    private CaptureAlone() {}

    /// Arguments: port, user, the text of the first and of the last position, a folder, how often,
    /// and tables of the one database.
    public static void main(String[] arguments) throws IOException {
        var changes = 0L;
        for (var pass = 1; pass <= Integer.parseInt(arguments[5]); pass++) {
            changes += capture(arguments, Path.of(arguments[4], "log" + pass));
        }
        System.out.println("changes=" + changes);
    }

    private static long capture(String[] arguments, Path folder) throws IOException {
        var places = Places.at(Integer.parseInt(arguments[0]), arguments[1]);
        var ends = places.ends();
        var start = ends.position(arguments[2]);
        var end = ends.position(arguments[3]);
        Files.createDirectory(folder);
        try (var store = new FileLogStore(folder);
                var log = ChangeLog.open(store, ends.settings(), ends::position, start)) {
            var capture = new Capture(ends, log);
            try (var catalog = ends.sourceCatalog()) {
                for (var at = 6; at < arguments.length; at++) {
                    var name = new TableName(Dataset.DATABASE, arguments[at]);
                    capture.requestAt(catalog.table(name).orElseThrow(), start);
                }
            }
            while (!log.durablePosition().covers(end)) {
                capture.step();
            }
            capture.reset();
            return log.changes();
        }
    }
}
