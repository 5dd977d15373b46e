package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import java.util.List;

/// Reads one column's values out of row images into their canonical form. Made for one wire type
/// and one column definition, which must fit each other: [#of] throws IllegalArgumentException with
/// the reason if they do not.
interface ColumnReader {
    void read(EventBytes in, AsciiText scratch, Row.Builder out);

    /// The reader of the map's column number `column`, which the layout defines as `type`.
    /// `jsonSince80`: see [JsonText].
    static ColumnReader of(TableMap map, int column, DataType type, boolean jsonSince80) {
        var wire = map.type(column);
        var meta = map.metadata()[column];
        return switch (type) {
            case DataType.Int(var bits, var unsigned) -> {
                require(wire == integerType(bits), type, map, column);
                requireSign(unsigned, type, map, column);
                yield integer(bits / 8, unsigned);
            }
            case DataType.Decimal(var precision, var scale, var unsigned) -> {
                require(
                        wire == TableMap.NEWDECIMAL && meta == (precision << 8 | scale),
                        type,
                        map,
                        column);
                requireSign(unsigned, type, map, column);
                yield (in, scratch, out) -> {
                    BinaryDecimal.read(in, precision, scale, scratch.clear());
                    scratch.addTo(out);
                };
            }
            case DataType.Float(var bits, _) -> {
                require(
                        wire == (bits == 32 ? TableMap.FLOAT : TableMap.DOUBLE) && meta == bits / 8,
                        type,
                        map,
                        column);
                yield bits == 32 ? ColumnReader::float32 : ColumnReader::float64;
            }
            case DataType.Bits(var bits) -> {
                require(wire == TableMap.BIT && map.bits(column) == bits, type, map, column);
                yield (in, _, out) -> raw(in, map.bitBytes(column), out);
            }
            case DataType.Text text -> text(map, column, text);
            case DataType.Bytes bytes -> bytes(map, column, bytes);
            case DataType.Enumeration(var members, var charset, _) ->
                    enumeration(map, column, type, members, charset);
            case DataType.Members(var members, var charset, _) ->
                    members(map, column, type, members, charset);
            case DataType.Date() -> {
                require(wire == TableMap.DATE || wire == TableMap.NEWDATE, type, map, column);
                yield (in, scratch, out) -> {
                    BinaryTime.date(in, scratch.clear());
                    scratch.addTo(out);
                };
            }
            case DataType.Time(var fraction) ->
                    time(
                            map,
                            column,
                            type,
                            fraction,
                            TableMap.TIME2,
                            TableMap.TIME,
                            BinaryTime::time2,
                            BinaryTime::oldTime,
                            BinaryTime::mariaDbTime);
            case DataType.DateTime(var fraction) ->
                    time(
                            map,
                            column,
                            type,
                            fraction,
                            TableMap.DATETIME2,
                            TableMap.DATETIME,
                            BinaryTime::dateTime2,
                            BinaryTime::oldDateTime,
                            BinaryTime::mariaDbDateTime);
            case DataType.Timestamp(var fraction) ->
                    time(
                            map,
                            column,
                            type,
                            fraction,
                            TableMap.TIMESTAMP2,
                            TableMap.TIMESTAMP,
                            BinaryTime::timestamp2,
                            BinaryTime::oldTimestamp,
                            BinaryTime::mariaDbTimestamp);
            case DataType.Year() -> {
                require(wire == TableMap.YEAR, type, map, column);
                yield (in, scratch, out) -> {
                    var year = in.u8();
                    scratch.clear().number(year == 0 ? 0 : 1900 + year).addTo(out);
                };
            }
            case DataType.Json() -> json(map, column, type, jsonSince80);
            case DataType.Geometry() -> {
                require(wire == TableMap.GEOMETRY, type, map, column);
                yield (in, _, out) -> raw(in, map.length(column, in), out);
            }
            case DataType.Vector _ -> {
                require(wire == TableMap.VECTOR || wire == TableMap.VARCHAR, type, map, column);
                yield (in, _, out) -> raw(in, map.length(column, in), out);
            }
            case DataType.Unknown(var spelling) ->
                    throw new IllegalArgumentException(
                            "the type " + spelling + " cannot be carried");
        };
    }

    private static void require(boolean fits, DataType type, TableMap map, int column) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "%s is defined, but the log holds type %d with metadata 0x%04x"
                            .formatted(type, map.types()[column], map.metadata()[column]));
        }
    }

    private static void requireSign(boolean unsigned, DataType type, TableMap map, int column) {
        if (map.unsigned().isPresent() && map.unsigned().get().get(column) != unsigned) {
            throw new IllegalArgumentException(
                    type
                            + " is defined, but the log holds numbers "
                            + (unsigned ? "with" : "without")
                            + " sign");
        }
    }

    private static int integerType(int bits) {
        return switch (bits) {
            case 8 -> TableMap.TINY;
            case 16 -> TableMap.SHORT;
            case 24 -> TableMap.INT24;
            case 32 -> TableMap.LONG;
            case 64 -> TableMap.LONGLONG;
            default ->
                    throw new IllegalArgumentException("there is no integer of " + bits + " bits");
        };
    }

    private static ColumnReader integer(int bytes, boolean unsigned) {
        if (unsigned && bytes == 8) {
            return (in, scratch, out) -> {
                var value = in.i64();
                if (value >= 0) {
                    scratch.clear().number(value).addTo(out);
                } else {
                    scratch.clear().add(Long.toUnsignedString(value)).addTo(out);
                }
            };
        }
        var shift = unsigned ? 0 : 64 - bytes * 8;
        return (in, scratch, out) ->
                scratch.clear().number(in.little(bytes) << shift >> shift).addTo(out);
    }

    private static void float32(EventBytes in, AsciiText scratch, Row.Builder out) {
        double widened = Float.intBitsToFloat((int) in.u32());
        scratch.clear().add(Double.toString(widened)).addTo(out);
    }

    private static void float64(EventBytes in, AsciiText scratch, Row.Builder out) {
        scratch.clear().add(Double.toString(Double.longBitsToDouble(in.i64()))).addTo(out);
    }

    private static void raw(EventBytes in, int length, Row.Builder out) {
        out.add(in.array(), in.skip(length), length);
    }

    private static ColumnReader text(TableMap map, int column, DataType.Text text) {
        var wide = MySqlCharsets.lengthMax(text.charset()).map(width -> text.maxLength() * width);
        switch (map.type(column)) {
            case TableMap.STRING, TableMap.VAR_STRING ->
                    require(
                            text.fixed()
                                    && wide.map(length -> length == map.stringLength(column))
                                            .orElse(true),
                            text,
                            map,
                            column);
            case TableMap.VARCHAR ->
                    require(
                            !text.fixed()
                                    && wide.map(length -> length == map.metadata()[column])
                                            .orElse(true),
                            text,
                            map,
                            column);
            case TableMap.BLOB ->
                    require(
                            !text.fixed() && blobFits(map, column, text.maxLength()),
                            text,
                            map,
                            column);
            default -> require(false, text, map, column);
        }
        return (in, _, out) -> raw(in, map.length(column, in), out);
    }

    private static boolean blobFits(TableMap map, int column, long maxLength) {
        for (var bytes = 1; bytes <= 4; bytes++) {
            if (maxLength == (1L << bytes * 8) - 1) {
                return map.metadata()[column] == bytes;
            }
        }
        return true; // the dictionary tells another number; the length before each value is enough
    }

    private static ColumnReader bytes(TableMap map, int column, DataType.Bytes bytes) {
        var length = bytes.maxLength();
        switch (map.type(column)) {
            case TableMap.STRING, TableMap.VAR_STRING ->
                    require(
                            bytes.fixed() && length == map.stringLength(column),
                            bytes,
                            map,
                            column);
            case TableMap.VARCHAR ->
                    require(!bytes.fixed() && length == map.metadata()[column], bytes, map, column);
            case TableMap.BLOB ->
                    require(!bytes.fixed() && blobFits(map, column, length), bytes, map, column);
            default -> require(false, bytes, map, column);
        }
        if (!bytes.fixed()) {
            return (in, _, out) -> raw(in, map.length(column, in), out);
        }
        var width = Math.toIntExact(length);
        return (in, scratch, out) -> {
            var present = map.length(column, in);
            scratch.clear().add(in.array(), in.skip(present), present);
            while (scratch.length() < width) {
                scratch.add(0); // trailing zero bytes are not logged
            }
            scratch.addTo(out);
        };
    }

    private static ColumnReader enumeration(
            TableMap map, int column, DataType type, List<String> members, String charset) {
        var width = members.size() < 256 ? 1 : 2;
        require(
                map.type(column) == TableMap.ENUM && map.stringLength(column) == width,
                type,
                map,
                column);
        var names =
                members.stream()
                        .map(member -> MySqlCharsets.encode(member, charset))
                        .toArray(byte[][]::new);
        return (in, _, out) -> {
            var number = (int) in.little(width);
            if (number > names.length) {
                throw new IllegalArgumentException(
                        "member " + number + " of an ENUM with " + names.length + " members");
            }
            // 0 is what the server stores for a wrong value; it prints as the empty text.
            out.add(number == 0 ? new byte[0] : names[number - 1]);
        };
    }

    private static ColumnReader members(
            TableMap map, int column, DataType type, List<String> members, String charset) {
        var bytes = (members.size() + 7) / 8;
        var width = bytes > 4 ? 8 : bytes;
        require(
                map.type(column) == TableMap.SET && map.stringLength(column) == width,
                type,
                map,
                column);
        var names =
                members.stream()
                        .map(member -> MySqlCharsets.encode(member, charset))
                        .toArray(byte[][]::new);
        var comma = MySqlCharsets.encode(",", charset);
        return (in, scratch, out) -> {
            var mask = in.little(width);
            if (names.length < 64 && mask >>> names.length != 0) {
                throw new IllegalArgumentException(
                        "a SET with "
                                + names.length
                                + " members holds 0x"
                                + Long.toHexString(mask));
            }
            scratch.clear();
            for (var rest = mask; rest != 0; rest &= rest - 1) {
                var name = names[Long.numberOfTrailingZeros(rest)];
                if (rest != mask) {
                    scratch.add(comma, 0, comma.length);
                }
                scratch.add(name, 0, name.length);
            }
            scratch.addTo(out);
        };
    }

    interface WithFraction {
        void read(EventBytes in, int fraction, AsciiText out);
    }

    interface WithoutFraction {
        void read(EventBytes in, AsciiText out);
    }

    private static ColumnReader time(
            TableMap map,
            int column,
            DataType type,
            int fraction,
            int newType,
            int oldType,
            WithFraction newReader,
            WithoutFraction oldReader,
            WithFraction mariaDbReader) {
        var wire = map.type(column);
        if (wire == newType) {
            require(map.metadata()[column] == fraction, type, map, column);
            return (in, scratch, out) -> {
                newReader.read(in, fraction, scratch.clear());
                scratch.addTo(out);
            };
        }
        require(wire == oldType, type, map, column);
        return (in, scratch, out) -> {
            if (fraction == 0) {
                oldReader.read(in, scratch.clear());
            } else {
                mariaDbReader.read(in, fraction, scratch.clear());
            }
            scratch.addTo(out);
        };
    }

    private static ColumnReader json(TableMap map, int column, DataType type, boolean since80) {
        if (map.type(column) == TableMap.BLOB) {
            return (in, _, out) ->
                    raw(in, map.length(column, in), out); // MariaDB: text with a check
        }
        require(map.type(column) == TableMap.JSON, type, map, column);
        return (in, scratch, out) -> {
            var length = map.length(column, in);
            var from = in.skip(length);
            JsonText.write(in.array(), from, length, since80, scratch.clear());
            scratch.addTo(out);
        };
    }
}
