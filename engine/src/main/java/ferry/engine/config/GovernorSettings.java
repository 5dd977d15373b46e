package ferry.engine.config;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// The settings of the governor: how fast load and apply may work, when, and at which signs of
/// stress they slow down. A part of [Settings#ALL].
public final class GovernorSettings {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\]]+\\]|[^\\s:]+):(\\d{1,5})");

    public static final Setting<String> PRESET =
            Setting.text(
                    "govern.preset",
                    "normal",
                    Preset::of,
                    "Defaults for the numbers of workers and lanes and the sizes of chunks and batches: stable, normal, fast or custom; a setting that is given wins over it.");
    public static final Setting<Long> LOAD_ROWS =
            Setting.count(
                    "govern.load.rows",
                    0,
                    0,
                    1_000_000_000,
                    "Rows a second that the load may move; 0: no limit.");
    public static final Setting<Long> LOAD_BYTES =
            Setting.bytes(
                    "govern.load.bytes",
                    "0",
                    "0",
                    "1TiB",
                    "Bytes of values a second that the load may move; 0: no limit.");
    public static final Setting<Long> APPLY_ROWS =
            Setting.count(
                    "govern.apply.rows",
                    0,
                    0,
                    1_000_000_000,
                    "Changed rows a second that apply may write; 0: no limit.");
    public static final Setting<Long> APPLY_BYTES =
            Setting.bytes(
                    "govern.apply.bytes",
                    "0",
                    "0",
                    "1TiB",
                    "Bytes of changed rows a second that apply may write; 0: no limit.");
    public static final Setting<Duration> DEBT_TIME =
            Setting.time(
                    "govern.debt.time",
                    "10m",
                    "1s",
                    "7d",
                    "The longest wait for a limit that one piece of work was beyond, such as a large table without a key, which is read in one piece.");
    public static final Setting<String> SCHEDULE =
            Setting.text(
                    "govern.schedule",
                    "",
                    WeekSchedule::parse,
                    "Windows of the week with limits of their own, for instance 'Mon-Fri 08:00-18:00 rows 5000; Sat,Sun load off'; the first that holds counts.");
    public static final Setting<String> SCHEDULE_ZONE =
            Setting.text(
                    "govern.schedule.zone",
                    "UTC",
                    GovernorSettings::requireZone,
                    "The time zone of the schedule, for instance Europe/Berlin.");
    public static final Setting<Duration> SAMPLE_TIME =
            Setting.time(
                    "govern.sample.time",
                    "1s",
                    "100ms",
                    "10m",
                    "How often the servers are looked at, and the throttle is asked; nothing is while no limit needs it.");
    public static final Setting<Duration> ASK_TIME =
            Setting.time(
                    "govern.ask.time",
                    "5s",
                    "100ms",
                    "10m",
                    "How long one such question may take.");
    public static final Setting<Duration> GROW_TIME =
            Setting.time(
                    "govern.grow.time",
                    "10s",
                    "100ms",
                    "1h",
                    "After which calm one more load worker may work, and batches grow by a step; stress halves both.");
    public static final Setting<Long> SOURCE_THREADS =
            Setting.count(
                    "govern.source.threads",
                    0,
                    0,
                    1_000_000,
                    "Threads running at the source, above which the load slows down; 0: any number.");
    public static final Setting<Long> TARGET_THREADS =
            Setting.count(
                    "govern.target.threads",
                    0,
                    0,
                    1_000_000,
                    "Threads running at the target, above which the load slows down and apply waits; 0: any number.");
    public static final Setting<Long> SOURCE_HISTORY =
            Setting.count(
                    "govern.source.history",
                    0,
                    0,
                    1_000_000_000_000L,
                    "History list length of the source's InnoDB, above which the load slows down; 0: any length.");
    public static final Setting<Long> TARGET_HISTORY =
            Setting.count(
                    "govern.target.history",
                    0,
                    0,
                    1_000_000_000_000L,
                    "History list length of the target's InnoDB, above which the load slows down and apply waits; 0: any length.");
    public static final Setting<String> SOURCE_REPLICAS =
            Setting.text(
                    "govern.source.replicas",
                    "",
                    GovernorSettings::addresses,
                    "Replicas of the source whose lag is looked at: host:port, host:port; reached with the source's account and options.");
    public static final Setting<Duration> SOURCE_REPLICA_LAG =
            Setting.time(
                    "govern.source.replica.lag",
                    "0s",
                    "0s",
                    "7d",
                    "Lag of one of these, above which the load slows down; 0: any lag.");
    public static final Setting<String> TARGET_REPLICAS =
            Setting.text(
                    "govern.target.replicas",
                    "",
                    GovernorSettings::addresses,
                    "Replicas of the target whose lag is looked at: host:port, host:port; reached with the target's account and options.");
    public static final Setting<Duration> TARGET_REPLICA_LAG =
            Setting.time(
                    "govern.target.replica.lag",
                    "0s",
                    "0s",
                    "7d",
                    "Lag of one of these, above which the load slows down and apply waits; 0: any lag.");
    public static final Setting<Long> SOURCE_LOG_SHARE =
            Setting.count(
                    "govern.source.log.share",
                    0,
                    0,
                    100,
                    "Per cent of the time for which the source keeps its log; capture being further behind slows the load down; 0: never.");
    public static final Setting<Long> TARGET_LOG_BYTES =
            Setting.bytes(
                    "govern.target.log.bytes",
                    "0",
                    "0",
                    "1024TiB",
                    "Size of all binary logs of the target, above which the load slows down and apply waits until it drops some; 0: any size.");
    public static final Setting<Long> TARGET_MEMORY =
            Setting.count(
                    "govern.target.memory",
                    0,
                    0,
                    100,
                    "Per cent of its memstore that OceanBase has filled, above which the load slows down and apply waits; 0: any.");
    public static final Setting<Long> TARGET_CPU =
            Setting.count(
                    "govern.target.cpu",
                    0,
                    0,
                    100,
                    "Per cent of its CPU that an OceanBase target uses, above which the load slows down and apply waits; 0: any.");
    public static final Setting<String> SOURCE_QUERY =
            Setting.text(
                    "govern.throttle.source.query",
                    "",
                    "A query at the source; while the first value of its result is above 0, load and apply wait.");
    public static final Setting<String> TARGET_QUERY =
            Setting.text(
                    "govern.throttle.target.query",
                    "",
                    "A query at the target; while the first value of its result is above 0, load and apply wait.");
    public static final Setting<String> URL =
            Setting.text(
                    "govern.throttle.url",
                    "",
                    GovernorSettings::url,
                    "An http or https address that is asked by HEAD; while it answers anything but 200, load and apply wait.");
    public static final Setting<String> UNKNOWN =
            Setting.text(
                    "govern.unknown",
                    "wait",
                    GovernorSettings::requireUnknown,
                    "What happens while a sign that has a limit cannot be read, or a throttle does not answer: wait or go.");

    static final List<Setting<?>> ALL =
            List.of(
                    PRESET,
                    LOAD_ROWS,
                    LOAD_BYTES,
                    APPLY_ROWS,
                    APPLY_BYTES,
                    DEBT_TIME,
                    SCHEDULE,
                    SCHEDULE_ZONE,
                    SAMPLE_TIME,
                    ASK_TIME,
                    GROW_TIME,
                    SOURCE_THREADS,
                    TARGET_THREADS,
                    SOURCE_HISTORY,
                    TARGET_HISTORY,
                    SOURCE_REPLICAS,
                    SOURCE_REPLICA_LAG,
                    TARGET_REPLICAS,
                    TARGET_REPLICA_LAG,
                    SOURCE_LOG_SHARE,
                    TARGET_LOG_BYTES,
                    TARGET_MEMORY,
                    TARGET_CPU,
                    SOURCE_QUERY,
                    TARGET_QUERY,
                    URL,
                    UNKNOWN);

    private GovernorSettings() {}

    /// One server of a list.
    public record Address(String host, int port) {}

    /// The servers of a list `host:port, host:port`; throws IllegalArgumentException with a
    /// sentence for the operator.
    public static List<Address> addresses(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .map(GovernorSettings::address)
                .toList();
    }

    /// Refuses more than one.
    static void oneAddress(String text) {
        if (addresses(text).size() > 1) {
            throw new IllegalArgumentException("'" + text + "' names more than one server");
        }
    }

    private static Address address(String text) {
        var parts = ADDRESS.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is no address such as db2:3306");
        }
        return new Address(
                parts.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(parts.group(2)));
    }

    /// The address that is asked; throws IllegalArgumentException with a sentence for the operator,
    /// which does not repeat it: it may hold a password.
    public static URI url(String text) {
        var refused = "an address such as http://throttle:8111/check is wanted";
        try {
            var url = URI.create(text);
            if (text.isEmpty()
                    || url.getHost() != null
                            && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(refused); // the cause would repeat it
        }
        throw new IllegalArgumentException(refused);
    }

    private static void requireZone(String text) {
        try {
            ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time zone such as UTC, +02:00 or Europe/Berlin", e);
        }
    }

    private static void requireUnknown(String text) {
        if (!List.of("wait", "go").contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is neither wait nor go");
        }
    }
}
