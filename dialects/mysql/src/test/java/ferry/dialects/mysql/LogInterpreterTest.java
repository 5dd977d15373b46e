package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.dialect.LogEvent;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Events made by hand: what servers write rarely or never, and what they must not write.
final class LogInterpreterTest {
    private static final LogServer SERVER =
            new LogServer("db:3306", "8.0.15", "uuid-1", false, false, false);
    private static final Table TABLE =
            Table.of(
                    new TableName("d", "t"),
                    List.of(
                            Column.of("a", new DataType.Int(32, false), "int", false),
                            Column.of(
                                    "b",
                                    new DataType.Enumeration(
                                            List.of("x", "y"), "utf8mb4", "utf8mb4_bin"),
                                    "enum('x','y')",
                                    true)),
                    List.of());
    private static final byte[] MAP =
            bytes(7, 0, 0, 0, 0, 0, 0, 0, 1, 'd', 0, 1, 't', 0, 2, 3, 254, 2, 247, 1, 2);

    private final AdmittedTables tables =
            new AdmittedTables(false, new RowDecoder.Style(true, false));
    private final LogInterpreter interpreter =
            interpreter(MySqlPosition.logEnd("uuid-1", "binlog.000001", 4));

    private LogInterpreter interpreter(MySqlPosition after) {
        tables.admit(TABLE);
        return new LogInterpreter(SERVER, after, tables, new MySqlDdl(MySqlDdl.Types.OF_CATALOG));
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (var i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static RawEvent event(int type, long end, byte[] body) {
        return new RawEvent(
                1_700_000_000,
                type,
                1,
                RawEvent.HEADER + body.length,
                end,
                0,
                body,
                0,
                body.length);
    }

    private static RawEvent query(String sql, long end) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(bytes(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 'd', 0));
        body.writeBytes(sql.getBytes(StandardCharsets.UTF_8));
        return event(RawEvent.QUERY, end, body.toByteArray());
    }

    private List<LogEvent> take(RawEvent... events) {
        var told = new ArrayList<LogEvent>();
        for (var event : events) {
            interpreter.take(event);
            for (var next = interpreter.poll(); next.isPresent(); next = interpreter.poll()) {
                told.add(next.get());
            }
        }
        return told;
    }

    private static byte[] insert(int present, int... row) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(bytes(7, 0, 0, 0, 0, 0, 1, 0, 2, 0, 2, present));
        body.writeBytes(bytes(row));
        return body.toByteArray();
    }

    @Test
    void aTransactionIsBeginRowsCommit() {
        var told =
                take(
                        query("BEGIN", 200),
                        event(RawEvent.TABLE_MAP, 300, MAP),
                        event(RawEvent.WRITE_ROWS, 400, insert(3, 0, 5, 0, 0, 0, 2)),
                        event(RawEvent.XID, 500, new byte[8]));

        assertThat(told).hasSize(3);
        assertThat(((LogEvent.Rows) told.get(1)).changes())
                .containsExactly(new Change.Insert(Row.ofText("5", "y")));
        assertThat(((LogEvent.Commit) told.get(2)).id())
                .isEqualTo(((LogEvent.Begin) told.get(0)).id());
        assertThat(interpreter.progress().position().text())
                .isEqualTo("uuid=uuid-1;file=binlog.000001:500");
    }

    /// Its table map is resolved, and rows of a table that nobody admitted yet may be dropped
    /// already: a table that were admitted here would miss them.
    @Test
    void anUntoldTransactionIsSeenFromOutside() {
        assertThat(interpreter.isBetweenGroups()).isTrue();
        assertThat(take(query("BEGIN", 200), event(RawEvent.TABLE_MAP, 300, MAP))).isEmpty();
        assertThat(interpreter.isBetweenGroups()).isFalse();
        interpreter.take(event(RawEvent.WRITE_ROWS, 400, insert(3, 0, 5, 0, 0, 0, 2)));
        interpreter.take(event(RawEvent.XID, 500, new byte[8]));
        assertThat(interpreter.isBetweenGroups()).isFalse();
        assertThat(take()).isEmpty();
        while (interpreter.poll().isPresent()) {
            // told
        }
        assertThat(interpreter.isBetweenGroups()).isTrue();
    }

    @Test
    void offsetsBeyondFourGibibytesGoOn() {
        var far = interpreter(MySqlPosition.logEnd("uuid-1", "binlog.000001", 0xffff_fff0L));

        far.take(query("BEGIN", 0x20));
        far.take(event(RawEvent.XID, 0x40, new byte[8]));

        assertThat(far.progress().position().text())
                .isEqualTo("uuid=uuid-1;file=binlog.000001:" + 0x1_0000_0040L);
    }

    @ParameterizedTest
    @CsvSource({
        "99, LOG_EVENT",
        "26, LOG_INCOMPLETE",
        "39, LOG_INCOMPLETE",
        "40, LOG_EVENT",
        "18, LOG_INCOMPLETE",
        "20, LOG_EVENT",
        "1, LOG_EVENT"
    })
    void eventsThatAreNotOnTheListAreRefused(int type, ProblemCode code) {
        assertThatThrownBy(() -> take(event(type, 200, new byte[30])))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSERT INTO t VALUES (1) | LOG_INCOMPLETE",
                "SELECT f() | LOG_INCOMPLETE",
                "FROBNICATE t | LOG_EVENT",
                "COMMIT | ''",
                "GRANT ALL ON *.* TO a | ''",
                "# Dummy event | ''",
            })
    void statementsAreAClosedList(String sql, String code) {
        if (code.isEmpty()) {
            assertThat(take(query(sql, 200))).isEmpty();
        } else {
            assertThatThrownBy(() -> take(query(sql, 200)))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.code().name()).isEqualTo(code));
        }
    }

    @Test
    void rowsThatAreCutOffOrImpossibleAreRefused() {
        take(query("BEGIN", 200), event(RawEvent.TABLE_MAP, 300, MAP));
        for (var row :
                List.of(
                        new int[] {0, 5, 0},
                        new int[] {0, 5, 0, 0, 0, 3},
                        new int[] {0, 5, 0, 0, 0, 2, 9})) {
            assertThatThrownBy(
                            () -> interpreter.take(event(RawEvent.WRITE_ROWS, 400, insert(3, row))))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.code()).isEqualTo(ProblemCode.LOG_EVENT));
        }
    }

    @Test
    void aPartialImageIsRefusedOrAbsent() {
        var image = insert(1, 0, 5, 0, 0, 0);
        take(query("BEGIN", 200), event(RawEvent.TABLE_MAP, 300, MAP));

        assertThatThrownBy(() -> take(event(RawEvent.WRITE_ROWS, 400, image)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.LOG_INCOMPLETE));
        var decoder =
                new RowDecoder(
                        TableMap.read(new EventBytes(MAP)),
                        TABLE,
                        new RowDecoder.Style(true, true));
        var rows = new ArrayList<Change>();
        decoder.decode(RowDecoder.Kind.WRITE, new EventBytes(image, 10, image.length), rows::add);
        assertThat(((Change.Insert) rows.getFirst()).after().isAbsent(1)).isTrue();
        assertThat(((Change.Insert) rows.getFirst()).after().text(0)).isEqualTo("5");
    }
}
