package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.Settings;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log on real files, with threads.
final class FileLogStoreTest {
    private static final int LAST = 4000;

    @TempDir private Path folder;

    @Test
    void filesDoWhatTheStorePromises() throws IOException {
        try (var store = new FileLogStore(folder.resolve("a/b"))) {
            store.create("x");
            assertThatThrownBy(() -> store.create("x")).isInstanceOf(IOException.class);
            store.append("x", ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, 5}, 1, 4));
            store.append("x", ByteBuffer.allocateDirect(1).put((byte) 5).flip());
            store.sync("x");
            assertThat(store.size("x")).isEqualTo(5);
            var target = ByteBuffer.allocate(10).position(1);
            assertThat(store.read("x", 2, target)).isEqualTo(3);
            assertThat(target.array()).startsWith(0, 3, 4, 5, 0);
            var direct = ByteBuffer.allocateDirect(2);
            assertThat(store.read("x", 0, direct)).isEqualTo(2);
            assertThat(direct.flip().get(1)).isEqualTo((byte) 2);
            assertThat(store.read("x", 5, ByteBuffer.allocate(1))).isZero();
            store.truncate("x", 2);
            store.append("x", ByteBuffer.wrap(new byte[] {9}));
            assertThat(Files.readAllBytes(folder.resolve("a/b/x"))).containsExactly(1, 2, 9);
            assertThat(store.list()).containsExactly("x");
            assertThat(store.freeBytes()).isPositive();
            store.delete("x");
            assertThat(store.list()).isEmpty();
            assertThatThrownBy(() -> store.read("x", 0, target)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> store.append("x", target)).isInstanceOf(IOException.class);
            assertThat(store.list()).isEmpty();
        }
    }

    @Test
    void moreFilesThanMayBeOpenCanBeRead() throws IOException {
        try (var store = new FileLogStore(folder)) {
            for (var round = 0; round < 2; round++) {
                for (var i = 0; i < 100; i++) {
                    if (round == 0) {
                        store.create("f" + i);
                        store.append("f" + i, ByteBuffer.wrap(new byte[] {(byte) i}));
                    }
                    var target = ByteBuffer.allocate(1);
                    store.read("f" + i, 0, target);
                    assertThat(target.get(0)).isEqualTo((byte) i);
                }
            }
        }
    }

    @Test
    void anInterruptedThreadDisturbsNobody() throws IOException {
        var settings = Logs.SMALL;
        try (var store = new FileLogStore(folder);
                var log = Logs.open(store, settings)) {
            Thread.currentThread().interrupt();
            for (var number = 1; number <= 100; number++) {
                Logs.append(log, Logs.largeTransaction(number, 2));
                log.sync();
            }
            assertThat(Logs.read(log, SetPosition.upTo(99))).hasSize(4);
            assertThat(log.trim(SetPosition.upTo(100), Instant.now())).isPositive();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(log.position()).isEqualTo(SetPosition.upTo(100));
        }
    }

    @Test
    void readersFollowAWriterWhileOldSegmentsAreDropped() throws Exception {
        var settings = Logs.SMALL.with(Settings.CHANGELOG_BYTES, "1MiB");
        var room = new Semaphore(0);
        try (var store = new FileLogStore(folder);
                var log = Logs.open(store, settings);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = new ArrayList<Future<Integer>>();
            for (var i = 0; i < 3; i++) {
                var reader = log.reader(Logs.START);
                readers.add(threads.submit(() -> follow(reader)));
            }
            var trimmer = log.reader(Logs.START);
            var trimmed = threads.submit(() -> trimBehind(log, trimmer, room));
            threads.submit(writer(log, room)).get(60, TimeUnit.SECONDS);

            for (var reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(LAST);
            }
            assertThat(trimmed.get(60, TimeUnit.SECONDS)).isPositive();
        }
        try (var store = new FileLogStore(folder);
                var log = Logs.open(store, settings)) {
            assertThat(log.position()).isEqualTo(SetPosition.upTo(LAST));
        }
    }

    /// Writes as much as the log takes; when it is full, waits until room was made.
    private static Callable<Void> writer(ChangeLog log, Semaphore room) {
        return () -> {
            for (var number = 1; number <= LAST; number++) {
                for (var record : transaction(number)) {
                    insist(room, () -> log.append(record));
                }
                if (number % 50 == 0) {
                    insist(room, log::sync);
                }
            }
            return null;
        };
    }

    private static void insist(Semaphore room, Runnable work) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                work.run();
                return;
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ProblemCode.LOG_FULL);
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                // A slow reader may hold the last segments longer than the one that trims.
                room.tryAcquire(10, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static List<LogRecord> transaction(int number) {
        return number % 500 == 0
                ? Logs.largeTransaction(number, 150)
                : Logs.transaction(number, "a".repeat(number % 300), "b".repeat(number % 700));
    }

    private static int follow(ChangeLogReader reader) throws InterruptedException {
        try (reader) {
            for (var number = 1; number <= LAST; number++) {
                for (var expected : transaction(number)) {
                    var record = next(reader);
                    assertThat(Logs.plain(List.of(record))).containsExactly(expected);
                }
            }
            assertThat(reader.next()).isEmpty();
            return LAST;
        }
    }

    private static long trimBehind(ChangeLog log, ChangeLogReader reader, Semaphore room)
            throws InterruptedException {
        var freed = 0L;
        try (reader) {
            for (var number = 1; number < LAST; ) {
                if (next(reader) instanceof LogRecord.Commit(var id)) {
                    number = Integer.parseInt(id.text());
                    if (number % 10 == 0) {
                        freed += log.trim(reader.position(), Instant.now());
                        room.release();
                    }
                }
            }
        }
        return freed;
    }

    private static LogRecord next(ChangeLogReader reader) throws InterruptedException {
        var record = reader.next();
        while (record.isEmpty()) {
            assertThat(reader.await(Duration.ofSeconds(30))).isTrue();
            record = reader.next();
        }
        return record.get();
    }

    @Test
    void aWaitingReaderIsWokenByASyncAndByTheEnd() throws Exception {
        try (var store = new FileLogStore(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var log = Logs.open(store);
            var reader = log.reader(Logs.START);
            assertThat(reader.await(Duration.ofMillis(1))).isFalse();

            var woken = threads.submit(() -> reader.await(Duration.ofSeconds(30)));
            Logs.append(log, Logs.transaction(1));
            log.sync();
            assertThat(woken.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Logs.read(reader)).hasSize(3);

            var ended = threads.submit(() -> reader.await(Duration.ofSeconds(60)));
            log.close();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isFalse();
            reader.close();
        }
    }
}
