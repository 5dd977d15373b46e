package ferry.engine.changelog;

import ferry.engine.config.Settings;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What the tests of the log do again and again.
final class Logs {
    /// Segments of 64 KiB, and so blocks of 16 KiB.
    static final Settings SMALL =
            Settings.defaults()
                    .with(Settings.CHANGELOG_SEGMENT_BYTES, "64KiB")
                    .with(Settings.CHANGELOG_COMPRESS, "false")
                    .with(Settings.CHANGELOG_RETENTION, "0s");

    static final Position START = SetPosition.of();

    private Logs() {}

    static ChangeLog open(LogStore store) {
        return open(store, SMALL);
    }

    static ChangeLog open(LogStore store, Settings settings) {
        return ChangeLog.open(store, settings, SetPosition::parse, START);
    }

    static void append(ChangeLog log, LogRecord... records) {
        Arrays.stream(records).forEach(log::append);
    }

    static void append(ChangeLog log, List<LogRecord> records) {
        records.forEach(log::append);
    }

    /// A transaction with one row.
    static List<LogRecord> transaction(int number) {
        return transaction(number, "row of " + number);
    }

    static List<LogRecord> transaction(int number, String... notes) {
        var records = new ArrayList<LogRecord>();
        records.add(new LogRecord.Begin(SetPosition.id(number), number * 1000L));
        for (var note : notes) {
            records.add(Samples.insert(number, note));
        }
        records.add(new LogRecord.Commit(SetPosition.id(number)));
        return records;
    }

    /// A transaction of so many rows of about 1 KiB.
    static List<LogRecord> largeTransaction(int number, int rows) {
        var notes = new String[rows];
        for (var i = 0; i < rows; i++) {
            notes[i] = "%d of transaction %d ".formatted(i, number).repeat(50);
        }
        return transaction(number, notes);
    }

    /// The same transaction as an XA group that is prepared.
    static List<LogRecord> prepared(List<LogRecord> transaction, String xid) {
        var records = new ArrayList<>(transaction);
        var id = ((LogRecord.Commit) records.removeLast()).id();
        records.add(new LogRecord.Prepare(id, xid));
        return records;
    }

    /// All records that a reader has now.
    static List<LogRecord> read(ChangeLogReader reader) {
        var records = new ArrayList<LogRecord>();
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            records.add(next.get());
        }
        return records;
    }

    static List<LogRecord> read(ChangeLog log, Position lowWater) {
        try (var reader = log.reader(lowWater)) {
            return read(reader);
        }
    }

    /// The same records as they were appended: without the numbers that the log gave.
    static List<LogRecord> plain(List<LogRecord> records) {
        return records.stream()
                .map(record ->
                        record instanceof LogRecord.Begin(var _, var id, var micros)
                                ? new LogRecord.Begin(id, micros)
                                : record)
                .toList();
    }

    /// The records from the beginning of the first transaction with this number or a higher one.
    static List<LogRecord> from(List<LogRecord> all, int number) {
        for (var i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof LogRecord.Begin begin
                    && Integer.parseInt(begin.id().text()) >= number) {
                return all.subList(i, all.size());
            }
        }
        return List.of();
    }

    static void assertProblem(ProblemCode code, ThrowingCallable work) {
        Assertions.assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> Assertions.assertThat(problem.code()).isEqualTo(code));
    }

    static long segments(MemoryStore store) {
        return store.list().size();
    }
}
