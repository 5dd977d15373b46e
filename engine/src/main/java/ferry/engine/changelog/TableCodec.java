package ferry.engine.changelog;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The binary form of a table's definition. Equal tables are equal bytes.
final class TableCodec {
    // The numbers stand in files and in targets: they never change, new ones are added.
    private static final int VERSION = 1;

    private TableCodec() {}

    static void encode(Encoder out, Table table) {
        out.octet(VERSION);
        encode(out, table.name());
        out.each(table.columns(), column -> encode(out, column));
        out.each(table.keys(), key -> encode(out, key));
        out.each(table.foreignKeys(), key -> encode(out, key));
        out.each(
                new TreeMap<>(table.options()).entrySet(),
                option -> out.text(option.getKey()).text(option.getValue()));
        out.text(table.partitioning());
    }

    static Table decode(Decoder in) {
        var version = in.octet();
        if (version != VERSION) {
            throw new IllegalArgumentException("table has the unknown version " + version);
        }
        return new Table(
                name(in),
                in.list(() -> column(in)),
                in.list(() -> key(in)),
                in.list(() -> foreignKey(in)),
                in.list(() -> new String[] {in.text(), in.text()}).stream()
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])),
                in.optionalText());
    }

    static void encode(Encoder out, TableName name) {
        out.text(name.database()).text(name.table());
    }

    static TableName name(Decoder in) {
        return new TableName(in.text(), in.text());
    }

    private static void encode(Encoder out, Column column) {
        out.text(column.name());
        encode(out, column.type());
        out.text(column.nativeType())
                .flag(column.nullable())
                .text(column.defaultSql())
                .text(column.onUpdateSql())
                .flag(column.autoIncrement())
                .octet(
                        switch (column.generation()) {
                            case NONE -> 0;
                            case VIRTUAL -> 1;
                            case STORED -> 2;
                        })
                .text(column.generatedSql())
                .flag(column.invisible())
                .text(column.comment());
    }

    private static Column column(Decoder in) {
        return new Column(
                in.text(),
                type(in),
                in.text(),
                in.flag(),
                in.optionalText(),
                in.optionalText(),
                in.flag(),
                switch (in.octet()) {
                    case 0 -> Column.Generation.NONE;
                    case 1 -> Column.Generation.VIRTUAL;
                    case 2 -> Column.Generation.STORED;
                    default -> throw new IllegalArgumentException("unknown kind of generation");
                },
                in.optionalText(),
                in.flag(),
                in.text());
    }

    private static void encode(Encoder out, DataType type) {
        switch (type) {
            case DataType.Int(var bits, var unsigned) -> out.octet(1).number(bits).flag(unsigned);
            case DataType.Decimal(var precision, var scale, var unsigned) ->
                    out.octet(2).number(precision).number(scale).flag(unsigned);
            case DataType.Float(var bits, var unsigned) -> out.octet(3).number(bits).flag(unsigned);
            case DataType.Bits(var bits) -> out.octet(4).number(bits);
            case DataType.Text(var charset, var collation, var maxLength, var fixed) ->
                    out.octet(5).text(charset).text(collation).number(maxLength).flag(fixed);
            case DataType.Bytes(var maxLength, var fixed) ->
                    out.octet(6).number(maxLength).flag(fixed);
            case DataType.Enumeration(var members, var charset, var collation) ->
                    out.octet(7).each(members, out::text).text(charset).text(collation);
            case DataType.Members(var members, var charset, var collation) ->
                    out.octet(8).each(members, out::text).text(charset).text(collation);
            case DataType.Date() -> out.octet(9);
            case DataType.Time(var fraction) -> out.octet(10).number(fraction);
            case DataType.DateTime(var fraction) -> out.octet(11).number(fraction);
            case DataType.Timestamp(var fraction) -> out.octet(12).number(fraction);
            case DataType.Year() -> out.octet(13);
            case DataType.Json() -> out.octet(14);
            case DataType.Geometry() -> out.octet(15);
            case DataType.Vector(var dimensions) -> out.octet(16).number(dimensions);
            case DataType.Unknown(var spelling) -> out.octet(17).text(spelling);
        }
    }

    private static DataType type(Decoder in) {
        var tag = in.octet();
        return switch (tag) {
            case 1 -> new DataType.Int(in.count(), in.flag());
            case 2 -> new DataType.Decimal(in.count(), in.count(), in.flag());
            case 3 -> new DataType.Float(in.count(), in.flag());
            case 4 -> new DataType.Bits(in.count());
            case 5 -> new DataType.Text(in.text(), in.text(), in.number(), in.flag());
            case 6 -> new DataType.Bytes(in.number(), in.flag());
            case 7 -> new DataType.Enumeration(in.list(in::text), in.text(), in.text());
            case 8 -> new DataType.Members(in.list(in::text), in.text(), in.text());
            case 9 -> new DataType.Date();
            case 10 -> new DataType.Time(in.count());
            case 11 -> new DataType.DateTime(in.count());
            case 12 -> new DataType.Timestamp(in.count());
            case 13 -> new DataType.Year();
            case 14 -> new DataType.Json();
            case 15 -> new DataType.Geometry();
            case 16 -> new DataType.Vector(in.count());
            case 17 -> new DataType.Unknown(in.text());
            default -> throw new IllegalArgumentException("unknown data type " + tag);
        };
    }

    private static void encode(Encoder out, Key key) {
        out.text(key.name())
                .octet(
                        switch (key.kind()) {
                            case PRIMARY -> 0;
                            case UNIQUE -> 1;
                            case PLAIN -> 2;
                            case FULLTEXT -> 3;
                            case SPATIAL -> 4;
                        });
        out.each(
                key.parts(),
                part ->
                        out.text(part.column())
                                .number(part.prefixLength())
                                .flag(part.descending())
                                .text(part.expression()));
        out.text(key.options());
    }

    private static Key key(Decoder in) {
        return new Key(
                in.text(),
                switch (in.octet()) {
                    case 0 -> Key.Kind.PRIMARY;
                    case 1 -> Key.Kind.UNIQUE;
                    case 2 -> Key.Kind.PLAIN;
                    case 3 -> Key.Kind.FULLTEXT;
                    case 4 -> Key.Kind.SPATIAL;
                    default -> throw new IllegalArgumentException("unknown kind of key");
                },
                in.list(() -> new Key.Part(in.text(), in.count(), in.flag(), in.optionalText())),
                in.optionalText());
    }

    private static void encode(Encoder out, ForeignKey key) {
        out.text(key.name()).each(key.columns(), out::text);
        encode(out, key.parent());
        out.each(key.parentColumns(), out::text).text(key.onDelete()).text(key.onUpdate());
    }

    private static ForeignKey foreignKey(Decoder in) {
        return new ForeignKey(
                in.text(), in.list(in::text), name(in), in.list(in::text), in.text(), in.text());
    }
}
