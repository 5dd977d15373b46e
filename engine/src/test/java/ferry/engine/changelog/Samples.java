package ferry.engine.changelog;

import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tables, rows and records for tests, the odd ones included.
final class Samples {
    static final Table ORDERS =
            Table.of(
                    new TableName("shop", "orders"),
                    List.of(
                            Column.of("id", new DataType.Int(64, true), "bigint unsigned", false),
                            Column.of(
                                    "note",
                                    new DataType.Text("utf8mb4", "utf8mb4_bin", 65535, false),
                                    "text",
                                    true),
                            Column.of(
                                    "data",
                                    new DataType.Bytes(1 << 24, false),
                                    "mediumblob",
                                    true)),
                    List.of(Key.primary("id"), Key.unique("note_key", "note")));

    static final Table LINES =
            Table.of(
                    new TableName("shop", "Zeilen ✓"),
                    List.of(Column.of("line", new DataType.Int(32, false), "int", false)),
                    List.of(Key.primary("line")));

    /// Every data type and every option of a definition.
    static final Table WIDE =
            new Table(
                    new TableName("d", "wide"),
                    types().stream()
                            .map(type ->
                                    new Column(
                                            "c_" + type.getClass().getSimpleName(),
                                            type,
                                            "native",
                                            true,
                                            Optional.of("'x'"),
                                            Optional.of("CURRENT_TIMESTAMP"),
                                            true,
                                            Column.Generation.STORED,
                                            Optional.of("a + 1"),
                                            true,
                                            "comment ' \" \\ ü"))
                            .toList(),
                    List.of(
                            new Key(
                                    "k",
                                    Key.Kind.FULLTEXT,
                                    List.of(
                                            new Key.Part("a", 10, true, Optional.empty()),
                                            new Key.Part("", 0, false, Optional.of("lower(a)"))),
                                    Optional.of("VISIBLE")),
                            new Key("s", Key.Kind.SPATIAL, List.of(), Optional.empty()),
                            new Key("p", Key.Kind.PLAIN, List.of(), Optional.empty())),
                    List.of(
                            new ForeignKey(
                                    "f",
                                    List.of("a", "b"),
                                    ORDERS.name(),
                                    List.of("c", "d"),
                                    "CASCADE",
                                    "SET NULL")),
                    Map.of("engine", "InnoDB", "comment", "", "charset", "utf8mb4"),
                    Optional.of("PARTITION BY HASH (a)"));

    private Samples() {}

    private static List<DataType> types() {
        return List.of(
                new DataType.Int(8, true),
                new DataType.Decimal(65, 30, false),
                new DataType.Float(64, false),
                new DataType.Bits(64),
                new DataType.Text("latin1", "latin1_swedish_ci", 4_294_967_295L, true),
                new DataType.Bytes(4_294_967_295L, true),
                new DataType.Enumeration(List.of("a", "", "ü"), "utf8mb4", "utf8mb4_bin"),
                new DataType.Members(List.of("x", "y"), "utf8mb4", "utf8mb4_bin"),
                new DataType.Date(),
                new DataType.Time(6),
                new DataType.DateTime(0),
                new DataType.Timestamp(3),
                new DataType.Year(),
                new DataType.Json(),
                new DataType.Geometry(),
                new DataType.Vector(16383),
                new DataType.Unknown("xmltype"));
    }

    static Row order(long id, String note) {
        return Row.ofText(Long.toString(id), note, null);
    }

    static LogRecord.Rows insert(long id, String note) {
        return new LogRecord.Rows(ORDERS, List.of(new Change.Insert(order(id, note))));
    }

    /// Rows with NULL, absent, empty and long values, and the row without columns.
    static List<Row> oddRows() {
        var large = new byte[1 << 20];
        for (var i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 + i / 251);
        }
        return List.of(
                Row.ofText("1", "", null),
                new Row.Builder(3).add(new byte[] {'2'}).addAbsent().addNull().build(),
                new Row.Builder(2).addAbsent().addAbsent().build(),
                Row.of(null, null, null),
                Row.of(new byte[0], new byte[0]),
                Row.of(
                        new byte[] {0},
                        new byte[125],
                        new byte[126],
                        new byte[127],
                        new byte[16382]),
                Row.of(large, null, large),
                Row.of());
    }

    static LogRecord.SchemaChange schemaChange(String id) {
        return new LogRecord.SchemaChange(
                new TransactionId(id),
                5,
                "ALTER TABLE …",
                "shop",
                Map.of("sql_mode", "", "time_zone", "+00:00"),
                List.of(
                        new SchemaEffect.Created(LINES.name()),
                        new SchemaEffect.Dropped(WIDE.name()),
                        new SchemaEffect.Renamed(LINES.name(), new TableName("a", "b")),
                        new SchemaEffect.Truncated(ORDERS.name()),
                        new SchemaEffect.Altered(ORDERS.name(), Optional.of(WIDE), true),
                        new SchemaEffect.Altered(ORDERS.name(), Optional.empty(), false)));
    }
}
