package ferry.dialects.mysql;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How long a server keeps its binary log, by its variables.
final class LogKeeping {
    private static final int DAY_SECONDS = 86_400;

    private LogKeeping() {}

    /// Empty if files are never dropped by their age.
    static Optional<Duration> byAge(Map<String, String> variables) {
        if (variables.getOrDefault("binlog_expire_logs_auto_purge", "").equalsIgnoreCase("OFF")) {
            return Optional.empty();
        }
        var seconds = variables.getOrDefault("binlog_expire_logs_seconds", "");
        if (!seconds.isEmpty() && !seconds.equals("0")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(seconds)));
        }
        return Optional.ofNullable(variables.get("expire_logs_days"))
                .filter(days -> !days.isEmpty())
                .map(days -> Duration.ofSeconds((long) (Double.parseDouble(days) * DAY_SECONDS)))
                .filter(kept -> !kept.isZero());
    }
}
