package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogHistory;
import ferry.engine.dialect.Role;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Learns what a server's log holds. No statement tells when a file was begun; the first event of
/// the file does, so the oldest file is opened as a replica would.
final class LogHistoryReader {
    private static final int FILE_BEGIN = 4;

    /// Three events are needed; the server sends on until the connection is closed.
    private static final Settings FEW =
            Settings.defaults()
                    .with(Settings.CAPTURE_QUEUE_EVENTS, "100")
                    .with(Settings.CAPTURE_QUEUE_BYTES, "1MiB");

    private LogHistoryReader() {}

    /// Empty if there is no log or the account may not read it; the prechecks say why.
    static Optional<LogHistory> read(Endpoint endpoint, Settings settings) {
        try (var connection =
                MySqlConnection.open(endpoint, Role.SOURCE, MySqlSession.Use.PLAIN, settings)) {
            var jdbc = connection.jdbc();
            var server = MySqlServer.read(jdbc);
            if (server.version().isOceanBase() || !server.on("log_bin")) {
                return Optional.empty();
            }
            var files = Sql.rows(jdbc, "SHOW BINARY LOGS");
            if (files.isEmpty()) {
                return Optional.empty();
            }
            var bytes = files.stream().mapToLong(file -> Long.parseLong(file.get(1))).sum();
            var oldest = files.getFirst().getFirst();
            var uuid = server.variable("server_uuid");
            var identity =
                    uuid.isEmpty() || server.version().isMariaDb()
                            ? server.variable("server_id")
                            : uuid;
            return begun(endpoint, MySqlPosition.logEnd(identity, oldest, FILE_BEGIN), settings)
                    .map(begun -> new LogHistory(oldest, isFirst(oldest), begun, bytes));
        } catch (SQLException | ProblemException refused) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean isFirst(String file) {
        return file.matches(".*\\.0*1");
    }

    /// When the file was begun that starts at this place.
    static Optional<Instant> begun(Endpoint endpoint, MySqlPosition beginning, Settings settings)
            throws InterruptedException {
        var connectTime = settings.get(Settings.CONNECT_TIME);
        var few = FEW.with(Settings.CONNECT_TIME, connectTime.toMillis() + "ms");
        var opened = MySqlLog.open(endpoint, beginning, few, MySqlLog.randomServerId());
        try {
            while (true) {
                var event = opened.queue().take(connectTime);
                if (event.isEmpty()) {
                    return Optional.empty();
                }
                if (event.get().type() == RawEvent.FORMAT_DESCRIPTION
                        && event.get().seconds() > 0) {
                    return Optional.of(Instant.ofEpochSecond(event.get().seconds()));
                }
            }
        } finally {
            opened.stream().stop();
        }
    }
}
