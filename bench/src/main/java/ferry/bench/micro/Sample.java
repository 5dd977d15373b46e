package ferry.bench.micro;

import ferry.bench.Places;
import ferry.engine.dialect.Ends;
import ferry.engine.model.Change;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/// Rows in sysbench's shape as MySQL 8.0 logs them: one event of about eight kilobytes, as bulk
/// inserts have.
final class Sample {
    static final int ROWS = 40;
    static final String COLLATION = "utf8mb4_0900_ai_ci";

    static final Table TABLE =
            Table.of(
                    new TableName("sbtest", "sbtest1"),
                    List.of(
                            Column.of("id", new DataType.Int(32, false), "int", false),
                            Column.of("k", new DataType.Int(32, false), "int", false),
                            Column.of("c", text(120), "char(120)", false),
                            Column.of("pad", text(60), "char(60)", false)),
                    List.of(Key.primary("id")));

    private static final byte[] WRITE_SINCE_80 = {0, 1};

    private Sample() {}

    private static DataType text(int length) {
        return new DataType.Text("utf8mb4", COLLATION, length, true);
    }

    /// Of a source that nobody asks anything.
    static Ends ends() {
        return Places.at(1, "nobody").ends();
    }

    /// What the log tells of [#TABLE] before its rows, and what kind of event they stand in.
    static byte[] description() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(WRITE_SINCE_80);
        out.writeBytes(new byte[] {1, 0, 0, 0, 0, 0, 1, 0}); // its number, flags
        name(out, TABLE.name().database());
        name(out, TABLE.name().table());
        out.write(4);
        out.writeBytes(new byte[] {3, 3, (byte) 254, (byte) 254}); // INT, INT, STRING, STRING
        out.write(4);
        out.writeBytes(new byte[] {(byte) 0xee, (byte) 0xe0, (byte) 0xfe, (byte) 0xf0});
        out.write(0); // none may be NULL
        return out.toByteArray();
    }

    private static void name(ByteArrayOutputStream out, String name) {
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
    }

    /// The rows of the event, as they stand in it.
    static byte[] event() {
        var out = new ByteArrayOutputStream();
        var random = new Random(1);
        out.write(4);
        out.write(0x0f); // all four columns
        for (var id = 1; id <= ROWS; id++) {
            out.write(0); // no NULL
            number(out, id);
            number(out, random.nextInt(1_000_000));
            out.write(119);
            out.write(0);
            out.writeBytes(digits(random, 119));
            out.write(59);
            out.writeBytes(digits(random, 59));
        }
        return out.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, int value) {
        for (var shift = 0; shift < 32; shift += 8) {
            out.write(value >> shift);
        }
    }

    private static byte[] digits(Random random, int length) {
        var digits = new byte[length];
        for (var i = 0; i < length; i++) {
            digits[i] = (byte) (i % 12 == 11 ? '-' : '0' + random.nextInt(10));
        }
        return digits;
    }

    /// So many changes of the event, in the source's form.
    static CodedChanges coded(RowCode code, int rows) {
        var event = event();
        return new CodedChanges(code, event, 0, 2 + rows * ((event.length - 2) / ROWS), rows);
    }

    /// The event's rows.
    static List<Row> rows() {
        return coded(ends().rowCode(TABLE, description()), ROWS).stream()
                .map(change -> ((Change.Insert) change).after())
                .toList();
    }
}
