package ferry.dialects.mysql;

import ferry.engine.config.Amounts;
import ferry.engine.config.Settings;
import ferry.engine.dialect.LogHistory;
import ferry.engine.dialect.Outlook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether the source keeps its log for long enough.
///
/// While Ferry runs, its own change log holds what the load needs, and the source may drop what was
/// read. The source's retention protects the times in which Ferry does not read: a pause, a lost
/// connection, a full disk; and a project that goes on without its home, which reads the log again
/// from where the target stands: during the load from the load's beginning.
final class LogRetentionCheck {
    private static final String ITEM = "DB_LOG_RETENTION";

    /// A pause over night, or a weekend's first day.
    private static final Duration PAUSE = Duration.ofHours(24);

    private static final Duration ADVISED = Duration.ofDays(7);

    private final Findings findings;
    private final MySqlServer server;
    private final Outlook outlook;
    private final Settings settings;

    LogRetentionCheck(Findings findings, MySqlServer server, Outlook outlook, Settings settings) {
        this.findings = findings;
        this.server = server;
        this.outlook = outlook;
        this.settings = settings;
    }

    void run(Instant now) {
        var bySize = bySize(now);
        if (bySize.isPresent() && bySize.get().isZero()) {
            findings.warned(
                    ITEM,
                    "The source drops its oldest log when all files have "
                            + Amounts.bytes(bytesMax())
                            + " ("
                            + sizeVariable()
                            + "), and how long that lasts is not known yet; "
                            + protects(),
                    "Make sure that it holds the log of "
                            + Amounts.time(needed())
                            + ", or SET GLOBAL "
                            + sizeVariable()
                            + " = 0");
            return;
        }
        var byTime = byTime();
        var kept = shorter(byTime, bySize);
        var limitedBySize = bySize.isPresent() && kept.equals(bySize);
        var says = says(kept, limitedBySize) + oldest(now);
        var patience = settings.get(Settings.CAPTURE_RETRY_TIME);
        if (kept.isPresent() && kept.get().compareTo(patience) < 0) {
            findings.failedSkippable(
                    ITEM,
                    says
                            + ": less than the "
                            + Amounts.time(patience)
                            + " for which a lost connection is tried again (capture.retry.time); "
                            + protects(),
                    remedy(limitedBySize));
        } else if (kept.isPresent() && kept.get().compareTo(needed()) < 0) {
            findings.warned(ITEM, says + "; " + protects(), remedy(limitedBySize));
        } else if (droppedEarlier(now)) {
            findings.warned(
                    ITEM,
                    says
                            + ", which is not the server's first: somebody drops logs earlier (PURGE BINARY LOGS, a backup, the provider's own setting); "
                            + protects(),
                    "Let the log be kept for "
                            + Amounts.time(advised())
                            + "; at a provider by its own setting, for instance CALL mysql.rds_set_configuration('binlog retention hours', "
                            + advised().toHours()
                            + ")");
        } else {
            findings.passed(
                    ITEM, says + (kept.isPresent() ? "; Ferry may be stopped for so long" : ""));
        }
    }

    private String says(Optional<Duration> kept, boolean bySize) {
        if (kept.isEmpty()) {
            return "The source never drops its log by itself";
        }
        return "The source keeps its log for "
                + (bySize ? "about " : "")
                + Amounts.time(kept.get())
                + (bySize ? " (" + sizeVariable() + ")" : "");
    }

    private String oldest(Instant now) {
        return outlook.log()
                .map(log ->
                        " (oldest file "
                                + log.oldestFile()
                                + ", begun "
                                + Amounts.time(log.age(now))
                                + " ago)")
                .orElse("");
    }

    private String protects() {
        return "a longer pause, or the loss of Ferry's home during the load"
                + (outlook.loadTime().isZero()
                        ? ""
                        : " (about " + Amounts.time(outlook.loadTime()) + ")")
                + ", means that the tables are loaded anew";
    }

    private Duration needed() {
        return outlook.loadTime().compareTo(PAUSE) > 0 ? outlook.loadTime() : PAUSE;
    }

    private Duration advised() {
        var twice = outlook.loadTime().multipliedBy(2);
        return twice.compareTo(ADVISED) > 0 ? twice : ADVISED;
    }

    private String remedy(boolean limitedBySize) {
        var version = server.version();
        var days = (advised().toHours() + 23) / 24;
        if (limitedBySize) {
            return "Raise " + sizeVariable() + " on the source, or set it to 0";
        }
        return version.mySql(8, 0, 1) || version.mariaDb(10, 6, 1)
                ? "SET GLOBAL binlog_expire_logs_seconds = "
                        + Duration.ofDays(days).toSeconds()
                        + " on the source, if its disk holds the log of "
                        + days
                        + " days"
                : "SET GLOBAL expire_logs_days = "
                        + days
                        + " on the source, if its disk holds the log of so many days";
    }

    /// True when the oldest file is younger than what is needed, although the server had earlier
    /// ones.
    private boolean droppedEarlier(Instant now) {
        return outlook.log()
                .filter(log -> !log.sinceEver() && log.age(now).compareTo(needed()) < 0)
                .isPresent();
    }

    /// Empty if files are never dropped by their age.
    private Optional<Duration> byTime() {
        return LogKeeping.byAge(server.variables());
    }

    /// How long a log of limited size lasts at the speed so far; zero if that is not known, empty
    /// if its size is not limited.
    private Optional<Duration> bySize(Instant now) {
        if (bytesMax() == 0) {
            return Optional.empty();
        }
        var speed = outlook.log().flatMap((LogHistory log) -> log.bytesPerSecond(now)).orElse(0.0);
        return Optional.of(
                speed <= 0 ? Duration.ZERO : Duration.ofSeconds((long) (bytesMax() / speed)));
    }

    /// MariaDB and Percona each have a name for it.
    private String sizeVariable() {
        return server.variable("max_binlog_total_size").isEmpty()
                ? "binlog_space_limit"
                : "max_binlog_total_size";
    }

    private long bytesMax() {
        var text = server.variable(sizeVariable());
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static Optional<Duration> shorter(Optional<Duration> left, Optional<Duration> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return left.isEmpty() ? right : left;
        }
        return left.get().compareTo(right.get()) <= 0 ? left : right;
    }
}
