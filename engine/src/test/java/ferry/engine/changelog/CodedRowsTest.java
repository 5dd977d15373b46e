package ferry.engine.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.Change;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Changes in the source's own bytes: they come out as what they are, whichever segment, process or
/// XA group they stand in.
final class CodedRowsTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void changesOfSeveralCodesAndLayoutsComeOutAsTheyWere() {
        var written = new ArrayList<LogRecord>();
        for (var process = 0; process < 3; process++) {
            try (var log = open()) {
                for (var i = 1; i <= 400; i++) {
                    var records = transaction(process * 400 + i);
                    Logs.append(log, records);
                    written.addAll(records);
                }
                log.sync();
                assertThat(Logs.segments(store)).isGreaterThan(1);
            }
        }
        try (var log = open()) {
            assertThat(Logs.plain(Logs.read(log, Logs.START))).isEqualTo(written);
            assertThat(log.changes()).isEqualTo(3 * 400 * 3);
            try (var reader = log.reader(Logs.START)) {
                Logs.read(reader);
                // Two layouts, and four codes of each process, however many segments there are.
                assertThat(reader.layouts().nextNumber()).isLessThanOrEqualTo(2 + 3 * 4);
            }
        }
    }

    @Test
    void aGroupIsReadWithTheCodesOfTheSegmentInWhichItWasPrepared() {
        try (var log = open()) {
            Logs.append(log, Logs.prepared(transaction(1), "x"));
            for (var i = 2; i <= 400; i++) {
                Logs.append(log, transaction(i));
            }
            log.append(new LogRecord.CommitPrepared(SetPosition.id(401), "x", 5));
            log.sync();
        }
        try (var log = open()) {
            assertThat(Logs.segments(store)).isGreaterThan(1);
            var read = Logs.plain(Logs.read(log, SetPosition.upTo(400)));
            assertThat(read).hasSize(transaction(1).size());
            assertThat(read.subList(1, 3)).isEqualTo(transaction(1).subList(1, 3));
        }
    }

    @Test
    void rowsOfOtherTablesAreNotTakenApart() {
        try (var log = open()) {
            var broken =
                    new CodedChanges(
                            Codes.encode('a', Samples.LINES, lines(1)).code(),
                            new byte[] {'?', 7},
                            0,
                            2,
                            3);
            log.append(new LogRecord.Begin(SetPosition.id(1), 0));
            log.append(new LogRecord.Rows(Samples.LINES, broken));
            log.append(new LogRecord.Commit(SetPosition.id(1)));
            log.sync();

            try (var reader = log.reader(Logs.START, Set.of(Samples.ORDERS.name()))) {
                assertThat(Logs.read(reader)).hasSize(2);
            }
            Logs.assertProblem(ProblemCode.LOG_DAMAGED, () -> Logs.read(log, Logs.START));
        }
    }

    @Test
    void anotherNumberOfChangesThanWasWrittenIsDamage() {
        try (var log = open()) {
            var two = Codes.encode('a', Samples.LINES, lines(1));
            var bytes = new byte[two.byteCount()];
            two.copyTo(bytes, 0);
            log.append(new LogRecord.Begin(SetPosition.id(1), 0));
            log.append(
                    new LogRecord.Rows(
                            Samples.LINES,
                            new CodedChanges(two.code(), bytes, 0, bytes.length, 3)));
            log.append(new LogRecord.Commit(SetPosition.id(1)));
            log.sync();
            Logs.assertProblem(ProblemCode.LOG_DAMAGED, () -> Logs.read(log, Logs.START));
        }
    }

    private ChangeLog open() {
        return ChangeLog.open(store, Logs.SMALL, new Codes(), Logs.START);
    }

    /// Three changes, in two codes and two layouts.
    private static List<LogRecord> transaction(int number) {
        var letter = (char) ('a' + number % 3);
        var orders =
                List.<Change>of(
                        new Change.Update(
                                Samples.order(number, "before".repeat(40)),
                                Samples.order(number, "after")));
        return List.of(
                new LogRecord.Begin(SetPosition.id(number), number),
                new LogRecord.Rows(
                        Samples.LINES, Codes.encode(letter, Samples.LINES, lines(number))),
                new LogRecord.Rows(Samples.ORDERS, Codes.encode('z', Samples.ORDERS, orders)),
                new LogRecord.Commit(SetPosition.id(number)));
    }

    private static List<Change> lines(int number) {
        return List.of(
                new Change.Insert(Row.ofText(Integer.toString(number))),
                new Change.Delete(Row.ofText(Integer.toString(-number))));
    }
}
