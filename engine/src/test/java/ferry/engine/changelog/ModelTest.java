package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories of a log, with crashes, lost connections, failing disks, XA groups and trims,
/// beside a plain list of what a source told. The number in a failing test's name replays it.
final class ModelTest {
    private static final int STEPS = 300;

    /// The source: what it told and will tell again, one unit per number, from 1.
    private final List<Unit> source = new ArrayList<>();

    private final Map<String, Integer> undecided =
            new LinkedHashMap<>(); // xid to number, at the source's end
    private Random random;
    private Settings settings;
    private MemoryStore store = new MemoryStore();
    private ChangeLog log;
    private int appended; // units in the log, durable or not
    private int synced; // units that a sync has promised
    private int trimmed; // the low-water mark of the last trim
    private ChangeLogReader following;
    private int followed; // units that it has passed

    /// What is appended for one number, and what readers deliver for it.
    private record Unit(List<LogRecord> appended, List<LogRecord> delivered) {}

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theLogHoldsWhatTheSourceTold(long seed) {
        random = new Random(seed);
        settings = Logs.SMALL.with(Settings.CHANGELOG_COMPRESS, seed % 2 == 0 ? "true" : "false");
        reopen();
        for (var step = 0; step < STEPS; step++) {
            switch (random.nextInt(40)) {
                case 0 -> crash();
                case 1 -> restart();
                case 2 -> failSync();
                case 39 -> failWrite();
                case 3, 4 -> loseConnection();
                case 5, 6 -> trim();
                case 7, 8, 9 -> readFromAnywhere();
                case 10, 11, 12, 13, 14, 15, 16, 17 -> sync();
                case 18, 19, 20, 21 -> follow();
                default -> appendNext();
            }
            assertThat(log.position()).isEqualTo(SetPosition.upTo(appended));
        }
        sync();
        follow();
        assertThat(followed).isEqualTo(synced);
        readFromAnywhere();
        log.close();
        following.close();
    }

    private void reopen() {
        log = ChangeLog.open(store, settings, new Codes(), Logs.START, () -> Instant.EPOCH);
        appended = ((SetPosition) log.position()).numbers().cardinality();
        assertThat(log.position()).isEqualTo(SetPosition.upTo(appended));
        assertThat(appended).isGreaterThanOrEqualTo(synced).isLessThanOrEqualTo(source.size());
        synced = appended;
        followed = Math.min(followed, synced);
        following = log.reader(SetPosition.upTo(followed));
        assertThat(log.lastSequence()).isEqualTo(sequenceAt(synced));
        assertThat(log.durablePosition()).isEqualTo(log.position());
    }

    private void end() {
        following.close();
        log.close();
    }

    private void crash() {
        end();
        store = store.crashed(random);
        reopen();
    }

    private void restart() {
        end();
        reopen();
    }

    private void failSync() {
        store.failsSync(true);
        try {
            log.sync();
        } catch (ProblemException e) {
            assertThat(e.code()).isEqualTo(ProblemCode.DISK_FULL);
        }
        store.failsSync(false);
        follow();
        if (random.nextBoolean()) {
            crash();
        } else {
            restart();
        }
    }

    /// The disk takes a part of what is written; then there is room again.
    private void failWrite() {
        var refused = false;
        store.liesAboutSpace();
        store.capacity(store.used() + random.nextInt(40_000));
        try {
            for (var more = random.nextInt(20); more > 0; more--) {
                Logs.append(log, unit(appended + 1).appended());
                appended++;
            }
            if (random.nextBoolean()) {
                sync();
            }
        } catch (ProblemException e) {
            assertThat(e.code()).isEqualTo(ProblemCode.DISK_FULL);
            refused = true;
        }
        if (refused && random.nextBoolean()) {
            log.abandon(); // what is removed makes room
        }
        store.capacity(Long.MAX_VALUE);
        if (refused) {
            log.abandon();
            appended = synced;
            assertThat(log.durablePosition()).isEqualTo(log.position());
        }
    }

    private void loseConnection() {
        var records = unit(appended + 1).appended();
        Logs.append(log, records.subList(0, random.nextInt(records.size())));
        if (random.nextBoolean()) {
            log.sync();
            synced = appended;
        }
        if (random.nextInt(3) == 0) {
            crash();
        } else {
            log.abandon();
        }
    }

    private void sync() {
        log.sync();
        synced = appended;
        assertThat(log.durablePosition()).isEqualTo(SetPosition.upTo(synced));
        assertThat(log.lastSequence()).isEqualTo(sequenceAt(synced));
    }

    private void appendNext() {
        Logs.append(log, unit(appended + 1).appended());
        appended++;
    }

    /// A low-water mark never passes an open prepare, and only what was followed is applied.
    private void trim() {
        var mark =
                following.openPrepares().stream()
                        .mapToInt(prepare -> Integer.parseInt(prepare.id().text()) - 1)
                        .min()
                        .orElse(followed);
        trimmed = Math.max(trimmed, Math.min(mark, followed));
        log.trim(SetPosition.upTo(trimmed), Instant.MAX.minusSeconds(1_000_000));
    }

    private void follow() {
        var mark = SetPosition.upTo(followed);
        var read = withoutStart(Logs.plain(Logs.read(following)), mark);
        assertThat(read).isEqualTo(expected(followed + 1, mark));
        followed = synced;
        assertThat(following.position()).isEqualTo(SetPosition.upTo(followed));
        assertThat(following.sequence()).isEqualTo(sequenceAt(followed));
    }

    private void readFromAnywhere() {
        var from = trimmed + random.nextInt(synced - trimmed + 1);
        var lowWater = SetPosition.upTo(from);
        for (var i = random.nextInt(5); i > 0; i--) {
            lowWater.numbers().set(from + 1 + random.nextInt(50)); // applied out of order
        }
        assertThat(withoutStart(Logs.plain(Logs.read(log, lowWater)), lowWater))
                .isEqualTo(expected(from + 1, lowWater));
    }

    /// What lies at the place where a reader begins may come or not: an Admitted, and the Progress
    /// up to that very place.
    private static List<LogRecord> withoutStart(List<LogRecord> records, SetPosition lowWater) {
        return records.stream()
                .filter(record -> !(record instanceof LogRecord.Admitted))
                .filter(record ->
                        !(record instanceof LogRecord.Progress(var position, var _))
                                || !position.equals(lowWater))
                .toList();
    }

    private List<LogRecord> expected(int from, SetPosition lowWater) {
        var records = new ArrayList<LogRecord>();
        for (var number = from; number <= synced; number++) {
            var delivered = source.get(number - 1).delivered();
            if (delivered.getFirst() instanceof LogRecord.Progress progress
                    ? !lowWater.covers(progress.position())
                    : !lowWater.numbers().get(number)) {
                records.addAll(delivered);
            }
        }
        return records;
    }

    private long sequenceAt(int number) {
        return source.subList(0, number).stream()
                .flatMap(unit -> unit.delivered().stream())
                .filter(record ->
                        record instanceof LogRecord.Commit
                                || record instanceof LogRecord.SchemaChange)
                .count();
    }

    private Unit unit(int number) {
        while (source.size() < number) {
            source.add(newUnit(source.size() + 1));
        }
        return source.get(number - 1);
    }

    private Unit newUnit(int number) {
        var id = SetPosition.id(number);
        var kind = random.nextInt(20);
        if (kind == 0) {
            var change = Samples.schemaChange(Integer.toString(number));
            return new Unit(List.of(change), List.of(change));
        }
        if (kind == 1) {
            var admitted = new LogRecord.Admitted(Samples.LINES);
            var progress = new LogRecord.Progress(SetPosition.upTo(number), number);
            return new Unit(List.of(admitted, progress), List.of(progress));
        }
        if (kind < 5 && !undecided.isEmpty()) {
            var xid = List.copyOf(undecided.keySet()).get(random.nextInt(undecided.size()));
            var group = source.get(undecided.remove(xid) - 1).appended();
            if (kind == 2) {
                var rollback = new LogRecord.RollbackPrepared(id, xid);
                return new Unit(List.of(rollback), List.of(rollback));
            }
            var delivered = new ArrayList<LogRecord>();
            delivered.add(new LogRecord.Begin(id, number));
            delivered.addAll(group.subList(1, group.size() - 1));
            delivered.add(new LogRecord.Commit(id));
            return new Unit(List.of(new LogRecord.CommitPrepared(id, xid, number)), delivered);
        }
        var records = new ArrayList<LogRecord>();
        records.add(new LogRecord.Begin(id, number));
        for (var i = rowsRecords(); i > 0; i--) {
            records.add(rows(number));
        }
        if (kind < 8) {
            var xid = "xid " + number;
            undecided.put(xid, number);
            var prepare = new LogRecord.Prepare(id, xid);
            records.add(prepare);
            return new Unit(List.copyOf(records), List.of(prepare));
        }
        records.add(new LogRecord.Commit(id));
        return new Unit(List.copyOf(records), List.copyOf(records));
    }

    private int rowsRecords() {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> 30 + random.nextInt(150);
            default -> 1 + random.nextInt(5);
        };
    }

    private LogRecord.Rows rows(int number) {
        var changes = new ArrayList<Change>();
        if (random.nextInt(4) == 0) {
            changes.add(new Change.Insert(Row.ofText(Integer.toString(number))));
            return new LogRecord.Rows(Samples.LINES, changes);
        }
        for (var i = random.nextInt(4); i >= 0; i--) {
            var bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            var row =
                    Row.of(new byte[] {(byte) number}, random.nextBoolean() ? null : bytes, bytes);
            changes.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Change.Insert(row);
                        case 1 -> new Change.Update(row, Samples.order(number, ""));
                        default -> new Change.Delete(row);
                    });
        }
        if (random.nextBoolean()) {
            var letter = (char) ('a' + random.nextInt(3));
            return new LogRecord.Rows(
                    Samples.ORDERS, Codes.encode(letter, Samples.ORDERS, changes));
        }
        return new LogRecord.Rows(random.nextBoolean() ? Samples.ORDERS : Samples.WIDE, changes);
    }
}
