package ferry.dialects.mysql;

import ferry.engine.config.Amounts;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.dialect.LogHistory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// Predicts when a server drops the file in which a position stands.
///
/// A server drops whole files, when it begins a new one or starts: those that were written to last
/// longer ago than its settings allow, and the oldest ones while all together are too large. The
/// file that it writes now stays. At a provider, the procedure `mysql.rds_show_configuration` tells
/// for how many hours files stay; without an answer they may go at any moment.
final class LogExpiryReader {
    private static final String HOURS = "binlog retention hours";

    private static final int NO_SUCH_PROCEDURE = 1305;
    private static final int MAY_NOT_CALL = 1370;

    /// How many hours a provider keeps files: empty where there is no such provider, and empty
    /// inside where it promises nothing. `doubt` says why that could not be learned.
    private record Provider(Optional<Optional<Duration>> kept, Optional<String> doubt) {
        static Provider unknown(String doubt) {
            return new Provider(Optional.empty(), Optional.of(doubt));
        }
    }

    private LogExpiryReader() {}

    /// Empty if it cannot be known where the position stands.
    static Optional<LogExpiry> read(
            LogSearch search,
            MySqlConnection connection,
            MySqlServer server,
            MySqlPosition needed,
            Instant now,
            Endpoint endpoint,
            Settings settings) {
        var file = search.fileNumber(needed);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        var closed = search.closed(file.getAsInt());
        var age = LogKeeping.byAge(server.variables()).map(kept -> byAge(kept, closed, now));
        var provider = provider(connection);
        var hours = provider.kept().map(kept -> byProvider(kept, closed, now));
        var size =
                bySize(
                        server,
                        search.bytesFrom(file.getAsInt()),
                        now,
                        LogHistoryReader.read(endpoint, settings));
        var first =
                Stream.of(age, hours, size)
                        .flatMap(Optional::stream)
                        .min(Comparator.comparing(found -> found.at().orElse(Instant.MAX)));
        return Optional.of(
                first.orElse(
                                new LogExpiry(
                                        Optional.empty(),
                                        "no setting of the source drops its log",
                                        closed.isPresent()))
                        .doubted(provider.doubt()));
    }

    private static LogExpiry byAge(Duration kept, Optional<Instant> closed, Instant now) {
        return new LogExpiry(
                Optional.of(closed.orElse(now).plus(kept)),
                "it keeps its log for " + Amounts.time(kept),
                closed.isPresent());
    }

    private static LogExpiry byProvider(
            Optional<Duration> kept, Optional<Instant> closed, Instant now) {
        return new LogExpiry(
                Optional.of(closed.orElse(now).plus(kept.orElse(Duration.ZERO))),
                kept.map(hours -> "its provider keeps the log for " + Amounts.time(hours))
                                .orElse("its provider drops the log as soon as it likes")
                        + " ('"
                        + HOURS
                        + "')",
                closed.isPresent());
    }

    /// A server may forbid to call what it does not have, so that nobody learns whether it has it.
    private static Provider provider(MySqlConnection connection) {
        try {
            return new Provider(
                    Sql.rows(connection.jdbc(), "CALL mysql.rds_show_configuration()").stream()
                            .filter(row -> row.getFirst().equals(HOURS))
                            .map(row ->
                                    Optional.ofNullable(row.get(1))
                                            .map(hours ->
                                                    Duration.ofHours(
                                                            (long) Double.parseDouble(hours))))
                            .findFirst(),
                    Optional.empty());
        } catch (SQLException e) {
            return switch (e.getErrorCode()) {
                case NO_SUCH_PROCEDURE -> new Provider(Optional.empty(), Optional.empty());
                case MAY_NOT_CALL ->
                        Provider.unknown(
                                "if it is one of Amazon RDS, its '"
                                        + HOURS
                                        + "' count, and the account may not ask for them: GRANT EXECUTE ON PROCEDURE mysql.rds_show_configuration TO the account");
                default ->
                        Provider.unknown(
                                "its provider did not tell '"
                                        + HOURS
                                        + "': "
                                        + MySqlErrors.message(e));
            };
        } catch (NumberFormatException e) {
            return Provider.unknown("its provider's '" + HOURS + "' are no number");
        }
    }

    /// How long it takes until everything from the file on is too large, at the speed so far.
    private static Optional<LogExpiry> bySize(
            MySqlServer server, long bytes, Instant now, Optional<LogHistory> history) {
        var variable =
                server.variable("max_binlog_total_size").isEmpty()
                        ? "binlog_space_limit"
                        : "max_binlog_total_size";
        var limit =
                server.variable(variable).isEmpty() ? 0 : Long.parseLong(server.variable(variable));
        var speed = history.flatMap((LogHistory log) -> log.bytesPerSecond(now));
        if (limit == 0 || speed.isEmpty() && bytes < limit) {
            return Optional.empty();
        }
        var left = bytes >= limit ? 0 : (long) ((limit - bytes) / Math.max(1, speed.get()));
        return Optional.of(
                new LogExpiry(
                        Optional.of(now.plusSeconds(left)),
                        "all its log files may have %s (%s), and grow by %s a second"
                                .formatted(
                                        Amounts.bytes(limit),
                                        variable,
                                        Amounts.bytes(speed.map(Double::longValue).orElse(0L))),
                        true));
    }
}
