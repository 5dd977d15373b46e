package ferry.engine.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The list of all settings, and the values that one project chose. `docs/settings.md` is made from
/// [#ALL].
public final class Settings {
    public static final Setting<Long> PRECHECK_LOAD_SPEED =
            Setting.bytes(
                    "precheck.load.speed",
                    "5MiB",
                    "1KiB",
                    "1TiB",
                    "Bytes that a second of the load is expected to move; the precheck tells from it how long the load takes.");
    public static final Setting<Long> LOAD_WORKERS =
            Setting.count(
                    "load.workers",
                    4,
                    1,
                    64,
                    "Chunks that are loaded at the same time, each with one connection to source and target.");
    public static final Setting<String> LOAD_SOURCE =
            Setting.text(
                    "load.source",
                    "",
                    GovernorSettings::oneAddress,
                    "host:port of a replica at which rows are loaded, while changes are captured from the source; reached with the source's account and options. Both need GTIDs. Empty: rows are loaded from the source.");
    public static final Setting<Long> LOAD_KEY_WORKERS =
            Setting.count(
                    "load.key.workers",
                    2,
                    1,
                    64,
                    "Loaded tables whose keys are built at the same time, each with one connection to the target.");
    public static final Setting<Long> LOAD_KEYS_ROWS =
            Setting.count(
                    "load.keys.rows",
                    20_000,
                    0,
                    1_000_000_000_000L,
                    "Rows of a table, by the source's statistics, from which on its plain keys are built when all of its rows are there; a smaller one has them from the beginning.");
    public static final Setting<Boolean> LOAD_STATISTICS =
            Setting.flag(
                    "load.statistics",
                    true,
                    "Whether the target gathers statistics of a table behind its load and the building of its keys, by the same workers: by ANALYZE TABLE, in OceanBase by a sample of about 10,000 rows without histograms; a failure is logged and stops nothing.");
    public static final Setting<Long> LOAD_CHUNK_BYTES =
            Setting.bytes(
                    "load.chunk.bytes",
                    "8MiB",
                    "4KiB",
                    "1GiB",
                    "Size that a chunk should have: by the table's statistics at first, then by the chunks that were read.");
    public static final Setting<Long> LOAD_CHUNK_ROWS =
            Setting.count(
                    "load.chunk.rows", 50_000, 1, 10_000_000, "Rows that a chunk has at the most.");
    public static final Setting<Long> LOAD_BATCH_ROWS =
            Setting.count(
                    "load.batch.rows",
                    1_000,
                    1,
                    100_000,
                    "Rows of one multi-row INSERT, and statements of one packet, at the most.");
    public static final Setting<Long> LOAD_BATCH_BYTES =
            Setting.bytes(
                    "load.batch.bytes",
                    "1MiB",
                    "1KiB",
                    "64MiB",
                    "Bytes of one multi-row INSERT, and of the statements of one packet; a single larger row is sent alone.");
    public static final Setting<Boolean> LOAD_DATA_LOCAL =
            Setting.flag(
                    "load.data.local",
                    true,
                    "Whether rows are loaded by LOAD DATA LOCAL into MySQL and MariaDB, where their local_infile is on; otherwise by multi-row INSERT.");
    public static final Setting<Long> LOAD_TRANSACTION_ROWS =
            Setting.count(
                    "load.transaction.rows",
                    50_000,
                    1,
                    10_000_000,
                    "Rows of a table without a key that one target transaction holds at the most; a single batch may be more.");
    public static final Setting<Long> LOAD_TRANSACTION_BYTES =
            Setting.bytes(
                    "load.transaction.bytes",
                    "64MiB",
                    "64KiB",
                    "4GiB",
                    "Bytes of such rows in one target transaction; a single batch may be more.");
    public static final Setting<Long> LOAD_RELOADS =
            Setting.count(
                    "load.reloads",
                    10,
                    0,
                    1_000,
                    "How often a table is loaded again because its load was void: its definition changed meanwhile, or its chunks were read at places that cannot be compared.");
    public static final Setting<Long> APPLY_BATCH_TRANSACTIONS =
            Setting.count(
                    "apply.batch.transactions",
                    1_000,
                    1,
                    100_000,
                    "Source transactions that share one target transaction at the most.");
    public static final Setting<Long> APPLY_BATCH_ROWS =
            Setting.count(
                    "apply.batch.rows",
                    5_000,
                    1,
                    1_000_000,
                    "Changed rows after which a target transaction takes no further source transaction.");
    public static final Setting<Long> APPLY_BATCH_BYTES =
            Setting.bytes(
                    "apply.batch.bytes",
                    "16MiB",
                    "64KiB",
                    "1GiB",
                    "Bytes of changed rows that are held in memory to be written together.");
    public static final Setting<Long> APPLY_LANES =
            Setting.count(
                    "apply.lanes",
                    4,
                    1,
                    64,
                    "Lanes that write to the target at once; transactions that meet at a row or a unique value keep their order.");
    public static final Setting<Long> APPLY_HELD_BYTES =
            Setting.bytes(
                    "apply.held.bytes",
                    "64MiB",
                    "1KiB",
                    "16GiB",
                    "Memory for changed rows that wait for a lane. A transaction larger than a quarter of it is written by itself, in pieces.");
    public static final Setting<Long> APPLY_SPLIT_BYTES =
            Setting.bytes(
                    "apply.split.bytes",
                    "0",
                    "0",
                    "1TiB",
                    "Bytes after which a large transaction of the source goes on in a further target transaction, so that its parts are visible before it is whole; 0: it stays whole, whatever its size.");
    public static final Setting<Boolean> APPLY_MERGE =
            Setting.flag(
                    "apply.merge",
                    true,
                    "Whether changes of one row that share a target transaction are written as one. false: each is written, those of a table in their order.");
    public static final Setting<Duration> APPLY_BATCH_TIME =
            Setting.time(
                    "apply.batch.time",
                    "100ms",
                    "1ms",
                    "60s",
                    "Time after which a target transaction takes no further source transaction.");
    public static final Setting<Duration> APPLY_BATCH_LONGEST =
            Setting.time(
                    "apply.batch.longest",
                    "10s",
                    "10ms",
                    "1h",
                    "Time that a target transaction should take at the most; behind one that took longer they take fewer source transactions.");
    public static final Setting<Long> APPLY_WINDOW =
            Setting.count(
                    "apply.window",
                    10_000,
                    1,
                    1_000_000,
                    "Transactions above the low-water mark that a lane may have recorded, for instance behind an open XA transaction.");
    public static final Setting<Duration> CHECKPOINT_TIME =
            Setting.time(
                    "apply.checkpoint.time",
                    "5s",
                    "100ms",
                    "1h",
                    "How often the low-water mark is stored while no change concerns the selected tables.");
    public static final Setting<Long> CHANGELOG_SEGMENT_BYTES =
            Setting.bytes(
                    "changelog.segment.bytes",
                    "64MiB",
                    "64KiB",
                    "4GiB",
                    "Size of one segment file of the change log.");
    public static final Setting<Long> CHANGELOG_BYTES =
            Setting.bytes(
                    "changelog.bytes",
                    "100GiB",
                    "1MiB",
                    "1024TiB",
                    "Size of the whole change log; when it is reached capture waits for apply to make room, for target.retry.time.");
    public static final Setting<Duration> CHANGELOG_RETENTION =
            Setting.time(
                    "changelog.retention",
                    "24h",
                    "0s",
                    "365d",
                    "How long a segment is kept below the low-water mark.");
    public static final Setting<Boolean> CHANGELOG_COMPRESS =
            Setting.flag(
                    "changelog.compress",
                    true,
                    "Whether the change log is written compressed (zstd level 1), as far as that does not slow capture down.");
    public static final Setting<Duration> CHANGELOG_SYNC_TIME =
            Setting.time(
                    "changelog.sync.time",
                    "20ms",
                    "0ms",
                    "10s",
                    "The longest time a captured transaction waits for the fsync that it shares with others.");
    public static final Setting<Duration> CAPTURE_RETRY_TIME =
            Setting.time(
                    "capture.retry.time",
                    "10m",
                    "0s",
                    "7d",
                    "How long a lost source connection is tried again before the project stops.");
    public static final Setting<Duration> CAPTURE_HEARTBEAT =
            Setting.time(
                    "capture.heartbeat",
                    "1s",
                    "100ms",
                    "1h",
                    "How often the source tells its position while nothing changes.");
    public static final Setting<Duration> CAPTURE_PURGE_WARNING =
            Setting.time(
                    "capture.purge.warning",
                    "6h",
                    "0s",
                    "365d",
                    "Warn when the source will drop log that is still to be read in less than this time, or than capture is behind.");
    public static final Setting<Duration> CAPTURE_PURGE_LOOK =
            Setting.time(
                    "capture.purge.look",
                    "1m",
                    "100ms",
                    "1d",
                    "How often the source is asked when it will drop its log.");
    public static final Setting<Long> CAPTURE_SERVER_ID =
            Setting.count(
                    "capture.server.id",
                    0,
                    0,
                    4_294_967_295L,
                    "The replica server id of the log reader; 0 chooses a random unused one.");
    public static final Setting<Long> CAPTURE_QUEUE_EVENTS =
            Setting.count(
                    "capture.queue.events",
                    20_000,
                    1,
                    10_000_000,
                    "Events of the source's log that are read ahead at the most.");
    public static final Setting<Long> CAPTURE_QUEUE_BYTES =
            Setting.bytes(
                    "capture.queue.bytes",
                    "32MiB",
                    "64KiB",
                    "4GiB",
                    "Bytes of the source's log that are read ahead; a single larger event is let in alone.");
    public static final Setting<Duration> SOURCE_XA_TIME =
            Setting.time(
                    "source.xa.time",
                    "30s",
                    "1s",
                    "1h",
                    "How long an XA COMMIT that the source is running is waited for, before what is visible is asked again.");
    public static final Setting<Duration> SOURCE_FILE_TIME =
            Setting.time(
                    "source.file.time",
                    "2s",
                    "0s",
                    "1h",
                    "Least time between two log files that Ferry makes a source begin, where its log takes no marker.");
    public static final Setting<Boolean> SOURCE_HEARTBEAT =
            Setting.flag(
                    "source.heartbeat",
                    false,
                    "Whether Ferry writes the time into a row of the source, by which the lag is measured from end to end; otherwise, and where the source refuses it, the times in its log tell the lag.");
    public static final Setting<Duration> SOURCE_HEARTBEAT_TIME =
            Setting.time(
                    "source.heartbeat.time",
                    "5s",
                    "100ms",
                    "1h",
                    "How often source.heartbeat writes.");
    public static final Setting<String> SOURCE_HEARTBEAT_TABLE =
            Setting.text(
                    "source.heartbeat.table",
                    "drc.heartbeat",
                    Settings::requireTable,
                    "The source's table of source.heartbeat, as database.table; made if it is missing, and never migrated.");
    public static final Setting<Duration> TARGET_RETRY_TIME =
            Setting.time(
                    "target.retry.time",
                    "10m",
                    "0s",
                    "7d",
                    "How long a lost or busy target is tried again before the project stops.");
    public static final Setting<Duration> CONNECT_TIME =
            Setting.time(
                    "connect.time",
                    "10s",
                    "100ms",
                    "10m",
                    "How long one connection attempt may take.");
    public static final Setting<Duration> STATEMENT_TIME =
            Setting.time("statement.time", "1h", "1s", "7d", "How long one statement may take.");
    public static final Setting<Duration> DEFINITION_TIME =
            Setting.time(
                    "definition.time",
                    "7d",
                    "1m",
                    "14d",
                    "How long the target may take for one definition, such as the build of an index, before it is tried again.");
    public static final Setting<Duration> LOCK_TIME =
            Setting.time(
                    "lock.time",
                    "20s",
                    "1s",
                    "1h",
                    "How long a statement waits for a row that a stranger has locked, before it is tried again.");
    public static final Setting<Duration> LOCK_TABLE_TIME =
            Setting.time(
                    "lock.table.time",
                    "1m",
                    "1s",
                    "1h",
                    "How long a statement waits for a table that a stranger uses or changes, before it is tried again.");
    public static final Setting<Duration> LOCK_HOLD_TIME =
            Setting.time(
                    "lock.hold.time",
                    "5s",
                    "1s",
                    "1m",
                    "How long locks that Ferry holds for a moment (at the source on a table without a key, in the target on its own bookkeeping) outlive a Ferry that stands still or was cut off meanwhile: so long writers of the table, or the project's next owner, would wait. A table whose engine has no snapshots is locked while it is read.");
    public static final Setting<Duration> READ_HOLD_TIME =
            Setting.time(
                    "read.hold.time",
                    "1h",
                    "1s",
                    "1d",
                    "How long a read of rows that Ferry has begun, and does not take the rest of, keeps the table's definition locked and old versions of rows alive at the server: because Ferry stands still or was cut off, or its target takes nothing. A chunk that ends so is read again; a table without a key from its beginning.");
    public static final Setting<Duration> TAKEOVER_TIME =
            Setting.time(
                    "takeover.time",
                    "5s",
                    "0s",
                    "10m",
                    "How long connections of an earlier owner may take to end by themselves, before the project counts as another process's.");
    public static final Setting<Duration> TAKEOVER_KILL_TIME =
            Setting.time(
                    "takeover.kill.time",
                    "1m",
                    "1s",
                    "1h",
                    "How long connections of an earlier owner that were killed may take to end, for instance to roll back.");
    public static final Setting<Duration> TAKEOVER_KILL_AGAIN =
            Setting.time(
                    "takeover.kill.again",
                    "5s",
                    "100ms",
                    "10m",
                    "After which time such a connection is killed again.");
    public static final Setting<Long> VERIFY_WORKERS =
            Setting.count(
                    "verify.workers",
                    4,
                    1,
                    64,
                    "Workers that compare, each with a connection to both ends.");
    public static final Setting<Long> VERIFY_CHUNK_ROWS =
            Setting.count(
                    "verify.chunk.rows", 20_000, 1, 10_000_000, "Rows that one checksum covers.");
    public static final Setting<Long> VERIFY_DIFFERENCES =
            Setting.count(
                    "verify.differences",
                    10_000,
                    1,
                    10_000_000,
                    "Differences of a table after which its verification ends.");
    public static final Setting<Long> VERIFY_MEMORY_BYTES =
            Setting.bytes(
                    "verify.memory.bytes",
                    "128MiB",
                    "1KiB",
                    "64GiB",
                    "Memory for rows and keys that each verify worker holds; what is more is compared in further passes over the same rows.");
    public static final Setting<Long> VERIFY_BEGUN =
            Setting.count(
                    "verify.begun",
                    16,
                    1,
                    1_000,
                    "Comparisons that each verify worker has begun at the same time: most of their time they wait for apply.");
    public static final Setting<Duration> VERIFY_POLL_TIME =
            Setting.time(
                    "verify.poll.time",
                    "1s",
                    "5ms",
                    "1m",
                    "The longest pause between two looks whether the source shows what was applied.");
    public static final Setting<Long> VERIFY_RESTARTS =
            Setting.count(
                    "verify.restarts",
                    3,
                    0,
                    1_000,
                    "How often a comparison begins anew because it kept more of the change log than fits; then the log stays full.");
    public static final Setting<String> BOOKKEEPING_DATABASE =
            Setting.text(
                    "bookkeeping.database",
                    "ferry",
                    "The target's database that holds Ferry's bookkeeping.");

    private static final List<Setting<?>> OF_THE_WORK =
            List.of(
                    PRECHECK_LOAD_SPEED,
                    LOAD_WORKERS,
                    LOAD_SOURCE,
                    LOAD_KEY_WORKERS,
                    LOAD_KEYS_ROWS,
                    LOAD_STATISTICS,
                    LOAD_CHUNK_BYTES,
                    LOAD_CHUNK_ROWS,
                    LOAD_BATCH_ROWS,
                    LOAD_BATCH_BYTES,
                    LOAD_DATA_LOCAL,
                    LOAD_TRANSACTION_ROWS,
                    LOAD_TRANSACTION_BYTES,
                    LOAD_RELOADS,
                    APPLY_BATCH_TRANSACTIONS,
                    APPLY_BATCH_ROWS,
                    APPLY_BATCH_BYTES,
                    APPLY_LANES,
                    APPLY_HELD_BYTES,
                    APPLY_SPLIT_BYTES,
                    APPLY_MERGE,
                    APPLY_BATCH_TIME,
                    APPLY_BATCH_LONGEST,
                    APPLY_WINDOW,
                    CHECKPOINT_TIME,
                    CHANGELOG_SEGMENT_BYTES,
                    CHANGELOG_BYTES,
                    CHANGELOG_RETENTION,
                    CHANGELOG_COMPRESS,
                    CHANGELOG_SYNC_TIME,
                    CAPTURE_RETRY_TIME,
                    CAPTURE_HEARTBEAT,
                    CAPTURE_PURGE_WARNING,
                    CAPTURE_PURGE_LOOK,
                    CAPTURE_SERVER_ID,
                    CAPTURE_QUEUE_EVENTS,
                    CAPTURE_QUEUE_BYTES,
                    SOURCE_XA_TIME,
                    SOURCE_FILE_TIME,
                    SOURCE_HEARTBEAT,
                    SOURCE_HEARTBEAT_TIME,
                    SOURCE_HEARTBEAT_TABLE,
                    TARGET_RETRY_TIME,
                    CONNECT_TIME,
                    STATEMENT_TIME,
                    DEFINITION_TIME,
                    LOCK_TIME,
                    LOCK_TABLE_TIME,
                    LOCK_HOLD_TIME,
                    READ_HOLD_TIME,
                    TAKEOVER_TIME,
                    TAKEOVER_KILL_TIME,
                    TAKEOVER_KILL_AGAIN,
                    VERIFY_WORKERS,
                    VERIFY_CHUNK_ROWS,
                    VERIFY_DIFFERENCES,
                    VERIFY_MEMORY_BYTES,
                    VERIFY_BEGUN,
                    VERIFY_POLL_TIME,
                    VERIFY_RESTARTS,
                    BOOKKEEPING_DATABASE);

    public static final List<Setting<?>> ALL =
            Stream.of(OF_THE_WORK, ErrorSettings.ALL, GovernorSettings.ALL)
                    .<Setting<?>>flatMap(List::stream)
                    .toList();

    private final Map<String, String> chosen;
    private final Preset preset;

    private Settings(Map<String, String> chosen) {
        this.chosen = Map.copyOf(chosen);
        this.preset =
                Optional.ofNullable(chosen.get(GovernorSettings.PRESET.name()))
                        .map(text -> Preset.of(text.strip()))
                        .orElse(Preset.NORMAL);
    }

    private static void requireTable(String text) {
        if (!text.matches("[^.`]{1,64}\\.[^.`]{1,64}")) {
            throw new IllegalArgumentException(
                    "source.heartbeat.table must be database.table, but is '%s'".formatted(text));
        }
    }

    public static Settings defaults() {
        return new Settings(Map.of());
    }

    /// Checks names and values; throws IllegalArgumentException with a sentence for the operator
    /// that names the nearest known name.
    public static Settings of(Map<String, String> chosen) {
        for (var entry : chosen.entrySet()) {
            find(entry.getKey())
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "there is no setting '%s'; the nearest is '%s'"
                                            .formatted(
                                                    entry.getKey(),
                                                    Nearest.of(
                                                            entry.getKey(),
                                                            ALL.stream()
                                                                    .map(Setting::name)
                                                                    .toList()))))
                    .parse(entry.getValue());
        }
        return new Settings(chosen);
    }

    public <T extends Comparable<T>> T get(Setting<T> setting) {
        return Optional.ofNullable(chosen.get(setting.name()))
                .or(() -> preset.value(setting.name()))
                .map(setting::parse)
                .orElseGet(setting::defaultValue);
    }

    /// A whole number that is known to fit an int.
    public int number(Setting<Long> setting) {
        return Math.toIntExact(get(setting));
    }

    public Settings with(Setting<?> setting, String value) {
        var all = new LinkedHashMap<>(chosen);
        all.put(setting.name(), value);
        return of(all);
    }

    private static Optional<Setting<?>> find(String name) {
        return ALL.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .map(setting -> setting);
    }
}
