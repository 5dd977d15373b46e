package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The order in which servers sort a row key, for the types where it can be computed here exactly.
final class MySqlKeyOrder {
    /// In these the order of bytes is the order of characters.
    private static final Set<String> PADDED =
            Set.of("utf8mb4_bin", "utf8mb3_bin", "utf8_bin", "latin1_bin", "ascii_bin");

    private static final Set<String> NOT_PADDED =
            Set.of(
                    "utf8mb4_0900_bin",
                    "utf8mb4_nopad_bin",
                    "utf8mb3_nopad_bin",
                    "latin1_nopad_bin",
                    "ascii_nopad_bin");

    private MySqlKeyOrder() {}

    private interface ValueOrder {
        int compare(Row one, Row other, int index);
    }

    /// Empty if one of the key's columns has an order that only the server knows.
    static Optional<Comparator<Row>> of(Table table) {
        if (table.rowKey().isEmpty()) {
            return Optional.empty();
        }
        var orders = new ArrayList<ValueOrder>();
        for (var index : table.rowKeyIndexes()) {
            var order = order(table.carried().get(index).type());
            if (order.isEmpty()) {
                return Optional.empty();
            }
            orders.add(order.get());
        }
        return Optional.of((one, other) -> compare(orders, one, other));
    }

    private static int compare(List<ValueOrder> orders, Row one, Row other) {
        for (var i = 0; i < orders.size(); i++) {
            var order = orders.get(i).compare(one, other, i);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static Optional<ValueOrder> order(DataType type) {
        return switch (type) {
            case DataType.Int(var bits, var unsigned) when bits == 64 && unsigned ->
                    Optional.of((one, other, i) ->
                            Long.compareUnsigned(
                                    Long.parseUnsignedLong(one.text(i)),
                                    Long.parseUnsignedLong(other.text(i))));
            case DataType.Int _, DataType.Year _ ->
                    Optional.of((one, other, i) ->
                            Long.compare(
                                    Long.parseLong(one.text(i)), Long.parseLong(other.text(i))));
            case DataType.Decimal _ ->
                    Optional.of((one, other, i) ->
                            new BigDecimal(one.text(i)).compareTo(new BigDecimal(other.text(i))));
            case DataType.Float _ ->
                    Optional.of((one, other, i) -> floating(one.text(i), other.text(i)));
            // Of one length, or as servers sort bytes: the shorter of two with the same beginning
            // comes first.
            case DataType.Bits _,
                    DataType.Bytes _,
                    DataType.Date _,
                    DataType.DateTime _,
                    DataType.Timestamp _ ->
                    Optional.of((one, other, i) -> one.compareBytes(i, other, i));
            case DataType.Time _ ->
                    Optional.of((one, other, i) ->
                            Long.compare(micros(one.text(i)), micros(other.text(i))));
            case DataType.Enumeration(var members, var charset, _) ->
                    Optional.of((one, other, i) ->
                            Integer.compare(
                                    MySqlMembers.numberOf(members, charset, one.bytes(i)),
                                    MySqlMembers.numberOf(members, charset, other.bytes(i))));
            case DataType.Members(var members, var charset, _) ->
                    Optional.of((one, other, i) ->
                            Long.compareUnsigned(
                                    MySqlMembers.maskOf(members, charset, one.bytes(i)),
                                    MySqlMembers.maskOf(members, charset, other.bytes(i))));
            case DataType.Text text when PADDED.contains(text.collation()) ->
                    Optional.of((one, other, i) -> padded(one.bytes(i), other.bytes(i)));
            case DataType.Text text when NOT_PADDED.contains(text.collation()) ->
                    Optional.of((one, other, i) -> one.compareBytes(i, other, i));
            case DataType.Text _,
                    DataType.Json _,
                    DataType.Geometry _,
                    DataType.Vector _,
                    DataType.Unknown _ ->
                    Optional.empty();
        };
    }

    /// Zero and negative zero are one key.
    private static int floating(String one, String other) {
        var left = Double.parseDouble(one);
        var right = Double.parseDouble(other);
        return left < right ? -1 : left > right ? 1 : 0;
    }

    /// The shorter is as if it went on with spaces.
    private static int padded(byte[] one, byte[] other) {
        for (var i = 0; i < Math.max(one.length, other.length); i++) {
            var left = i < one.length ? one[i] & 255 : ' ';
            var right = i < other.length ? other[i] & 255 : ' ';
            if (left != right) {
                return Integer.compare(left, right);
            }
        }
        return 0;
    }

    private static long micros(String time) {
        var negative = time.startsWith("-");
        var pieces = time.substring(negative ? 1 : 0).split("[:.]");
        var seconds =
                Long.parseLong(pieces[0]) * 3600
                        + Long.parseLong(pieces[1]) * 60
                        + Long.parseLong(pieces[2]);
        var fraction =
                pieces.length > 3 ? Long.parseLong((pieces[3] + "000000").substring(0, 6)) : 0;
        var micros = seconds * 1_000_000 + fraction;
        return negative ? -micros : micros;
    }
}
