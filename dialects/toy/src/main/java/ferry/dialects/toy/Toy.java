package ferry.dialects.toy;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.DataType;
import ferry.engine.model.Hash;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;

/// The values of the toy: their normal form under a collation, their order, and what is refused.
///
/// Collations: `binary` compares bytes, `ci` ignores case, `odd` ignores case and sorts in an order
/// that the toy does not tell its clients (as many real collations), so that nobody can decide
/// which chunk owns a key.
final class Toy {
    static final String BINARY = "binary";
    static final String CASELESS = "ci";
    static final String ODD = "odd";

    /// Fewer characters than these surely fit a long.
    private static final int LONG_DIGITS = 18;

    private Toy() {}

    static ProblemException problem(ProblemCode code, String what, String why) {
        return ProblemException.of(
                code, what, why, "Look at the statement or the row that the message names.");
    }

    static ProblemException busy(String what) {
        return ProblemException.of(
                ProblemCode.TARGET_BUSY,
                what,
                "another open transaction holds a lock",
                "Try again.");
    }

    /// Throws VALUE_REFUSED if a column cannot hold the row's value.
    static void check(Table table, Row row) {
        var columns = table.carried();
        if (row.size() != columns.size()) {
            throw new IllegalStateException(
                    row.size() + " values for " + columns.size() + " columns of " + table.name());
        }
        for (var i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            if (row.isAbsent(i)
                    || (row.isNull(i) ? !column.nullable() : !fits(column.type(), row, i))) {
                throw problem(
                        ProblemCode.VALUE_REFUSED,
                        "column " + column.name() + " of " + table.name() + " cannot hold a value",
                        "it is " + column.nativeType() + (column.nullable() ? "" : " not null"));
            }
        }
    }

    private static boolean fits(DataType type, Row row, int index) {
        return switch (type) {
            case DataType.Int(int bits, _) ->
                    isWhole(row.text(index)) && isOfBits(row.text(index), bits);
            case DataType.Text(_, _, long maxLength, _) ->
                    row.text(index).codePoints().count() <= maxLength;
            default -> throw new IllegalStateException("the toy has no type " + type);
        };
    }

    private static boolean isWhole(String text) {
        var first = text.startsWith("-") ? 1 : 0;
        for (var i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > first && (text.charAt(first) != '0' || text.equals("0"));
    }

    private static boolean isOfBits(String whole, int bits) {
        if (whole.length() >= LONG_DIGITS) {
            return new BigInteger(whole).bitLength() < bits;
        }
        var number = Long.parseLong(whole);
        return Long.SIZE - Long.numberOfLeadingZeros(number < 0 ? ~number : number) < bits;
    }

    /// The order of two numbers in their normal form.
    private static int compareWhole(String one, String other) {
        return one.length() < LONG_DIGITS && other.length() < LONG_DIGITS
                ? Long.compare(Long.parseLong(one), Long.parseLong(other))
                : new BigInteger(one).compareTo(new BigInteger(other));
    }

    /// True when a row has a value for every column of the key: NULL is never equal to NULL.
    static boolean complete(Row key) {
        for (var i = 0; i < key.size(); i++) {
            if (!key.isPresent(i)) {
                return false;
            }
        }
        return true;
    }

    /// The values of a key in the form in which equal keys are equal bytes.
    static Row normal(Table table, Key key, Row row) {
        var builder = new Row.Builder(key.parts().size());
        for (var part : key.parts()) {
            var index = table.indexOf(part.column());
            if (row.isPresent(index) && isCaseless(table.carried().get(index).type())) {
                builder.add(
                        row.text(index).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            } else {
                builder.add(row, index);
            }
        }
        return builder.build();
    }

    /// As [#normal] compares. An odd collation cannot be told for long values, so that there are
    /// values which may equal any other.
    static UniqueForm uniqueForm(DataType type) {
        if (!isCaseless(type)) {
            return UniqueForm.BYTES;
        }
        var odd = type instanceof DataType.Text(_, String collation, _, _) && collation.equals(ODD);
        return (row, index) -> {
            var folded = row.text(index).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return odd && folded.length > 1 ? UniqueForm.ANY : Hash.of(folded, 0, folded.length);
        };
    }

    private static boolean isCaseless(DataType type) {
        return type instanceof DataType.Text(_, String collation, _, _)
                && !collation.equals(BINARY);
    }

    /// The order in which the server sorts a key; rows hold the key's columns only and no NULL.
    static Comparator<Row> order(Table table, Key key) {
        Comparator<Row> order = (one, other) -> 0;
        for (var i = 0; i < key.parts().size(); i++) {
            order =
                    order.thenComparing(
                            columnOrder(
                                    table.carried()
                                            .get(table.indexOf(key.parts().get(i).column()))
                                            .type(),
                                    i));
        }
        return order;
    }

    private static Comparator<Row> columnOrder(DataType type, int index) {
        return switch (type) {
            case DataType.Int _ -> (one, other) -> compareWhole(one.text(index), other.text(index));
            case DataType.Text(_, String collation, _, _) ->
                    switch (collation) {
                        case BINARY -> (one, other) -> one.compareBytes(index, other, index);
                        case CASELESS ->
                                Comparator.comparing(
                                        row -> row.text(index).toLowerCase(Locale.ROOT));
                        case ODD ->
                                Comparator.comparing(row ->
                                        new StringBuilder(row.text(index).toLowerCase(Locale.ROOT))
                                                .reverse()
                                                .toString());
                        default ->
                                throw new IllegalStateException(
                                        "the toy has no collation " + collation);
                    };
            default -> throw new IllegalStateException("the toy has no type " + type);
        };
    }

    /// True when clients may sort this key as the server does.
    static boolean orderIsTold(Table table, Key key) {
        return key.parts().stream()
                .map(part -> table.carried().get(table.indexOf(part.column())).type())
                .noneMatch(type ->
                        type instanceof DataType.Text(_, String collation, _, _)
                                && collation.equals(ODD));
    }
}
