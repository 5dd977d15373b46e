package ferry.dialects.mysql;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Begins log files at servers whose log takes no marker, and no more of them than are needed
/// (docs/adr/0011-log-files-begun-rarely.md). All connections of a process to one server share what
/// was begun last.
///
/// What it tells is the beginning of the file that the server writes at that moment, whoever began
/// it: the server begins a file only when no transaction of the old one waits for its engine. So
/// what it remembers decides how new the place is, never whether it is right.
final class LogFiles {
    private final Map<String, Server> servers = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    LogFiles() {
        this(System::nanoTime);
    }

    LogFiles(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    Server of(String server) {
        return servers.computeIfAbsent(server, _ -> new Server(nanoTime));
    }

    /// What must be asked of the server.
    interface Log {
        /// Where the log ends.
        Place end();

        void begin();

        /// Where the first transaction of a file stands or will stand.
        long firstTransaction(String file);
    }

    /// A file and an offset in it.
    record Place(String file, long offset) {}

    /// The files of one server.
    static final class Server {
        private static final int FILE_BEGIN = 4;

        private final LongSupplier nanoTime;
        private Optional<Place> begun = Optional.empty();
        private long begunAt;

        private Server(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        /// A place behind which nothing that it includes is invisible. It is the newest one, unless
        /// a file was begun less than `least` ago.
        synchronized Place committed(Log log, Duration least) {
            var end = log.end();
            if (begun.equals(Optional.of(end))) {
                return end; // nothing was written since
            }
            if (begun.isEmpty() || nanoTime.getAsLong() - begunAt >= least.toNanos()) {
                log.begin();
                var file = log.end().file();
                begunAt = nanoTime.getAsLong();
                begun = Optional.of(new Place(file, log.firstTransaction(file)));
                return begun.orElseThrow();
            }
            return begun.filter(place -> place.file().equals(end.file()))
                    .orElse(new Place(end.file(), FILE_BEGIN));
        }
    }

    /// The events that a file may hold before its first transaction.
    static boolean isHeader(String eventType) {
        return Set.of("Format_desc", "Previous_gtids").contains(eventType);
    }
}
