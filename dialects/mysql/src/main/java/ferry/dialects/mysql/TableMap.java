package ferry.dialects.mysql;

import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// A TABLE_MAP event: which columns, by wire type and metadata, the following row events carry.
/// MySQL 8.0.1 and MariaDB 10.5 add which numbers are unsigned, and with `binlog_row_metadata=FULL`
/// the columns' names.
record TableMap(
        long id,
        TableName name,
        int[] types,
        int[] metadata,
        Optional<BitSet> unsigned,
        Optional<List<String>> columnNames) {
    static final int TINY = 1;
    static final int SHORT = 2;
    static final int LONG = 3;
    static final int FLOAT = 4;
    static final int DOUBLE = 5;
    static final int TIMESTAMP = 7;
    static final int LONGLONG = 8;
    static final int INT24 = 9;
    static final int DATE = 10;
    static final int TIME = 11;
    static final int DATETIME = 12;
    static final int YEAR = 13;
    static final int NEWDATE = 14;
    static final int VARCHAR = 15;
    static final int BIT = 16;
    static final int TIMESTAMP2 = 17;
    static final int DATETIME2 = 18;
    static final int TIME2 = 19;
    static final int BLOB_COMPRESSED = 140;
    static final int VARCHAR_COMPRESSED = 141;
    static final int VECTOR = 242;
    static final int JSON = 245;
    static final int NEWDECIMAL = 246;
    static final int ENUM = 247;
    static final int SET = 248;
    static final int TINY_BLOB = 249;
    static final int MEDIUM_BLOB = 250;
    static final int LONG_BLOB = 251;
    static final int BLOB = 252;
    static final int VAR_STRING = 253;
    static final int STRING = 254;
    static final int GEOMETRY = 255;

    private static final int SIGNEDNESS_FIELD = 1;
    private static final int COLUMN_NAME_FIELD = 4;

    /// The table's id and name alone; most table maps are of tables that nobody wants.
    record Head(long id, TableName name) {}

    static Head head(EventBytes in) {
        var id = in.little(6);
        in.skip(2);
        var database = in.utf8(in.u8());
        in.skip(1);
        var table = in.utf8((int) in.packed());
        in.skip(1);
        return new Head(id, new TableName(database, table));
    }

    static TableMap read(EventBytes in) {
        var head = head(in);
        var count = Math.toIntExact(in.packed());
        var types = new int[count];
        for (var i = 0; i < count; i++) {
            types[i] = in.u8();
        }
        var metadataEnd = Math.toIntExact(in.packed()) + in.at();
        var metadata = new int[count];
        for (var i = 0; i < count; i++) {
            metadata[i] = metadata(types[i], in);
        }
        in.skip(metadataEnd - in.at());
        in.skip((count + 7) / 8); // which columns may be NULL
        Optional<BitSet> unsigned = Optional.empty();
        Optional<List<String>> names = Optional.empty();
        while (in.left() > 0) {
            var field = in.u8();
            var length = Math.toIntExact(in.packed());
            var value = new EventBytes(in.array(), in.at(), in.at() + length);
            in.skip(length);
            switch (field) {
                case SIGNEDNESS_FIELD -> unsigned = Optional.of(signedness(types, value));
                case COLUMN_NAME_FIELD -> names = Optional.of(names(value));
                default -> {} // repeats what the layout says
            }
        }
        // Some versions count YEAR among the numbers and others do not, so with a YEAR the bits
        // cannot be told apart.
        if (Arrays.stream(types).anyMatch(type -> type == YEAR)) {
            unsigned = Optional.empty();
        }
        return new TableMap(head.id(), head.name(), types, metadata, unsigned, names);
    }

    private static int metadata(int type, EventBytes in) {
        return switch (type) {
            case FLOAT,
                    DOUBLE,
                    TINY_BLOB,
                    MEDIUM_BLOB,
                    LONG_BLOB,
                    BLOB,
                    BLOB_COMPRESSED,
                    GEOMETRY,
                    JSON,
                    VECTOR ->
                    in.u8();
            case TIME2, DATETIME2, TIMESTAMP2 -> in.u8();
            case BIT, VARCHAR, VARCHAR_COMPRESSED -> in.u16();
            case NEWDECIMAL, STRING, VAR_STRING, ENUM, SET -> in.u8() << 8 | in.u8();
            default -> 0;
        };
    }

    /// One bit per number column, highest bit first.
    private static BitSet signedness(int[] types, EventBytes in) {
        var unsigned = new BitSet();
        var bits = in.take(in.left());
        var number = 0;
        for (var column = 0; column < types.length; column++) {
            if (numeric(types[column])) {
                unsigned.set(column, (bits[number >> 3] >> (7 - (number & 7)) & 1) != 0);
                number++;
            }
        }
        return unsigned;
    }

    private static boolean numeric(int type) {
        return switch (type) {
            case TINY, SHORT, LONG, INT24, LONGLONG, FLOAT, DOUBLE, NEWDECIMAL -> true;
            default -> false;
        };
    }

    private static List<String> names(EventBytes in) {
        var names = new ArrayList<String>();
        while (in.left() > 0) {
            names.add(in.utf8((int) in.packed()));
        }
        return List.copyOf(names);
    }

    /// The real type of a column: CHAR, BINARY, ENUM and SET share one wire type and tell the rest
    /// in their metadata.
    int type(int column) {
        if (types[column] != STRING) {
            return types[column];
        }
        var first = metadata[column] >> 8;
        return first == ENUM || first == SET ? first : STRING;
    }

    /// The most bytes of a CHAR or BINARY column, or the bytes of an ENUM's or SET's number.
    int stringLength(int column) {
        var first = metadata[column] >> 8;
        var last = metadata[column] & 0xff;
        return type(column) == STRING && types[column] == STRING
                ? last | ((first & 0x30) ^ 0x30) << 4
                : last;
    }

    /// Reads the length that stands before a value of variable length.
    int length(int column, EventBytes in) {
        return Math.toIntExact(in.little(lengthBytes(column)));
    }

    /// The bytes of the length before a value of variable length.
    int lengthBytes(int column) {
        return switch (type(column)) {
            case VARCHAR, VARCHAR_COMPRESSED -> metadata[column] > 255 ? 2 : 1;
            case STRING, VAR_STRING -> stringLength(column) > 255 ? 2 : 1;
            default -> metadata[column];
        };
    }

    int bits(int column) {
        return (metadata[column] >> 8) * 8 + (metadata[column] & 0xff);
    }

    int bitBytes(int column) {
        return (bits(column) + 7) / 8;
    }
}
