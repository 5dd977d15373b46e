package ferry.dialects.mysql;

import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Rows of one member of the family as another member holds them. Columns of the target that the
/// source has not are absent; a value that the target's column cannot hold without change is
/// refused.
final class MySqlTranslation implements RowTranslation {
    private final Table target;
    private final List<Cell> cells;

    private MySqlTranslation(Table target, List<Cell> cells) {
        this.target = target;
        this.cells = cells;
    }

    /// Where a target column's value comes from (-1: nowhere), and what is done with it; empty:
    /// nothing.
    private record Cell(Column column, int from, Optional<Conversion> conversion) {}

    /// Empty if the target's column cannot hold the value.
    private interface Conversion extends Function<byte[], Optional<byte[]>> {}

    static RowTranslation of(Table source, Table target) {
        var cells = new ArrayList<Cell>();
        for (var column : target.carried()) {
            var from = source.indexOf(column.name());
            var conversion =
                    from < 0
                            ? Optional.<Conversion>empty()
                            : conversion(source.carried().get(from).type(), column.type());
            cells.add(new Cell(column, from, conversion));
        }
        return same(cells, source.carried().size())
                ? RowTranslation.SAME
                : new MySqlTranslation(target, List.copyOf(cells));
    }

    private static boolean same(List<Cell> cells, int sourceColumns) {
        for (var i = 0; i < cells.size(); i++) {
            if (cells.get(i).from() != i || cells.get(i).conversion().isPresent()) {
                return false;
            }
        }
        return cells.size() == sourceColumns;
    }

    @Override
    public Row translate(Row row) {
        var builder = new Row.Builder(cells.size());
        for (var cell : cells) {
            if (cell.from() < 0) {
                builder.addAbsent();
            } else if (cell.conversion().isEmpty() || !row.isPresent(cell.from())) {
                builder.add(row, cell.from());
            } else {
                builder.add(
                        cell.conversion()
                                .get()
                                .apply(row.bytes(cell.from()))
                                .orElseThrow(() -> refused(cell)));
            }
        }
        return builder.build();
    }

    private ProblemException refused(Cell cell) {
        return ProblemException.of(
                ProblemCode.VALUE_REFUSED,
                "Could not translate a value for column "
                        + cell.column().name()
                        + " of "
                        + target.name(),
                "the column ("
                        + cell.column().nativeType()
                        + ") cannot hold a value of the source without changing it",
                "Widen the target's column or change its character set, or correct the value at the source");
    }

    private static Optional<Conversion> conversion(DataType from, DataType to) {
        return switch (to) {
            case DataType.Decimal(_, var scale, _) -> scale(from, scale);
            case DataType.Int _ ->
                    from instanceof DataType.Decimal ? scale(from, 0) : Optional.empty();
            case DataType.Float(var bits, _) ->
                    bits == 32 && !(from instanceof DataType.Float(var own, _) && own == 32)
                            ? Optional.of(MySqlTranslation::narrowed)
                            : Optional.empty();
            case DataType.Bits(var bits) ->
                    from.equals(to)
                            ? Optional.empty()
                            : Optional.of(value -> resized(value, (bits + 7) / 8));
            case DataType.Time(var fraction) -> fraction(from, fraction);
            case DataType.DateTime(var fraction) -> fraction(from, fraction);
            case DataType.Timestamp(var fraction) -> fraction(from, fraction);
            case DataType.Text text -> text(from, text.charset(), text.fixed());
            case DataType.Enumeration enumeration -> text(from, enumeration.charset(), false);
            case DataType.Members members -> text(from, members.charset(), false);
            case DataType.Json _ -> json(from);
            case DataType.Bytes(var length, var fixed) ->
                    fixed && !from.equals(to)
                            ? Optional.of(value -> padded(value, length))
                            : Optional.empty();
            case DataType.Date _,
                    DataType.Year _,
                    DataType.Geometry _,
                    DataType.Vector _,
                    DataType.Unknown _ ->
                    Optional.empty();
        };
    }

    // ---- text

    private static Optional<Conversion> text(DataType from, String charset, boolean fixed) {
        var own = charset(from);
        var cut = fixed && !(from instanceof DataType.Text(_, _, _, var ownFixed) && ownFixed);
        if (own.isEmpty() || MySqlConversion.sameBytes(own.get(), charset)) {
            return cut
                    ? Optional.of(value -> Optional.of(withoutTrailingSpaces(value)))
                    : Optional.empty();
        }
        return Optional.of(value ->
                MySqlConversion.convert(value, own.get(), charset)
                        .map(text -> cut ? withoutTrailingSpaces(text) : text));
    }

    /// MariaDB keeps JSON as the text that was written; here it becomes what the target makes of
    /// it.
    private static Optional<Conversion> json(DataType from) {
        if (from instanceof DataType.Json) {
            return Optional.empty();
        }
        var own = text(from, "utf8mb4", false);
        return Optional.of(value ->
                own.map(conversion -> conversion.apply(value))
                        .orElse(Optional.of(value))
                        .flatMap(JsonNormal::of));
    }

    private static Optional<String> charset(DataType type) {
        return switch (type) {
            case DataType.Text text -> Optional.of(text.charset());
            case DataType.Enumeration enumeration -> Optional.of(enumeration.charset());
            case DataType.Members members -> Optional.of(members.charset());
            case DataType.Json _ -> Optional.of("utf8mb4");
            default -> Optional.empty();
        };
    }

    /// CHAR does not keep them.
    private static byte[] withoutTrailingSpaces(byte[] value) {
        var length = value.length;
        while (length > 0 && value[length - 1] == ' ') {
            length--;
        }
        return length == value.length ? value : Arrays.copyOf(value, length);
    }

    // ---- numbers

    private static Optional<Conversion> scale(DataType from, int scale) {
        var own = from instanceof DataType.Decimal(_, var known, _) ? known : 0;
        return own == scale ? Optional.empty() : Optional.of(value -> digits(value, scale));
    }

    private static Optional<Conversion> fraction(DataType from, int fraction) {
        var own =
                switch (from) {
                    case DataType.Time(var known) -> known;
                    case DataType.DateTime(var known) -> known;
                    case DataType.Timestamp(var known) -> known;
                    default -> fraction;
                };
        return own == fraction ? Optional.empty() : Optional.of(value -> digits(value, fraction));
    }

    /// The value with so many digits behind the point; empty if digits other than zero would be
    /// lost.
    private static Optional<byte[]> digits(byte[] value, int digits) {
        var text = new String(value, StandardCharsets.US_ASCII);
        var point = text.indexOf('.');
        var whole = point < 0 ? text : text.substring(0, point);
        var behind = point < 0 ? "" : text.substring(point + 1);
        if (behind.length() > digits
                && !behind.substring(digits).chars().allMatch(digit -> digit == '0')) {
            return Optional.empty();
        }
        var shown =
                behind.length() > digits
                        ? behind.substring(0, digits)
                        : behind + "0".repeat(digits - behind.length());
        return Optional.of(
                (digits == 0 ? whole : whole + "." + shown).getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<byte[]> narrowed(byte[] value) {
        var number = Double.parseDouble(new String(value, StandardCharsets.US_ASCII));
        return (float) number == number
                ? Optional.of(Double.toString(number).getBytes(StandardCharsets.US_ASCII))
                : Optional.empty();
    }

    private static Optional<byte[]> resized(byte[] value, int length) {
        for (var i = 0; i < value.length - length; i++) {
            if (value[i] != 0) {
                return Optional.empty();
            }
        }
        var resized = new byte[length];
        var kept = Math.min(length, value.length);
        System.arraycopy(value, value.length - kept, resized, length - kept, kept);
        return Optional.of(resized);
    }

    private static Optional<byte[]> padded(byte[] value, long length) {
        return value.length > length
                ? Optional.empty()
                : Optional.of(Arrays.copyOf(value, Math.toIntExact(length)));
    }
}
