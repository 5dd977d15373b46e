package ferry.dialects.mysql;

/// How long the values of a table map's columns are in row images: enough to find where a row ends
/// without reading it.
final class RowSpans {
    private static final int UNKNOWN = -100;

    /// The bytes of a value, or, below 0, of the length before it.
    private final int[] widths;

    private final TableMap map;

    RowSpans(TableMap map) {
        this.map = map;
        widths = new int[map.types().length];
        for (var i = 0; i < widths.length; i++) {
            widths[i] = width(map, i);
        }
    }

    private static int width(TableMap map, int column) {
        var meta = map.metadata()[column];
        return switch (map.type(column)) {
            case TableMap.TINY, TableMap.YEAR -> 1;
            case TableMap.SHORT -> 2;
            case TableMap.INT24, TableMap.DATE, TableMap.NEWDATE, TableMap.TIME -> 3;
            case TableMap.LONG, TableMap.FLOAT, TableMap.TIMESTAMP -> 4;
            case TableMap.LONGLONG, TableMap.DOUBLE, TableMap.DATETIME -> 8;
            case TableMap.BIT -> map.bitBytes(column);
            case TableMap.TIMESTAMP2 -> 4 + BinaryTime.fractionBytes(meta);
            case TableMap.DATETIME2 -> 5 + BinaryTime.fractionBytes(meta);
            case TableMap.TIME2 -> 3 + BinaryTime.fractionBytes(meta);
            case TableMap.NEWDECIMAL -> BinaryDecimal.length(meta >> 8, meta & 0xff);
            case TableMap.ENUM, TableMap.SET -> map.stringLength(column);
            case TableMap.VARCHAR,
                    TableMap.VARCHAR_COMPRESSED,
                    TableMap.VAR_STRING,
                    TableMap.STRING,
                    TableMap.BLOB,
                    TableMap.TINY_BLOB,
                    TableMap.MEDIUM_BLOB,
                    TableMap.LONG_BLOB,
                    TableMap.BLOB_COMPRESSED,
                    TableMap.GEOMETRY,
                    TableMap.JSON,
                    TableMap.VECTOR ->
                    -map.lengthBytes(column);
            default -> UNKNOWN;
        };
    }

    /// Moves over one value.
    void skip(int column, EventBytes in) {
        var width = widths[column];
        if (width >= 0) {
            in.skip(width);
        } else if (width == UNKNOWN) {
            throw unknown(column);
        } else {
            in.skip(Math.toIntExact(in.little(-width)));
        }
    }

    /// The offset behind the row that begins at `from` with these columns. Throws
    /// IndexOutOfBoundsException if it reaches beyond `end`.
    int rowEnd(RowImage image, byte[] bytes, int from, int end) {
        var at = (long) from + image.nullBytes();
        var number = 0;
        for (var i = 0; i < widths.length; i++) {
            if (!image.carries(i)) {
                continue;
            }
            var isNull = (bytes[from + (number >> 3)] >> (number & 7) & 1) != 0;
            number++;
            if (isNull) {
                continue;
            }
            var width = widths[i];
            if (width >= 0) {
                at += width;
            } else if (width == UNKNOWN) {
                throw unknown(i);
            } else {
                var length = 0L;
                for (var shift = 0; shift < -8 * width; shift += 8) {
                    length |= (bytes[(int) at++] & 0xffL) << shift;
                }
                at += length;
            }
            requireWithin(from, at, end); // before the next length is read there
        }
        requireWithin(from, at, end); // also where all values are NULL
        return (int) at;
    }

    private static void requireWithin(int from, long at, int end) {
        if (at > end) {
            throw new IndexOutOfBoundsException(
                    "a row from %d ends behind %d".formatted(from, end));
        }
    }

    private IllegalArgumentException unknown(int column) {
        return new IllegalArgumentException("column type " + map.types()[column] + " is unknown");
    }
}
