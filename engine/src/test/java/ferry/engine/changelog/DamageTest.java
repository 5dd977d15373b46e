package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is torn, flipped, cut or missing is refused or left out, never read wrongly.
final class DamageTest {
    private static final String FIRST = SegmentHeader.file(1);
    private static final String SECOND = SegmentHeader.file(2);

    private final MemoryStore store = new MemoryStore();

    @Test
    void aLogTornAtAnyByteOfItsLastBlockEndsBeforeThatBlock() {
        int lastBlock;
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            log.sync();
            lastBlock = store.bytes(FIRST).length;
            Logs.append(log, Logs.transaction(2));
            Logs.append(log, Logs.transaction(3));
            log.sync();
        }
        var whole = store.bytes(FIRST);

        for (var length = lastBlock; length < whole.length; length++) {
            var torn = new MemoryStore();
            torn.put(FIRST, Arrays.copyOf(whole, length));
            try (var log = Logs.open(torn)) {
                assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
                assertThat(log.tornTail().map(TornTail::bytes).orElse(0L))
                        .isEqualTo(length - lastBlock);
                assertThat(torn.bytes(FIRST)).hasSize(length); // open has changed nothing
                Logs.append(log, Logs.transaction(2));
                log.sync();
            }
            try (var log = Logs.open(torn)) {
                assertThat(log.tornTail()).isEmpty();
                assertThat(Logs.plain(Logs.read(log, Logs.START)))
                        .isEqualTo(both(Logs.transaction(1), Logs.transaction(2)));
            }
        }
    }

    @Test
    void aNewSegmentWhoseHeaderIsTornAtAnyByteIsAsIfItWereNotThere() {
        writeTwoSegments();
        var header = (int) headerLength(SECOND);
        for (var length = 0; length < header; length++) {
            var torn = store.copy();
            torn.put(SECOND, Arrays.copyOf(store.bytes(SECOND), length));
            try (var log = Logs.open(torn)) {
                assertThat(log.tornTail().orElseThrow().file()).isEqualTo(SECOND);
                var next = Integer.parseInt(log.position().text().replaceAll(".*-|}", "")) + 1;
                Logs.append(log, Logs.transaction(next));
                log.sync();
                assertThat(Logs.plain(Logs.read(log, SetPosition.upTo(next - 1))))
                        .isEqualTo(Logs.transaction(next));
            }
        }
    }

    @Test
    void aFirstSegmentWhoseHeaderIsTornIsNoLog() {
        Logs.open(store).close();
        var header = store.bytes(FIRST);
        for (var length = 0; length < header.length; length++) {
            var torn = new MemoryStore();
            torn.put(FIRST, Arrays.copyOf(header, length));
            try (var log =
                    ChangeLog.open(torn, Logs.SMALL, SetPosition::parse, SetPosition.upTo(3))) {
                assertThat(log.position()).isEqualTo(SetPosition.upTo(3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void aFlippedBitInAnyByteNeverGivesAWrongRecord(String compress) {
        var settings = Logs.SMALL.with(Settings.CHANGELOG_COMPRESS, compress);
        var all = new ArrayList<LogRecord>();
        try (var log = Logs.open(store, settings)) {
            all.addAll(Logs.transaction(1));
            all.add(Samples.schemaChange("2"));
            all.addAll(Logs.transaction(3));
            for (var record : all) {
                log.append(record);
                if (!(record instanceof LogRecord.Begin)) {
                    log.sync();
                }
            }
            Logs.append(log, Logs.prepared(Logs.transaction(4), "x"));
            log.append(new LogRecord.CommitPrepared(SetPosition.id(5), "x", 4000));
            log.sync();
        }
        all.add(new LogRecord.Prepare(SetPosition.id(4), "x"));
        all.addAll(Logs.transaction(4));
        all.set(all.size() - 3, new LogRecord.Begin(SetPosition.id(5), 4000));
        all.set(all.size() - 1, new LogRecord.Commit(SetPosition.id(5)));
        assertThat(readUntilDamaged(store, Logs.START)).isEqualTo(all);

        var whole = store.bytes(FIRST);
        var refused = 0;
        for (var at = 0; at < whole.length; at++) {
            var bytes = whole.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            var flipped = new MemoryStore();
            flipped.put(FIRST, bytes);
            try {
                var read = readUntilDamaged(flipped, Logs.START);
                assertThat(read.size()).isLessThan(all.size());
                assertThat(read).isEqualTo(all.subList(0, read.size()));
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ProblemCode.LOG_DAMAGED);
                refused++;
            }
        }
        // Only the last block and what no later block vouches for may be taken for a torn tail.
        assertThat(refused).isGreaterThan(whole.length / 2);
    }

    @Test
    void aFlippedByteInAnEarlierSegmentIsFoundWhenItIsRead() {
        writeTwoSegments();
        var whole = store.bytes(FIRST);
        var all = readUntilDamaged(store, Logs.START);
        for (var at = 0; at < whole.length; at += 61) {
            var bytes = whole.clone();
            bytes[at] ^= 0x40;
            var flipped = store.copy();
            flipped.put(FIRST, bytes);
            if (at < headerLength(FIRST)) {
                Logs.assertProblem(ProblemCode.LOG_DAMAGED, () -> Logs.open(flipped));
                continue;
            }
            try (var log = Logs.open(flipped);
                    var reader = log.reader(Logs.START)) {
                var read = new ArrayList<LogRecord>();
                Logs.assertProblem(
                        ProblemCode.LOG_DAMAGED,
                        () -> {
                            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                                read.add(next.get());
                            }
                        });
                assertThat(Logs.plain(read)).isEqualTo(all.subList(0, read.size()));
            }
        }
    }

    @Test
    void aSegmentThatWasCutOrIsMissingIsDamage() throws IOException {
        writeTwoSegments();
        for (var length : List.of(0, 50, store.bytes(FIRST).length - 1)) {
            var cut = store.copy();
            cut.put(FIRST, Arrays.copyOf(store.bytes(FIRST), length));
            Logs.assertProblem(ProblemCode.LOG_DAMAGED, () -> Logs.open(cut));
        }
        try (var log = Logs.open(store)) {
            for (var number = 1000; number < 1100; number++) {
                Logs.append(log, Logs.largeTransaction(number, 2));
                log.sync();
            }
        }
        store.delete(SECOND);
        Logs.assertProblem(ProblemCode.LOG_DAMAGED, () -> Logs.open(store));
    }

    @Test
    void aTornTailBehindLaterBlocksOfTheSameUnsyncedGroupIsStillATornTail() {
        int lastDurable;
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            log.sync();
            lastDurable = store.bytes(FIRST).length;
            for (var number = 2; number < 60; number++) {
                Logs.append(log, Logs.largeTransaction(number, 1));
            }
        } // several blocks are written, none of them synced
        var bytes = store.bytes(FIRST);
        assertThat(bytes.length).isGreaterThan(lastDurable + 20_000);
        bytes[lastDurable + 100] ^= 1;
        store.put(FIRST, bytes);
        try (var log = Logs.open(store)) {
            assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
            assertThat(log.tornTail()).isPresent();
        }
    }

    @Test
    void aFormatOfTheFutureIsRefusedAndNotCut() {
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            log.sync();
        }
        var bytes = store.bytes(FIRST);
        bytes[4] = 2;
        var checksum = new java.util.zip.CRC32C();
        checksum.update(java.nio.ByteBuffer.allocate(16).putLong(1).putLong(0).flip());
        checksum.update(bytes, 0, 32);
        java.nio.ByteBuffer.wrap(bytes).putInt(32, (int) checksum.getValue());
        store.put(FIRST, bytes);
        Logs.assertProblem(ProblemCode.LOG_DAMAGED, () -> Logs.open(store));
    }

    @Test
    void filesThatAreNoSegmentsAreLeftAlone() {
        store.put("project.lock", new byte[] {1});
        Logs.open(store).close();
        ChangeLog.erase(store);
        assertThat(store.list()).containsExactly("project.lock");
    }

    @Test
    void anIncompleteLargeTransactionIsCutWithAllItsSegments() {
        var large = Logs.largeTransaction(2, 300);
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            Logs.append(log, large.subList(0, 290));
            log.sync();
            assertThat(Logs.segments(store)).isGreaterThan(3);
        }
        for (var run = 0; run < 2; run++) {
            try (var log = Logs.open(store)) {
                assertThat(log.position()).isEqualTo(SetPosition.upTo(1));
                assertThat(log.tornTail()).isEmpty();
                assertThat(Logs.plain(Logs.read(log, Logs.START))).isEqualTo(Logs.transaction(1));
            }
        }
        try (var log = Logs.open(store)) {
            Logs.append(log, large);
            log.sync();
        }
        try (var log = Logs.open(store)) {
            assertThat(Logs.plain(Logs.read(log, Logs.START)))
                    .isEqualTo(both(Logs.transaction(1), large));
            assertThat(log.changes()).isEqualTo(301);
        }
    }

    @Test
    void everyPrefixOfAWrittenLogOpensAtATransactionBoundary() {
        try (var log = Logs.open(store)) {
            Logs.append(log, Logs.transaction(1));
            Logs.append(log, Logs.largeTransaction(2, 40));
            Logs.append(log, Logs.transaction(3));
            log.sync();
        }
        assertThat(Logs.segments(store)).isEqualTo(1);
        var whole = store.bytes(FIRST);
        var all = readUntilDamaged(store, Logs.START);
        for (var length = (int) headerLength(FIRST); length < whole.length; length += 97) {
            var cut = new MemoryStore();
            cut.put(FIRST, Arrays.copyOf(whole, length));
            var read = readUntilDamaged(cut, Logs.START);
            assertThat(read).isEqualTo(all.subList(0, read.size()));
            assertThat(read.isEmpty() || read.getLast() instanceof LogRecord.Commit).isTrue();
        }
    }

    private void writeTwoSegments() {
        try (var log = Logs.open(store)) {
            for (var number = 1; Logs.segments(store) < 2; number++) {
                Logs.append(log, Logs.largeTransaction(number, 2));
                log.sync();
            }
        }
    }

    private long headerLength(String file) {
        return Frame.BYTES + java.nio.ByteBuffer.wrap(store.bytes(file)).getInt(8);
    }

    private static List<LogRecord> readUntilDamaged(MemoryStore store, Position lowWater) {
        try (var log = Logs.open(store)) {
            return Logs.plain(Logs.read(log, lowWater));
        }
    }

    private static List<LogRecord> both(List<LogRecord> first, List<LogRecord> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
