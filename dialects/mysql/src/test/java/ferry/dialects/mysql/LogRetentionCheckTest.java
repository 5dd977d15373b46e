package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Finding.Outcome;
import ferry.engine.dialect.LogHistory;
import ferry.engine.dialect.Outlook;
import ferry.engine.dialect.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is said about the source's retention, for servers of all ages.
final class LogRetentionCheckTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String NEW = "8.0.40";
    private static final String OLD = "5.7.44-log";

    @Test
    void aMonthIsEnough() {
        var found = check(NEW, Map.of("binlog_expire_logs_seconds", "2592000"), load(3), days(12));

        assertThat(found.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(found.what())
                .contains("for 30 d", "binlog.000007, begun 12 d ago", "may be stopped");
    }

    @Test
    void aLogThatIsNeverDroppedIsEnough() {
        for (var never :
                Map.of(
                                NEW,
                                Map.of(
                                        "binlog_expire_logs_seconds", "0",
                                        "expire_logs_days", "0"),
                                OLD,
                                Map.of("expire_logs_days", "0"),
                                "8.0.41",
                                Map.of(
                                        "binlog_expire_logs_seconds", "60",
                                        "binlog_expire_logs_auto_purge", "OFF"))
                        .entrySet()) {
            var found = check(never.getKey(), never.getValue(), load(200), days(12));

            assertThat(found.outcome()).as(never.toString()).isEqualTo(Outcome.PASSED);
            assertThat(found.what()).contains("never drops its log");
        }
    }

    @Test
    void lessThanAnInterruptionFailsAndMayBeSkipped() {
        var found = check(NEW, Map.of("binlog_expire_logs_seconds", "300"), load(0), days(12));

        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.skippable()).isTrue();
        assertThat(found.what()).contains("for 5 min", "capture.retry.time");
        assertThat(found.remedy()).contains("binlog_expire_logs_seconds = 604800");
    }

    @Test
    void lessThanTheLoadIsWarnedOf() {
        var found = check(OLD, Map.of("expire_logs_days", "2"), load(100), days(1));

        assertThat(found.outcome()).isEqualTo(Outcome.WARNED);
        assertThat(found.what()).contains("for 2 d", "(about 4 d)", "loaded anew");
        assertThat(found.remedy()).contains("expire_logs_days = 9");
    }

    @Test
    void aLogThatSomebodyDropsEarlierIsWarnedOf() {
        var kept = Map.of("binlog_expire_logs_seconds", "2592000");
        var young = Optional.of(log("binlog.000007", Duration.ofMinutes(6), 1000));
        var first = Optional.of(log("binlog.000001", Duration.ofMinutes(6), 1000));

        assertThat(check(NEW, kept, load(1), young).outcome()).isEqualTo(Outcome.WARNED);
        assertThat(check(NEW, kept, load(1), young).remedy()).contains("retention hours', 168");
        assertThat(check(NEW, kept, load(1), first).outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void aLogOfLimitedSizeLastsAsLongAsItsSpeedLets() {
        var limited =
                Map.of("max_binlog_total_size", "86400000", "binlog_expire_logs_seconds", "864000");
        var slow = Optional.of(log("binlog.000007", Duration.ofDays(2), 2 * 8640));
        var fast = Optional.of(log("binlog.000007", Duration.ofDays(2), 2L * 86_400 * 20_000));

        assertThat(check("11.4.5-MariaDB", limited, load(1), slow).what()).contains("for 10 d");
        var found = check("11.4.5-MariaDB", limited, load(1), fast);
        assertThat(found.outcome()).isEqualTo(Outcome.WARNED);
        assertThat(found.what()).contains("about 72 min (max_binlog_total_size)");
        assertThat(found.remedy()).contains("max_binlog_total_size");
        assertThat(check("11.4.5-MariaDB", limited, load(1), Optional.empty()).what())
                .contains("not known yet", "82MiB");
    }

    private static Outlook load(int hours) {
        return new Outlook(1L << 40, Duration.ofHours(hours), Optional.empty());
    }

    private static Optional<LogHistory> days(int days) {
        return Optional.of(log("binlog.000007", Duration.ofDays(days), 1L << 30));
    }

    private static LogHistory log(String file, Duration age, long bytes) {
        return new LogHistory(file, file.endsWith(".000001"), NOW.minus(age), bytes);
    }

    private static Finding check(
            String version,
            Map<String, String> variables,
            Outlook load,
            Optional<LogHistory> history) {
        var facts = new HashMap<>(variables);
        facts.put("version", version);
        var findings = new Findings(Role.SOURCE);
        new LogRetentionCheck(
                        findings,
                        MySqlServer.of(facts),
                        new Outlook(load.loadBytes(), load.loadTime(), history),
                        Settings.defaults())
                .run(NOW);
        return findings.all().getFirst();
    }
}
